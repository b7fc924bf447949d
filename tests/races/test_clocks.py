"""Two at once, on real transactions with connections of their own: one sweep wins, one ending loses."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connections

from handoff.actions import touching
from handoff.models import Handoff
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from sla.actions import clocks, enforcing
from sla.models import Clock, Step

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

MINUTE = timedelta(minutes=1)


@contextmanager
def session(workspace: Workspace) -> Iterator[psycopg2.extensions.cursor]:
    """A transaction of the app in the workspace, on a connection of its own, left to the test to end."""
    connection = psycopg2.connect(**connections["default"].get_connection_params())
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.workspace', %s, false)", [str(workspace.pk)])
            connection.commit()
            yield cursor
    finally:
        connection.close()


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Runs the jobs side by side, each in a thread with Django connections of its own."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def at(instant: datetime, job: Callable[[], Any]) -> Callable[[], Any]:
    """The job with the database's clock at an instant, in its thread."""

    def run() -> Any:
        for alias in ("default", "clock"):
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('app.now_offset', (%s - statement_timestamp())::text, false)", [instant]
                )
        return job()

    return run


class TestSweepingAtOnce:
    def test_each_step_happens_exactly_once(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        for _ in range(30):
            hand_off(at=tuesday)
        later = tuesday + 60 * MINUTE
        sweeps = [at(later, lambda: enforcing.sweep(batch=7)) for _ in range(4)]
        swept = enforcing.NOTHING
        for _ in range(3):
            for one in at_once(*sweeps):
                swept += one
        assert swept == enforcing.Swept(30, 60)
        with tenancy.scope(acme.pk):
            assert Step.objects.count() == 60
            assert Step.objects.values("clock_id", "step").distinct().count() == 60
            assert Clock.objects.filter(next_step=2, breached_at__isnull=False).count() == 30

    def test_a_clock_that_is_being_met_is_stepped_over(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        lead = hand_off(at=tuesday)
        with session(acme) as other:
            other.execute("SELECT 1 FROM sla_clock WHERE lead_id = %s FOR UPDATE", [lead.pk])
            assert at_once(at(tuesday + 60 * MINUTE, enforcing.sweep)) == [enforcing.NOTHING]

    def test_touch_and_sweep_leave_one_story(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        leads = [hand_off(at=tuesday) for _ in range(10)]
        due = tuesday + 15 * MINUTE

        def touch() -> None:
            with tenancy.scope(acme.pk):
                for handoff in Handoff.objects.filter(lead_id__in=[lead.pk for lead in leads]).order_by("-pk"):
                    touching.touch(handoff, touching.Attempt(kind="call", result="reached"), by=handoff.owner, at=due)

        def sweep() -> None:
            for _ in range(20):
                enforcing.sweep(batch=1)

        at_once(at(due + MINUTE, touch), at(due + MINUTE, sweep))
        with tenancy.scope(acme.pk):
            for clock in Clock.objects.filter(kind="first_touch"):
                recorded = list(clock.recorded_steps.order_by("step"))
                assert [step.step for step in recorded] == list(range(clock.next_step))
                assert all(step.noticed_at <= clock.end_recorded_at for step in recorded)
                assert (clock.withdrawn_at is not None) == (clock.breached_at is not None)
                assert clock.next_step_at is None


class TestEndingAtOnce:
    def test_of_the_last_two_clocks_one_stays(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        """Each sees the other's clock still running, and would leave the lead without any."""
        lead = hand_off(at=tuesday)
        with tenancy.scope(acme.pk):
            clocks.start([clocks.Start(lead.pk, "verdict", lead.owner_id)], at=tuesday)
            one, two = Clock.objects.filter(lead_id=lead.pk).order_by("pk").values_list("pk", flat=True)
        end = "UPDATE sla_clock SET cancelled_at = app_now(), end_recorded_at = app_now(), next_step_at = NULL WHERE id = %s"
        with session(acme) as first, session(acme) as second:
            first.execute(end, [one])
            second.execute(end, [two])
            refused = []

            def commit(cursor: psycopg2.extensions.cursor) -> None:
                try:
                    cursor.connection.commit()
                except psycopg2.errors.CheckViolation as refusal:
                    refused.append(refusal.diag.constraint_name)

            threads = [threading.Thread(target=commit, args=[cursor]) for cursor in (first, second)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        assert refused == ["open_lead_has_a_running_clock"]
        with tenancy.scope(acme.pk):
            assert Clock.objects.filter(lead_id=lead.pk, cancelled_at=None).count() == 1

    def test_a_lead_reopened_while_its_clock_ends_is_refused(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        lead = hand_off(at=tuesday)
        with session(acme) as closing, session(acme) as reopening:
            closing.execute(
                "UPDATE leads_lead SET state = 'closed_unknown', ended_at = app_now() WHERE id = %s", [lead.pk]
            )
            closing.connection.commit()
            closing.execute(
                "UPDATE sla_clock SET cancelled_at = app_now(), end_recorded_at = app_now(), next_step_at = NULL "
                "WHERE lead_id = %s", [lead.pk],
            )  # fmt: skip
            reopening.execute("UPDATE leads_lead SET state = 'nurturing', ended_at = NULL WHERE id = %s", [lead.pk])
            outcomes = []

            def commit(cursor: psycopg2.extensions.cursor) -> None:
                try:
                    cursor.connection.commit()
                    outcomes.append("kept")
                except psycopg2.errors.CheckViolation:
                    outcomes.append("refused")

            threads = [threading.Thread(target=commit, args=[cursor]) for cursor in (closing, reopening)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        assert sorted(outcomes) == ["kept", "refused"]
