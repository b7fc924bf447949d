"""Small files of leads, and imports of them."""

from collections.abc import Sequence

from leads import tasks
from leads.actions import imports
from leads.models import ImportJob
from leads.queries import imports as queries
from leads.rules import tabular
from quotarider import tenancy
from quotarider.accounts.models import Member

PEOPLE = "Lead ID,E-mail,Name,Company\n"


def people(count: int, first: int = 0) -> bytes:
    """A file of that many people, each with an id and an address."""
    rows = (f"L{n},person{n}@company{n}.example,Person {n},Company {n}\n" for n in range(first, first + count))
    return (PEOPLE + "".join(rows)).encode()


def lines(*rows: str, header: str = PEOPLE.strip()) -> bytes:
    """A file of those lines below a header."""
    return "\n".join([header, *rows]).encode()


def upload(by: Member, data: bytes, name: str = "leads.csv") -> ImportJob:
    """An uploaded file of the member's workspace."""
    with tenancy.scope(by.workspace_id) as scope:
        return imports.upload(name=name, data=data, by=by, at=scope.now)


def plan(job: ImportJob, **changes: object) -> imports.Plan:
    """The suggested columns, as new leads of the source "File import"."""
    told = {"mapping": tabular.suggest_mapping(job.header), "treat_as": "new", "source": "File import", **changes}
    return imports.Plan(**told)  # type: ignore[arg-type]


def check(by: Member, job: ImportJob, **changes: object) -> ImportJob:
    """The import with its dry run begun."""
    with tenancy.scope(by.workspace_id) as scope:
        imports.check(job, plan(job, **changes), by=by, at=scope.now)
    return again(job)


def run(by: Member, job: ImportJob) -> ImportJob:
    """The import set running."""
    with tenancy.scope(by.workspace_id) as scope:
        imports.run(again(job), by=by, at=scope.now)
    return again(job)


def work(job: ImportJob) -> int:
    """What one worker does of it, to its end."""
    return tasks.run_import(workspace_id=job.workspace_id, job_id=job.pk)


def whole(by: Member, data: bytes, **changes: object) -> ImportJob:
    """A file taken in from upload to its last row."""
    job = upload(by, data)
    work(check(by, job, **changes))
    work(run(by, job))
    return again(job)


def again(job: ImportJob) -> ImportJob:
    """The import as it is now."""
    with tenancy.scope(job.workspace_id):
        return queries.imports().get(pk=job.pk)


def counts(job: ImportJob) -> tuple[str, int, int, int, int]:
    """(state, created, joined, repeated, refused)."""
    return job.state, job.created, job.joined, job.repeated, job.refused


def problems(job: ImportJob) -> Sequence[tuple[int, str, str]]:
    """(line, column, what to do) of the refused rows."""
    with tenancy.scope(job.workspace_id):
        return list(queries.problems(job).values_list("line", "field", "message"))
