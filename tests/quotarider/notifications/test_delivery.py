"""The outbox, on real transactions: the app writes, the clock's role sends."""

import smtplib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections

from quotarider import tenancy
from quotarider.accounts.models import Workspace
from quotarider.notifications import actions, delivery, tasks
from quotarider.notifications.models import Outbox

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])
Post = Callable[..., None]


@pytest.fixture
def post(acme: Workspace) -> Post:
    def write(*keys: str, workspace: Workspace = acme) -> None:
        with tenancy.scope(workspace.pk) as scope:
            for key in keys:
                actions.mail(f"{key}@acme.test", f"Subject {key}", "Text", key=key, at=scope.now)

    return write


@pytest.fixture
def later(move_time: Callable[..., None]) -> Callable[[timedelta], None]:
    return lambda length: move_time(length, aliases=("default", "clock"))


@pytest.fixture
def server_down(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tried: list[str] = []

    def refuse(letter: delivery.Letter) -> None:
        tried.append(letter.key)
        raise smtplib.SMTPResponseException(451, f"try {letter.payload['to']} later")

    monkeypatch.setitem(delivery.SENDERS, "mail", refuse)
    return tried


def rows(workspace: Workspace) -> list[Outbox]:
    with tenancy.scope(workspace.pk):
        return list(Outbox.objects.order_by("id"))


class TestDeliver:
    def test_sends_each_message_once(self, post: Post, acme: Workspace) -> None:
        post("a", "b")
        assert [actions.deliver(), actions.deliver()] == [2, 0]
        assert sorted(message.to[0] for message in mail.outbox) == ["a@acme.test", "b@acme.test"]
        assert all(row.sent_at and row.next_attempt_at is None and row.attempts == 1 for row in rows(acme))

    def test_serves_all_workspaces(self, post: Post, rival: Workspace) -> None:
        post("a")
        post("a", workspace=rival)
        assert actions.deliver() == 2
        first, second = mail.outbox
        assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]

    def test_message_id_stays_the_same_for_a_repeat(self) -> None:
        first = delivery.Letter(1, 7, "mail", "invitation:1", {}, 1)
        again = delivery.Letter(1, 7, "mail", "invitation:1", {}, 2)
        assert first.message_id == again.message_id
        assert "invitation" not in first.message_id

    def test_leaves_what_is_not_due(self, post: Post, acme: Workspace) -> None:
        with tenancy.scope(acme.pk) as scope:
            actions.mail("a@acme.test", "S", "T", key="a", at=scope.now + timedelta(seconds=10))
        assert actions.deliver() == 0

    def test_task_drains(self, post: Post) -> None:
        post(*(str(n) for n in range(delivery.BATCH + 3)))
        assert tasks.deliver_outbox() == delivery.BATCH + 3
        assert len(mail.outbox) == delivery.BATCH + 3


class TestClaim:
    def test_two_drains_never_hold_the_same_message(self, post: Post) -> None:
        post(*(str(n) for n in range(10)))
        held: list[int] = []
        claimed, go_on = threading.Event(), threading.Event()

        def slow() -> None:
            with connections["clock"].cursor() as cursor:  # the claim's statement, not yet committed
                cursor.execute("BEGIN")
                cursor.execute(delivery.CLAIM, [delivery.LEASE, ["mail"], 6])
                held.extend(row[0] for row in cursor.fetchall())
                claimed.set()
                go_on.wait(5)
                cursor.execute("COMMIT")
            connections["clock"].close()

        other = threading.Thread(target=slow)
        other.start()
        assert claimed.wait(5)
        mine = [letter.id for letter in delivery.claim(10)]
        go_on.set()
        other.join()
        assert (len(held), len(mine)) == (6, 4)
        assert not set(held) & set(mine)

    def test_one_whose_drain_died_is_due_after_its_lease(self, post: Post, later: Callable[[timedelta], None]) -> None:
        post("a")
        assert len(delivery.claim(1)) == 1
        assert delivery.claim(1) == []
        later(delivery.LEASE)
        assert [letter.attempt for letter in delivery.claim(1)] == [2]

    def test_a_drain_that_outlived_its_lease_settles_nothing(
        self, post: Post, acme: Workspace, later: Callable[[timedelta], None]
    ) -> None:
        post("a")
        [slow] = delivery.claim(1)
        later(delivery.LEASE)
        delivery.claim(1)
        delivery._settle_failure(slow, TimeoutError())
        assert rows(acme)[0].last_error == ""


class TestFailure:
    def test_is_tried_again_after_each_pause_and_dies_after_ten(
        self, post: Post, acme: Workspace, server_down: list[str], later: Callable[[timedelta], None]
    ) -> None:
        post("a")
        for attempt, pause in enumerate(delivery.PAUSES, start=1):
            assert actions.deliver() == 1
            assert rows(acme)[0].attempts == attempt
            later(pause - timedelta(seconds=2))
            assert actions.deliver() == 0
            later(timedelta(seconds=2))
        assert actions.deliver() == 1
        later(timedelta(days=30))
        assert actions.deliver() == 0
        [row] = rows(acme)
        assert (row.attempts, row.sent_at, row.next_attempt_at, len(server_down)) == (10, None, None, 10)
        assert row.dead_at is not None

    def test_keeps_the_code_and_no_address(self, post: Post, acme: Workspace, server_down: list[str]) -> None:
        post("a")
        actions.deliver()
        assert rows(acme)[0].last_error == "SMTPResponseException 451"

    def test_of_one_does_not_keep_back_the_others(self, post: Post, acme: Workspace) -> None:
        post("a", "b")
        with tenancy.scope(acme.pk):
            Outbox.objects.filter(key="a").update(payload={})
        assert actions.deliver() == 2
        assert [message.to for message in mail.outbox] == [["b@acme.test"]]
        assert [row.last_error for row in rows(acme)] == ["KeyError", ""]
