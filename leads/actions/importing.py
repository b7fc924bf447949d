"""Working through a file of leads: in pieces that commit by themselves, from wherever the last worker stopped."""

import itertools
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from leads.actions import intake
from leads.models import ImportJob, ImportProblem
from leads.queries import imports as queries
from leads.rules import rows, tabular
from leads.rules.foresight import Foresight
from leads.rules.rows import ReadRow, RefusedRow
from leads.rules.tabular import Row

log = logging.getLogger(__name__)

PIECE = 500  # rows of one transaction
HOPELESS = 20  # so many rows, none of which can be stored: the fault isn't theirs
NOT_THE_ROWS = (OperationalError, InterfaceError)  # the database went away, or chose us to end a deadlock
Refusal = tuple[Row, RefusedRow]


@dataclass
class Work:
    """A file being worked through by one worker: its rows in pieces, from 0 where a dry run has to recall the first."""

    job_id: int
    pieces: Iterator[tuple[int, list[Row]]]
    is_dry_run: bool
    next_row: int
    foresight: Foresight
    taken: int = 0

    def do(self, start: int, piece: Sequence[Row], *, at: datetime) -> bool:
        """One piece, in the transaction of the caller's scope; false where it is another worker's, or all is over."""
        if not self.is_dry_run:
            self._plan_anew()
            return take_in(self.job_id, start=start, piece=piece, at=at)
        if start < self.next_row:
            return recall(self.job_id, piece, self.foresight, at=at)
        return look_at(self.job_id, self.foresight, start=start, piece=piece, at=at)

    def _plan_anew(self) -> None:
        """After 1, 2, 4, 8, … pieces: PostgreSQL keeps the plans of its foreign key checks, and those made while the
        tables were empty scan them whole, for each row of the file, until autovacuum comes by.
        """
        if self.taken and self.taken & (self.taken - 1) == 0:
            with connection.cursor() as cursor:
                cursor.execute("DISCARD PLANS")
        self.taken += 1


@transaction.atomic
def begin(job_id: int, *, at: datetime) -> Work | None:
    """Parses the file, once per worker; None where there is nothing to do."""
    job = _job(job_id)
    if job is None or job.state not in queries.UNDER_WAY:
        return None
    ImportJob.objects.filter(pk=job_id).update(beat_at=at)
    table = tabular.read(queries.file_of(job_id), tabular.Dialect(job.encoding, job.delimiter))
    is_dry_run = job.state == "checking"
    first = 0 if is_dry_run else job.next_row
    return Work(
        job_id,
        _pieces(itertools.islice(table.rows, first, None), first),
        is_dry_run,
        job.next_row,
        Foresight(is_history=job.treat_as == "history"),
    )


@transaction.atomic
def take_in(job_id: int, *, start: int, piece: Sequence[Row], at: datetime) -> bool:
    """Stores one piece of the file; its counts and problems commit with its leads, or nothing does.

    1. Claim the piece by moving `next_row` from its start to its end. Another worker on the same piece waits here for
       our commit, finds it moved, and stops.
    2. Read the rows; those that can't be read become problems.
    3. Intake takes the rest; one poison row is refused by itself.
    4. Count; with the last row the import is done and the file is let go.
    """
    job = _claim(job_id, "running", start, len(piece), at)
    if job is None:
        return False
    readable, refused = _read(piece, job, at)
    counts, poison = _receive(readable, job, at)
    _record(job, counts, [*refused, *poison], is_dry_run=False)
    if start + len(piece) >= job.total:
        changes = {"state": "done", "finished_at": at, "data": b"", "samples": []}
        ImportJob.objects.filter(pk=job_id).update(**changes)
    return True


@transaction.atomic
def look_at(job_id: int, foresight: Foresight, *, start: int, piece: Sequence[Row], at: datetime) -> bool:
    """Says what would become of one piece, claimed as in `take_in`; stores its problems and counts only."""
    job = _claim(job_id, "checking", start, len(piece), at)
    if job is None:
        return False
    counts, refused = _foresee(piece, job, foresight, at)
    _record(job, counts, refused, is_dry_run=True)
    if start + len(piece) >= job.total:
        ImportJob.objects.filter(pk=job_id).update(state="checked")
    return True


def recall(job_id: int, piece: Sequence[Row], foresight: Foresight, *, at: datetime) -> bool:
    """Rows that an earlier worker looked at: only remembered."""
    job = _job(job_id)
    if job is None or job.state != "checking":
        return False
    _foresee(piece, job, foresight, at)
    return True


