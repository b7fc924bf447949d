"""From a file to leads: counts, repeats, history, poison rows, workers that come twice or go away."""

import threading
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from django.db import DataError, OperationalError, connection

from leads import tasks
from leads.actions import importing, imports
from leads.models import Company, ImportJob, ImportProblem, IntakeRecord, Lead, Source
from quotarider import tenancy
from quotarider.accounts.models import Member
from tests.leads.imports import files

pytestmark = pytest.mark.django_db


def leads(member: Member) -> int:
    with tenancy.scope(member.workspace_id):
        return Lead.objects.count()


class TestDryRun:
    def test_tells_what_would_become_of_each_row_and_stores_no_lead(self, marketer: Member) -> None:
        data = files.lines("A,a@x.example,A,", "A,a@x.example,A,", "B,a@x.example,A,", "C,nonsense,C,", ",,D,")
        job = files.upload(marketer, data)
        files.work(files.check(marketer, job))
        assert files.counts(files.again(job)) == ("checked", 1, 1, 1, 2)
        assert leads(marketer) == 0

    def test_agrees_with_the_run(self, marketer: Member) -> None:
        files.whole(marketer, files.people(5))
        data = (
            files.people(8)
            + b"N,person3@company3.example,Other,\n,person7@company7.example,Third,\nL2,,Changed,\n,,,Nobody\n"
        )
        job = files.upload(marketer, data)
        files.work(files.check(marketer, job))
        foreseen = files.counts(files.again(job))[1:]
        files.work(files.run(marketer, job))
        assert files.counts(files.again(job)) == ("done", *foreseen) == ("done", 3, 3, 5, 1)

    def test_a_second_worker_recalls_what_the_first_saw(self, marketer: Member) -> None:
        data = files.people(600) + files.people(600).partition(b"\n")[2]
        job = files.check(marketer, files.upload(marketer, data))
        one_piece(job)
        files.work(job)
        assert files.counts(files.again(job)) == ("checked", 600, 0, 600, 0)

    def test_can_be_repeated_with_other_columns(self, marketer: Member) -> None:
        job = files.upload(marketer, files.lines("A,a@x.example,A,"))
        files.work(files.check(marketer, job, mapping={"Name": "email"}))
        assert files.counts(files.again(job)) == ("checked", 0, 0, 0, 1)
        assert [(line, column) for line, column, _ in files.problems(files.again(job))] == [(2, "Name")]
        files.work(files.check(marketer, job))
        assert files.counts(files.again(job)) == ("checked", 1, 0, 0, 0)
        assert files.problems(files.again(job)) == []


def one_piece(job: ImportJob) -> None:
    """A worker that goes away after its first piece."""
    with tenancy.scope(job.workspace_id) as scope:
        worker = importing.begin(job.pk, at=scope.now)
        start, piece = next(worker.pieces)
    with tenancy.scope(job.workspace_id) as scope:
        assert worker.do(start, piece, at=scope.now)


