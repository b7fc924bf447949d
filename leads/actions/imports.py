"""What a person does with a file of leads: upload it, say what its columns are, start it, go on, discard it."""

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leads.models import ImportJob, ImportProblem, Source
from leads.queries import imports as queries
from leads.queries import intake as intake_queries
from leads.rules import rows, tabular
from quotarider import tenancy
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import Conflict, DomainError
from quotarider.tenancy.tasks import enqueue

LOOKED_AT = 1000  # rows that are looked at for samples and for how dates are written
TASK = "leads.tasks.run_import"
ZERO = {"next_row": 0, "created": 0, "joined": 0, "repeated": 0, "refused": 0, "error": ""}


class FileUnreadable(DomainError):
    """A file that can't be read as a table; says what to do about it."""


class ImportMoved(Conflict):
    """The import is no longer where this step begins: another tab, or another person, was faster."""


@dataclass(frozen=True)
class Plan:
    """How the rows of a file are to be taken: fields by column name, new leads or history, whose ids they carry.

    `campaign`: of rows that name none. `day_first`: how 3/4/2026 is meant; None refuses such a row.
    """

    mapping: Mapping[str, str]
    treat_as: str
    source: str
    campaign: str = ""
    day_first: bool | None = None


@transaction.atomic
def upload(*, name: str, data: bytes, by: Member, at: datetime) -> ImportJob:
    """Keeps a file, read once as a whole so that what is wrong with it is told now. Raises: FileUnreadable."""
    if len(data) > settings.IMPORT_MAX_BYTES:
        most = settings.IMPORT_MAX_BYTES // 2**20
        raise FileUnreadable(_("The file is larger than %(most)d MB. Split it.") % {"most": most}, field="file")
    try:
        dialect = tabular.sniff(data)
        table = tabular.read(data, dialect)
    except tabular.UnreadableFile as problem:
        raise FileUnreadable(problem.message, field="file") from None
    if not table.total:
        raise FileUnreadable(_("There is no row below the header. Export it again, with its leads."), field="file")
    sample = list(itertools.islice(table.rows, LOOKED_AT))
    return ImportJob.objects.create(
        name=" ".join(name.replace("\0", "").split())[:200] or "file.csv",
        data=data,
        digest=hashlib.sha256(data).hexdigest(),
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
        header=list(table.header),
        samples=rows.samples(sample, len(table.header)),
        day_first=rows.guess_day_first(sample),
        total=table.total,
        by=by,
        created_at=at,
    )


@transaction.atomic
def check(job: ImportJob, plan: Plan, *, by: Member, at: datetime) -> None:
    """Sets what the columns are and starts the dry run; nothing is stored but its problems. Raises: ImportMoved."""
    _move(
        job,
        ("uploaded", "checked"),
        "checking",
        at,
        mapping={column: plan.mapping[column] for column in job.header if plan.mapping.get(column)},
        treat_as=plan.treat_as,
        source=_source(plan.source),
        campaign=plan.campaign,
        day_first=plan.day_first,
        **ZERO,
    )
    ImportProblem.objects.filter(job=job).delete()
    _send(job.pk)


@transaction.atomic
def run(job: ImportJob, *, by: Member, at: datetime) -> None:
    """Starts taking in the rows of a checked file. Raises: ImportMoved."""
    _move(job, ("checked",), "running", at, **ZERO)
    ImportProblem.objects.filter(job=job).delete()
    audit.record("started", subject="import", subject_id=job.pk, by=by, at=at, data={"rows": job.total})
    _send(job.pk)


@transaction.atomic
def go_on(job: ImportJob, *, by: Member, at: datetime) -> None:
    """Goes on with an import that stopped by an error of ours, at the row where it stopped. Raises: ImportMoved."""
    _move(job, ("failed",), "running", at, error="")
    audit.record("went on", subject="import", subject_id=job.pk, by=by, at=at)
    _send(job.pk)


@transaction.atomic
def discard(job: ImportJob, *, by: Member, at: datetime) -> None:
    """Forgets a file of which no row was taken in. Raises: ImportMoved."""
    states = ("uploaded", "checking", "checked")
    if not ImportJob.objects.select_for_update().filter(pk=job.pk, state__in=states).exists():
        raise ImportMoved(_("This import has begun: its rows are leads now. It can't be discarded."))
    ImportProblem.objects.filter(job=job).delete()
    ImportJob.objects.filter(pk=job.pk).delete()
    audit.record("discarded", subject="import", subject_id=job.pk, by=by, at=at)


@transaction.atomic
def drive_silent(*, at: datetime) -> int:
    """Sends the imports whose worker went away, or never came, to the workers again; returns how many."""
    silent = queries.silent(at)
    ImportJob.objects.filter(pk__in=silent).update(beat_at=at)
    for job_id in silent:
        _send(job_id)
    return len(silent)


def _send(job_id: int) -> None:
    enqueue(TASK, workspace_id=tenancy.current().workspace_id, job_id=job_id)


def _move(job: ImportJob, begins: tuple[str, ...], to: str, at: datetime, **changes: object) -> None:
    """Compare and swap of the state; the beat begins now, so that the reconciler waits a minute."""
    rows_moved = ImportJob.objects.filter(pk=job.pk, state__in=begins).update(state=to, beat_at=at, **changes)
    if not rows_moved:
        raise ImportMoved(_("This import has moved on meanwhile. Reload the page to see where it is."))


def _source(name: str) -> Source:
    """The source of that name, made when it is new."""
    known = queries.source_named(name)
    slug = slugify(name, allow_unicode=True)[:60] or "file-import"
    return known or intake_queries.source_of(slug, name=name[:80], kind="import")
