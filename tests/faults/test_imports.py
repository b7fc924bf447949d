"""A file of leads whose workers are killed again and again."""

import random
import time
from pathlib import Path
from typing import Any

import pytest

from leads.actions import imports
from leads.models import ImportJob, IntakeRecord, Lead
from leads.tasks import run_import
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import leads
from tests.faults import stack

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

ROWS, REPEATED, UNREADABLE = 4000, 60, 40
KILLS = 3


def file() -> bytes:
    """Rows with an id of their own, some of them twice, some that can't be read."""
    good = [f"id-{n},person{n}@company{n % 400}.com,Person {n},Company {n % 400}" for n in range(ROWS)]
    rows = [*good, *good[:REPEATED], *[f"bad-{n},no address,Person {n},X" for n in range(UNREADABLE)]]
    random.Random(7).shuffle(rows)
    return "\n".join(["id,email,name,company", *rows]).encode()


class TestKilledWorkers:
    def test_every_row_is_taken_exactly_once(
        self, tmp_path: Path, acme: Workspace, admin: Member, nothing_is_broken: Any
    ) -> None:
        fields = {"id": "external_id", "email": "email", "name": "full_name", "company": "company_name"}
        with tenancy.scope(acme.pk) as scope:
            job = imports.upload(name="leads.csv", data=file(), by=admin, at=scope.now)
            ImportJob.objects.filter(pk=job.pk).update(mapping=fields, state="checked", source=leads.source("import"))
            job.refresh_from_db()
            imports.run(job, by=admin, at=scope.now)
        workers, dice = [stack.worker(tmp_path, n) for n in range(2)], random.Random(stack.SEED)
        print(f"\nseed {stack.SEED}")
        with stack.running(*workers):
            for _ in range(KILLS):
                before = self.job(acme, job.pk).next_row
                stack.until(
                    lambda b=before: self.job(acme, job.pk).next_row > b or self.job(acme, job.pk).state == "done",
                    seconds=40,
                    what=lambda: [self.job(acme, job.pk).state, *[w.said[-2000:] for w in workers]],
                )
                time.sleep(dice.uniform(0, 0.3))
                for each in workers:
                    each.kill()
                    each.start()
                for _twice in range(2):  # as the reconciler does, and once more
                    run_import.apply_async(kwargs={"workspace_id": acme.pk, "job_id": job.pk})
            stack.until(
                lambda: self.job(acme, job.pk).state == "done",
                seconds=40,
                what=lambda: [vars(self.job(acme, job.pk)), *[w.said[-2000:] for w in workers]],
            )
        done = self.job(acme, job.pk)
        assert done.created + done.joined + done.repeated + done.refused == done.total == ROWS + REPEATED + UNREADABLE
        assert (done.created, done.repeated, done.refused) == (ROWS, REPEATED, UNREADABLE)
        with tenancy.scope(acme.pk):
            assert Lead.objects.count() == Lead.objects.values("external_id").distinct().count() == ROWS
            assert IntakeRecord.objects.count() == ROWS
            assert done.problems.filter(is_dry_run=False).count() == UNREADABLE

    @staticmethod
    def job(workspace: Workspace, pk: int) -> ImportJob:
        with tenancy.scope(workspace.pk):
            return ImportJob.objects.defer("data").get(pk=pk)
