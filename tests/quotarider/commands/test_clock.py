"""`manage.py clock` as a process, and its loops without one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from django.core import mail
from django.db import OperationalError, connections
from django.test import Client

from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from quotarider.notifications import actions as notifications
from sla.actions import driving, enforcing
from sla.models import Clock, Step

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

ROOT = Path(__file__).resolve().parents[3]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def due(acme: Workspace, hand_off: Callable[..., Lead]) -> Lead:
    """A lead whose first step is due a moment from now, by the real clock."""
    with tenancy.scope(acme.pk) as scope:
        lead = hand_off(at=scope.now)
        soon = scope.now + 0.3 * SECOND
        Clock.objects.filter(lead_id=lead.pk).update(
            step_at=[soon, soon + MINUTE], next_step_at=soon, due_at=soon + MINUTE
        )
    return lead


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def steps(workspace: Workspace) -> list[Step]:
    with tenancy.scope(workspace.pk):
        return list(Step.objects.all())


class TestProcess:
    def test_enforces_sends_and_stops_when_told_to(self, acme: Workspace, due: Lead) -> None:
        environment = {**os.environ, "QR_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
        process = subprocess.Popen([sys.executable, "manage.py", "clock"], cwd=ROOT, env=environment)
        try:
            assert until(lambda: len(steps(acme)) == 1)
            assert until(lambda: Client().get("/healthz/clock").status_code == 200)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
        with connections["clock"].cursor() as cursor:
            cursor.execute("SELECT driver FROM sla_heartbeat")
            assert cursor.fetchone()[0].startswith("clock@")


class TestEnforcer:
    def test_sleeps_until_the_next_step_but_no_longer_than_a_second(self, acme: Workspace, due: Lead) -> None:
        enforcer = driving.Enforcer("one")
        assert driving.FLOOR <= enforcer() <= 0.3
        assert until(lambda: enforcer() == driving.CAP)
        assert len(steps(acme)) == 1

    def test_beats(self, acme: Workspace) -> None:
        driving.Enforcer("one")()
        driving.Enforcer("two")()
        with connections["clock"].cursor() as cursor:
            cursor.execute("SELECT driver, swept FROM sla_heartbeat ORDER BY driver")
            assert cursor.fetchall() == [("one", 0), ("two", 0)]

    def test_drivers_of_yesterday_are_forgotten(self, acme: Workspace) -> None:
        with connections["clock"].cursor() as cursor:
            cursor.execute("INSERT INTO sla_heartbeat VALUES ('old', app_now() - interval '2 days', 5)")
        enforcing.beat("one", swept=3)
        enforcing.beat("one", swept=4)
        with connections["clock"].cursor() as cursor:
            cursor.execute("SELECT driver, swept FROM sla_heartbeat")
            assert cursor.fetchall() == [("one", 7)]


class TestRepeat:
    def test_goes_on_after_database_errors(self) -> None:
        stop, calls = Event(), []

        def once() -> float:
            calls.append(1)
            if len(calls) == 1:
                raise OperationalError("gone")
            stop.set()
            return 0

        driving.repeat(stop, once)
        assert len(calls) == 2

    def test_reconnects_when_the_server_hung_up(self, acme: Workspace, due: Lead) -> None:
        with connections["clock"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid = %s", [pid])
        connections["clock"].connection.close()  # as if the server had gone
        stop, enforcer = Event(), driving.Enforcer("one")
        done = []

        def once() -> float:
            done.append(enforcer())
            stop.set()
            return 0

        driving.repeat(stop, once)
        assert len(done) == 1

    def test_other_errors_end_it(self) -> None:
        def once() -> float:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            driving.repeat(Event(), once)


class TestDrive:
    def test_drains_the_outbox_beside(self, acme: Workspace) -> None:
        with tenancy.scope(acme.pk) as scope:
            notifications.mail("someone@acme.test", "Subject", "Text", key="one", at=scope.now)
        assert driving._drain() == driving.FLOOR
        assert driving._drain() == driving.CAP
        assert [message.subject for message in mail.outbox] == ["Subject"]


class TestHealth:
    def beat(self, before: timedelta) -> None:
        with connections["clock"].cursor() as cursor:
            cursor.execute("INSERT INTO sla_heartbeat VALUES ('one', app_now() - %s, 0)", [before])

    def test_is_503_without_a_heartbeat(self, acme: Workspace, client: Client) -> None:
        answer = client.get("/healthz/clock")
        assert (answer.status_code, answer.json()["beat_age_seconds"]) == (503, None)

    def test_is_200_while_a_heart_beats_and_nothing_is_overdue(self, acme: Workspace, client: Client) -> None:
        self.beat(10 * SECOND)
        assert client.get("/healthz/clock").status_code == 200

    def test_is_503_when_no_heart_beats_any_more(self, acme: Workspace, client: Client) -> None:
        self.beat(16 * SECOND)
        assert client.get("/healthz/clock").status_code == 503

    def test_is_503_when_a_step_is_overdue(
        self, client: Client, hand_off: Callable[..., Lead], tuesday: datetime, move_time: Callable[..., None]
    ) -> None:
        hand_off(at=tuesday)
        for aliases, passed, status in (
            (("default", "clock"), 5 * SECOND, 200),
            (("default", "clock"), 15 * SECOND, 503),
        ):
            move_time(tuesday + 12 * MINUTE + passed, aliases=aliases)
            with connections["clock"].cursor() as cursor:
                cursor.execute("DELETE FROM sla_heartbeat")
            self.beat(timedelta(0))
            assert client.get("/healthz/clock").status_code == status

    def test_a_parked_clock_is_not_overdue(
        self,
        client: Client,
        hand_off: Callable[..., Lead],
        tuesday: datetime,
        move_time: Callable[..., None],
        acme: Workspace,
    ) -> None:
        lead = hand_off(at=tuesday)
        with tenancy.scope(acme.pk):
            Clock.objects.filter(lead_id=lead.pk).update(parked_at=tuesday)
        move_time(tuesday + 60 * MINUTE, aliases=("default", "clock"))
        self.beat(timedelta(0))
        assert client.get("/healthz/clock").status_code == 200

    def test_takes_no_post(self, client: Client) -> None:
        assert client.post("/healthz/clock").status_code == 405
