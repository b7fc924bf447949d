"""Imports: the list, one of them, its problems, and what the workspace already knows of its rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from leads.models import ImportJob, ImportProblem, IntakeRecord, Lead, Person, Source
from leads.rules import states
from leads.rules.candidate import Candidate
from leads.rules.foresight import Known

UNDER_WAY = ("checking", "running")
SILENT_FOR = timedelta(seconds=60)
"""A worker beats with each piece; one that has been silent for so long is taken for gone."""


def imports() -> QuerySet[ImportJob]:
    """All imports, newest first, without their files."""
    rows = ImportJob.objects.select_related("workspace", "source", "by__user")
    return rows.defer("data", "samples").order_by("-id")


def page(before: UUID | None, size: int) -> tuple[Sequence[ImportJob], UUID | None]:
    """Up to `size` imports older than that one, newest first, and the cursor of the next page if there is one."""
    rows = imports()
    if before:
        older = ImportJob.objects.filter(public_id=before).values("pk")
        rows = rows.filter(pk__lt=older)
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].public_id if len(found) > size else None


def import_for(public_id: UUID) -> ImportJob:
    """One import without its file. Raises: ImportJob.DoesNotExist."""
    return imports().get(public_id=public_id)


def samples_of(job: ImportJob) -> list[list[str]]:
    """Up to three values of each column of the file, in its order."""
    found = ImportJob.objects.values_list("samples", flat=True).get(pk=job.pk)
    return [*found, *([] for _ in job.header)][: len(job.header)]


def file_of(job_id: int) -> bytes:
    """The uploaded bytes; none once the import is done."""
    return bytes(ImportJob.objects.values_list("data", flat=True).get(pk=job_id))


def silent(at: datetime) -> list[int]:
    """The imports under way whose worker went away, or never came."""
    rows = ImportJob.objects.filter(state__in=UNDER_WAY, beat_at__lt=at - SILENT_FOR)
    return list(rows.order_by("id").values_list("pk", flat=True))


def problems(job: ImportJob) -> QuerySet[ImportProblem]:
    """The refused rows, in the order of the file: of the dry run until the import runs."""
    return ImportProblem.objects.filter(job=job, is_dry_run=is_dry_run(job)).order_by("line")


def is_dry_run(job: ImportJob) -> bool:
    """Whether the figures of the import are those of its dry run."""
    return job.state in ("checking", "checked")


def report_rows(job: ImportJob) -> Iterator[tuple[int, str, str, list[str]]]:
    """(line, column, what to do, the row's cells) of all refused rows, read in pieces."""
    rows = problems(job).values_list("line", "field", "message", "row")
    return rows.iterator(chunk_size=2000)


def sources() -> QuerySet[Source]:
    """All sources of the workspace by name."""
    return Source.objects.order_by("name", "id")


def source_named(name: str) -> Source | None:
    """The source of that name, whatever its case; imports before other kinds."""
    found = [source for source in sources() if source.name.casefold() == name.strip().casefold()]
    return min(found, key=lambda source: source.kind != "import", default=None)


def known_of(source: Source, rows: Sequence[tuple[Candidate, str | None]]) -> Known:
    """What is known of rows given as (candidate, identity), in four statements."""
    candidates = [candidate for candidate, _ in rows]
    identities = [identity for _, identity in rows if identity]
    external_ids = [c.external_id for c in candidates if c.external_id]
    records = IntakeRecord.objects.filter(source=source, key__in=identities)
    leads = Lead.objects.filter(source=source, external_id__in=external_ids)
    return Known(
        identities=[str(key) for key in records.values_list("key", flat=True)] if identities else (),
        external_ids=[str(each) for each in leads.values_list("external_id", flat=True)] if external_ids else (),
        people=_people(candidates),
    )


def _people(candidates: Iterable[Candidate]) -> list[tuple[str | None, str | None, bool]]:
    emails = {c.email_norm for c in candidates if c.email_norm}
    phones = {c.phone_norm for c in candidates if c.phone_norm}
    open_leads = Lead.objects.filter(person_id=OuterRef("pk"), state__in=states.OPEN)
    rows = Person.objects.annotate(is_open=Exists(open_leads)).order_by("pk")
    found: list[tuple[str | None, str | None, bool]] = []
    for wanted in ({"email_norm__in": emails}, {"phone_norm__in": phones}):
        if next(iter(wanted.values())):
            found += rows.filter(**wanted).values_list("email_norm", "phone_norm", "is_open")
    return found