class TestRun:
    def test_takes_in_every_row_and_lets_the_file_go(self, marketer: Member) -> None:
        job = files.whole(marketer, files.people(1203))
        assert files.counts(job) == ("done", 1203, 0, 0, 0)
        assert leads(marketer) == 1203
        with tenancy.scope(marketer.workspace_id):
            left = ImportJob.objects.get(pk=job.pk)
            assert (bytes(left.data), left.samples, left.next_row) == (b"", [], 1203)
            assert Lead.objects.filter(state__in=["nurturing", "held", "handed_off"]).count() == 1203

    def test_the_same_file_again_makes_no_duplicates(self, marketer: Member) -> None:
        data = files.people(30) + b",without@id.example,No Id,\n"
        files.whole(marketer, data)
        assert files.counts(files.whole(marketer, data)) == ("done", 0, 0, 31, 0)
        assert leads(marketer) == 31

    def test_the_same_history_again_makes_no_duplicates(self, marketer: Member) -> None:
        data = files.lines(",a@x.example,A,", ",b@x.example,B,")
        files.whole(marketer, data, treat_as="history")
        assert files.counts(files.whole(marketer, data, treat_as="history")) == ("done", 0, 0, 2, 0)
        assert leads(marketer) == 2

    def test_a_refused_row_is_kept_and_costs_no_other(self, marketer: Member) -> None:
        job = files.whole(marketer, files.lines("A,a@x.example,A,", "B,not an address,B,Firm", "C,c@x.example"))
        assert files.counts(job) == ("done", 1, 0, 0, 2)
        with tenancy.scope(marketer.workspace_id):
            rows = list(ImportProblem.objects.order_by("line").values_list("line", "field", "row"))
        assert rows == [(3, "E-mail", ["B", "not an address", "B", "Firm"]), (4, "", ["C", "c@x.example"])]

    def test_a_worker_killed_between_pieces_loses_and_repeats_nothing(self, marketer: Member) -> None:
        job = files.ready(marketer, files.people(1700))
        one_piece(job)
        one_piece(job)
        assert files.again(job).next_row == 1000
        assert files.work(job) == 700
        assert files.counts(files.again(job)) == ("done", 1700, 0, 0, 0)
        assert leads(marketer) == 1700

    def test_a_worker_too_late_for_a_piece_does_nothing(self, marketer: Member) -> None:
        job = files.ready(marketer, files.people(10))
        with tenancy.scope(job.workspace_id) as scope:
            late = importing.begin(job.pk, at=scope.now)
        files.work(job)
        start, piece = next(late.pieces)
        with tenancy.scope(job.workspace_id) as scope:
            assert not late.do(start, piece, at=scope.now)
        assert leads(marketer) == 10

    def test_rows_that_name_no_campaign_belong_to_that_of_the_import(self, marketer: Member) -> None:
        data = files.lines("a@x.example,Fair", "b@x.example,", header="email,campaign")
        files.whole(marketer, data, campaign="Autumn list")
        with tenancy.scope(marketer.workspace_id):
            found = Lead.objects.order_by("id").values_list("campaign__name", flat=True)
            assert list(found) == ["Fair", "Autumn list"]


class TestHistory:
    CONTACTS = files.lines(
        "a1,2018-02-01,page-1,social",
        "a2,2017-10-20,page-2,paid search",
        "a3,2018-03-08,page-1,",
        header="prospect_id,first_contact_date,landing_page_id,origin",
    )
    DEALS = files.lines(
        "a1,2018-02-26 19:58:54,1500.50,pet",
        "a3,2018-03-06 19:38:55,,toys",
        header="prospect_id,won_date,amount,segment",
    )
    MAPPING = {"prospect_id": "external_id"}

    def take(self, marketer: Member, data: bytes, **more: str) -> ImportJob:
        job = files.upload(marketer, data)
        mapping = {**files.plan(job).mapping, **self.MAPPING}
        files.work(files.check(marketer, job, mapping=mapping, treat_as="history"))
        files.work(files.run(marketer, job))
        return files.again(job)

    def test_is_closed_with_its_outcome_unknown(self, marketer: Member) -> None:
        assert files.counts(self.take(marketer, self.CONTACTS)) == ("done", 3, 0, 0, 0)
        with tenancy.scope(marketer.workspace_id):
            lead = Lead.objects.select_related("campaign").get(external_id="a1")
            assert lead.state == "closed_unknown"
            assert lead.campaign.name == "social"
            assert lead.arrived_at.isoformat() == "2018-01-31T23:00:00+00:00"  # the day begins in Berlin
            assert list(lead.touchpoints.values_list("asset", flat=True)) == ["page-1"]

    def test_a_second_file_tells_the_outcomes(self, marketer: Member) -> None:
        self.take(marketer, self.CONTACTS)
        assert files.counts(self.take(marketer, self.DEALS)) == ("done", 0, 2, 0, 0)
        with tenancy.scope(marketer.workspace_id):
            states = dict(Lead.objects.values_list("external_id", "state"))
            won = Lead.objects.get(external_id="a1")
        assert states == {"a1": "won", "a2": "closed_unknown", "a3": "won"}
        assert (won.amount, won.ended_at.isoformat()) == (1500.50, "2018-02-26T18:58:54+00:00")

    def test_the_second_file_twice_changes_nothing(self, marketer: Member) -> None:
        self.take(marketer, self.CONTACTS)
        self.take(marketer, self.DEALS)
        assert files.counts(self.take(marketer, self.DEALS)) == ("done", 0, 0, 2, 0)

    def test_facts_of_the_second_file_reach_the_same_company_and_person(self, marketer: Member) -> None:
        files.whole(marketer, files.people(3), treat_as="history")
        data = files.lines("L1,pet,Managing director", header="lead id,industry,job title")
        files.whole(marketer, data, treat_as="history")
        with tenancy.scope(marketer.workspace_id):
            lead = Lead.objects.select_related("person", "company").get(external_id="L1")
            assert (lead.person.title, lead.company.industry) == ("Managing director", "pet")
            assert Company.objects.count() == 3