@transaction.atomic
def park(job_id: int, *, at: datetime) -> None:
    """Stops an import that fails by an error of ours; what was taken in stays, the rest waits for a person."""
    error = _("It stopped by an error of ours, which is logged. No row was lost or taken twice.")
    ImportJob.objects.filter(pk=job_id, state="running").update(state="failed", error=error, beat_at=at)
    ImportJob.objects.filter(pk=job_id, state="checking").update(state="uploaded", error=error, beat_at=at)


def _job(job_id: int) -> ImportJob | None:
    return queries.imports().filter(pk=job_id).first()


def _pieces(table: Iterator[Row], start: int) -> Iterator[tuple[int, list[Row]]]:
    while piece := list(itertools.islice(table, PIECE)):
        yield start, piece
        start += len(piece)


def _claim(job_id: int, state: str, start: int, count: int, at: datetime) -> ImportJob | None:
    """The import with its settings as they are now, if the piece is ours."""
    mine = ImportJob.objects.filter(pk=job_id, state=state, next_row=start)
    return _job(job_id) if mine.update(next_row=start + count, beat_at=at) else None


def _read(piece: Sequence[Row], job: ImportJob, at: datetime) -> tuple[list[tuple[Row, ReadRow]], list[Refusal]]:
    how = rows.Reading(
        columns=rows.columns_of(job.header, job.mapping),
        tz=ZoneInfo(job.workspace.timezone),
        default_country=job.workspace.default_country,
        currency=job.workspace.currency,
        campaign=job.campaign,
        day_first=job.day_first,
    )
    readable: list[tuple[Row, ReadRow]] = []
    refused: list[Refusal] = []
    for row in piece:
        try:
            readable.append((row, rows.read(row, how, at=at)))
        except RefusedRow as problem:
            refused.append((row, problem))
        except Exception as broken:
            refused.append((row, _poison(row, job, broken)))
    return readable, refused


def _poison(row: Row, job: ImportJob, broken: Exception) -> RefusedRow:
    """A row that breaks what it should not; the log has ids alone."""
    log.error("row refused: import=%s line=%s error=%s", job.pk, row.line, type(broken).__name__)
    return RefusedRow("", _("It can't be stored: look for unusual values, then import it again."))


def _arrival(read: ReadRow) -> intake.Arrival:
    return intake.Arrival(read.candidate, read.payload, read.digest, by_content=True)


def _receive(
    readable: Sequence[tuple[Row, ReadRow]], job: ImportJob, at: datetime
) -> tuple[Counter[str], list[Refusal]]:
    """All rows at once; if that fails, row by row, so that a poison one costs no other."""
    try:
        return Counter(_stored([read for _, read in readable], job, at)), []
    except NOT_THE_ROWS:
        raise
    except Exception as broken:
        log.error("piece failed, taken row by row: import=%s error=%s", job.pk, type(broken).__name__)
        return _one_by_one(readable, job, at)


def _one_by_one(
    readable: Sequence[tuple[Row, ReadRow]], job: ImportJob, at: datetime
) -> tuple[Counter[str], list[Refusal]]:
    counts: Counter[str] = Counter()
    poison: list[Refusal] = []
    for row, read in readable:
        try:
            counts.update(_stored([read], job, at))
        except NOT_THE_ROWS:
            raise
        except Exception as broken:
            poison.append((row, _poison(row, job, broken)))
            if len(poison) == len(readable) >= HOPELESS:
                raise
    return counts, poison


def _stored(read: Sequence[ReadRow], job: ImportJob, at: datetime) -> list[str]:
    """What became of the rows; deferred guards answer before the savepoint ends, so that they too blame these rows."""
    if not read:
        return []
    with transaction.atomic():
        received = intake.receive([_arrival(each) for each in read], source=job.source, at=at, treat_as=job.treat_as)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return [each.status for each in received]


def _foresee(
    piece: Sequence[Row], job: ImportJob, foresight: Foresight, at: datetime
) -> tuple[Counter[str], list[Refusal]]:
    readable, refused = _read(piece, job, at)
    arrivals = [_arrival(read) for _, read in readable]
    pairs = [(arrival.candidate, arrival.identity) for arrival in arrivals]
    foresight.learn(queries.known_of(job.source, pairs))
    return Counter(foresight.expect(candidate, identity) for candidate, identity in pairs), refused


def _record(job: ImportJob, counts: Counter[str], refused: Sequence[Refusal], *, is_dry_run: bool) -> None:
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                job=job,
                line=row.line,
                field=problem.field,
                message=problem.message,
                row=list(row.cells),
                is_dry_run=is_dry_run,
            )
            for row, problem in refused
        ],
        batch_size=2000,
    )
    ImportJob.objects.filter(pk=job.pk).update(
        created=F("created") + counts["created"],
        joined=F("joined") + counts["joined"],
        repeated=F("repeated") + counts["repeated"],
        refused=F("refused") + len(refused),
    )
