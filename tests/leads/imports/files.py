"""Small files of leads, and imports of them."""

import contextlib
from collections.abc import Iterator, Sequence

from leads import tasks
from leads.actions import imports
from leads.models import ImportJob
from leads.queries import imports as queries
from leads.rules import tabular
from quotarider import tenancy
from quotarider.accounts.models import Member
from tests import database

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


def ready(by: Member, data: bytes, **changes: object) -> ImportJob:
    """A checked file set running, of which nothing is taken in yet."""
    job = upload(by, data)
    work(check(by, job, **changes))
    return run(by, job)


def whole(by: Member, data: bytes, **changes: object) -> ImportJob:
    """A file taken in from upload to its last row."""
    job = ready(by, data, **changes)
    work(job)
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


@contextlib.contextmanager
def poison(when: str, *, errcode: str = "22000", deferred: bool = False) -> Iterator[None]:
    """PostgreSQL refuses to insert leads of which `when` is true (of NEW). Only in tests that really commit."""
    kind, moment = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED") if deferred else ("TRIGGER", "")
    body = f"BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '{errcode}'; END"
    with database.owner() as cursor:
        cursor.execute(f"CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        cursor.execute(
            f"CREATE {kind} poison AFTER INSERT ON leads_lead {moment} FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION poison()"
        )
    try:
        yield
    finally:
        with database.owner() as cursor:
            cursor.execute("DROP FUNCTION poison() CASCADE")