class TestReconciler:
    def test_drives_what_has_been_silent_for_a_minute(
        self,
        marketer: Member,
        move_time: Callable[..., None],
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        job = files.check(marketer, files.upload(marketer, files.people(3)))
        sent: list[dict[str, int]] = []
        with mock.patch.object(tasks.run_import, "apply_async", lambda kwargs, retry: sent.append(kwargs)):
            with django_capture_on_commit_callbacks(execute=True):
                tasks.resume_imports()
            assert sent == []
            move_time(timedelta(seconds=61))
            with django_capture_on_commit_callbacks(execute=True):
                tasks.resume_imports()
            assert sent == [{"workspace_id": job.workspace_id, "job_id": job.pk}]
            with django_capture_on_commit_callbacks(execute=True):
                tasks.resume_imports()
            assert len(sent) == 1


@pytest.mark.django_db(transaction=True, databases=["default", "clock"])
class TestPoison:
    @pytest.mark.parametrize("deferred", [False, True])
    def test_a_poison_row_is_refused_by_itself(self, marketer: Member, deferred: bool) -> None:
        with files.poison("NEW.external_id = 'L7'", deferred=deferred):
            job = files.whole(marketer, files.people(40))
        assert files.counts(job) == ("done", 39, 0, 0, 1)
        assert [line for line, _, _ in files.problems(job)] == [9]
        assert leads(marketer) == 39

    def test_what_breaks_every_row_stops_the_import_and_it_can_go_on(self, marketer: Member) -> None:
        job = files.ready(marketer, files.people(600))
        one_piece(job)
        with files.poison("true"), pytest.raises(DataError):
            files.work(job)
        assert files.counts(files.again(job)) == ("failed", 500, 0, 0, 0)
        with tenancy.scope(marketer.workspace_id) as scope:
            imports.go_on(files.again(job), by=marketer, at=scope.now)
        files.work(job)
        assert files.counts(files.again(job)) == ("done", 600, 0, 0, 0)

    def test_a_database_in_trouble_blames_no_row(self, marketer: Member) -> None:
        job = files.ready(marketer, files.people(40))
        with files.poison("NEW.external_id = 'L7'", errcode="40P01"), pytest.raises(OperationalError):
            files.work(job)
        assert (files.counts(files.again(job)), files.again(job).next_row) == (("running", 0, 0, 0, 0), 0)
        files.work(job)
        assert files.counts(files.again(job)) == ("done", 40, 0, 0, 0)


@pytest.mark.django_db(transaction=True, databases=["default", "clock"])
class TestTwoWorkers:
    def test_each_piece_is_taken_by_exactly_one(self, marketer: Member) -> None:
        job = files.ready(marketer, files.people(2600))
        done: list[int] = []
        start = threading.Barrier(3)

        def worker() -> None:
            try:
                start.wait()
                for _ in range(3):
                    done.append(files.work(job))
            finally:
                connection.close()

        threads = [threading.Thread(target=worker) for _ in range(3)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert sum(done) == 2600
        assert files.counts(files.again(job)) == ("done", 2600, 0, 0, 0)
        with tenancy.scope(marketer.workspace_id):
            assert Lead.objects.count() == IntakeRecord.objects.count() == 2600
            assert Lead.objects.values("external_id").distinct().count() == 2600
            assert Source.objects.count() == 1
