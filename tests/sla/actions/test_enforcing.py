"""The sweep, on real transactions: the app writes, the clock's role enforces."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.core import mail

from handoff.actions import touching
from handoff.models import Handoff
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.notifications import actions as notifications
from quotarider.notifications.models import Notification, Outbox
from sla.actions import clocks, enforcing
from sla.models import Clock, Step
from sla.rules.ladder import Ladder, Rung

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
Scoped = Callable[[], AbstractContextManager[tenancy.Scope]]
ClockOf = Callable[..., Clock]
HandOff = Callable[..., Lead]
CALL = touching.Attempt(kind="call", result="reached")


@pytest.fixture
def to(move_time: Callable[..., None]) -> Callable[[datetime], None]:
    return lambda instant: move_time(instant, aliases=("default", "clock"))


@pytest.fixture
def lead(hand_off: HandOff, tuesday: datetime) -> Lead:
    return hand_off(at=tuesday)


def told(workspace: Workspace) -> list[tuple[str, str, str]]:
    with tenancy.scope(workspace.pk):
        rows = Notification.objects.filter(kind__in=["warn", "late", "remind", "tell_manager", "tell_revops"])
        return [(n.kind, n.member.user.email, n.text) for n in rows.select_related("member__user").order_by("id")]


def mailed(workspace: Workspace) -> list[dict]:
    with tenancy.scope(workspace.pk):
        return [o.payload for o in Outbox.objects.filter(payload__template="clock_step").order_by("id")]


def steps(workspace: Workspace) -> list[tuple[str, bool]]:
    with tenancy.scope(workspace.pk):
        return [(s.kind, s.told_at is not None) for s in Step.objects.order_by("clock_id", "step")]


class TestSweep:
    def test_does_nothing_before_the_first_step(self, lead: Lead, tuesday: datetime, to: Callable) -> None:
        to(tuesday + 11 * MINUTE)
        assert enforcing.sweep() == enforcing.Swept(0, 0)

    def test_warns_the_owner_in_the_app_only(
        self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace, clock_of: ClockOf
    ) -> None:
        to(tuesday + 12 * MINUTE)
        assert enforcing.sweep() == enforcing.Swept(1, 1)
        clock = clock_of(lead)
        assert (clock.next_step, clock.next_step_at, clock.breached_at) == (1, tuesday + 15 * MINUTE, None)
        name = lead.person.full_name
        assert told(acme) == [("warn", "rep@acme.test", f"{name}: due soon, first touch")]
        assert mailed(acme) == []

    def test_records_each_step_once(self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace) -> None:
        to(tuesday + 12 * MINUTE)
        assert [enforcing.sweep().steps for _ in range(3)] == [1, 0, 0]
        assert steps(acme) == [("warn", True)]

    def test_marks_late_at_the_deadline_and_tells_owner_and_manager_once(
        self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace, clock_of: ClockOf
    ) -> None:
        to(tuesday + 12 * MINUTE)
        enforcing.sweep()
        to(tuesday + 17 * MINUTE)
        enforcing.sweep()
        enforcing.sweep()
        clock = clock_of(lead)
        assert (clock.breached_at, clock.due_at) == (tuesday + 15 * MINUTE,) * 2
        assert (clock.next_step, clock.next_step_at, clock.met_at) == (2, None, None)
        name = lead.person.full_name
        assert told(acme)[1:] == [
            ("late", "rep@acme.test", f"{name}: late, first touch"),
            ("late", "sales_manager@acme.test", f"{name}: late, first touch by Rep"),
        ]
        assert sorted(sent["to"] for sent in mailed(acme)) == ["rep@acme.test", "sales_manager@acme.test"]
        assert {sent["path"] for sent in mailed(acme)} == {f"/w/acme/leads/{lead.public_id}/"}
        assert {sent["zone"] for sent in mailed(acme)} == {"Europe/Berlin"}

    def test_records_all_steps_that_passed_and_tells_the_highest_only(
        self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace
    ) -> None:
        to(tuesday + 60 * MINUTE)
        assert enforcing.sweep() == enforcing.Swept(1, 2)
        assert steps(acme) == [("warn", False), ("late", True)]
        assert {kind for kind, _, _ in told(acme)} == {"late"}

    def test_keeps_when_a_step_was_due_and_when_it_was_noticed(
        self, lead: Lead, tuesday: datetime, to: Callable, scoped: Scoped
    ) -> None:
        to(tuesday + 60 * MINUTE)
        enforcing.sweep()
        with scoped():
            step = Step.objects.get(kind="late")
        assert step.due_at == tuesday + 15 * MINUTE
        assert timedelta(0) <= step.noticed_at - (tuesday + 60 * MINUTE) < 10 * SECOND
        assert step.told_at == step.noticed_at

    def test_waits_until_the_deadline_is_over(self, lead: Lead, tuesday: datetime, acme: Workspace) -> None:
        with tenancy.scope(acme.pk):
            assert enforcing.sweep(at=tuesday + 15 * MINUTE, workspace_id=acme.pk).steps == 1
            assert enforcing.sweep(at=tuesday + 15 * MINUTE + SECOND, workspace_id=acme.pk).steps == 1

    def test_a_replay_that_tells_nobody_records_that_nobody_was_told(
        self, lead: Lead, tuesday: datetime, acme: Workspace
    ) -> None:
        with tenancy.scope(acme.pk):
            enforcing.sweep(at=tuesday + 60 * MINUTE, workspace_id=acme.pk, tell=False)
        assert steps(acme) == [("warn", False), ("late", False)]
        assert (told(acme), mailed(acme)) == ([], [])

    def test_never_steps_a_clock_that_was_met(
        self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace, scoped: Scoped
    ) -> None:
        with scoped():
            handoff = Handoff.objects.get(lead_id=lead.pk)
            touching.touch(handoff, CALL, by=handoff.owner, at=tuesday + 5 * MINUTE)
        to(tuesday + 60 * MINUTE)
        assert enforcing.sweep() == enforcing.Swept(0, 0)
        assert steps(acme) == []

    def test_never_steps_a_clock_that_was_cancelled(
        self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace, scoped: Scoped
    ) -> None:
        with scoped():
            clocks.start([clocks.Start(lead.pk, "verdict", lead.owner_id)], at=tuesday)
            clocks.cancel([lead.pk], "first_touch", at=tuesday)
        to(tuesday + 60 * MINUTE)
        assert enforcing.sweep() == enforcing.Swept(0, 0)

    def test_serves_all_workspaces_and_tells_nobody_of_another(
        self, lead: Lead, outsider: Member, tuesday: datetime, to: Callable, acme: Workspace, rival: Workspace
    ) -> None:
        to(tuesday + 60 * MINUTE)
        enforcing.sweep()
        assert told(rival) == []
        with tenancy.scope(rival.pk):
            assert Step.objects.count() == 0

    def test_tells_revops_where_the_ladder_says_so(
        self, lead: Lead, revops: Member, tuesday: datetime, to: Callable, acme: Workspace, scoped: Scoped
    ) -> None:
        rungs = Ladder((Rung("late", share=1), Rung("tell_revops", after=60 * MINUTE)))
        with scoped():
            Clock.objects.update(
                steps=[rung.kind for rung in rungs.rungs],
                step_at=[tuesday + 15 * MINUTE, tuesday + 75 * MINUTE],
                next_step_at=tuesday + 15 * MINUTE,
            )
        to(tuesday + 80 * MINUTE)
        enforcing.sweep()
        assert sorted(email for _, email, _ in told(acme)) == ["admin@acme.test", "revops@acme.test"]

    def test_does_not_tell_members_who_left(
        self, lead: Lead, manager: Member, tuesday: datetime, to: Callable, acme: Workspace
    ) -> None:
        Member.objects.filter(pk=manager.pk).update(is_active=False)
        to(tuesday + 60 * MINUTE)
        enforcing.sweep()
        assert [email for _, email, _ in told(acme)] == ["rep@acme.test"]


class TestMails:
    def test_say_whose_what_was_due_when(
        self, lead: Lead, tuesday: datetime, to: Callable, acme: Workspace, manager: Member
    ) -> None:
        to(tuesday + 60 * MINUTE)
        enforcing.sweep()
        while notifications.deliver():
            pass
        letter = next(each for each in mail.outbox if each.to == [manager.user.email])
        assert letter.subject == "Late: first touch, Rep"
        assert "due Tue 3 Mar, 10:15 (Europe/Berlin)" in letter.body
        assert f"/w/acme/leads/{lead.public_id}/" in letter.body


class TestTie:
    def test_a_touch_at_the_deadline_itself_is_in_time(
        self, lead: Lead, tuesday: datetime, scoped: Scoped, clock_of: ClockOf
    ) -> None:
        due = tuesday + 15 * MINUTE
        with scoped() as scope:
            enforcing.sweep(at=due, workspace_id=scope.workspace_id)
            handoff = Handoff.objects.get(lead_id=lead.pk)
            touching.touch(handoff, CALL, by=handoff.owner, at=due)
        clock = clock_of(lead, "first_touch")
        assert (clock.met_at, clock.breached_at, clock.withdrawn_at) == (due, None, None)
        assert (clock.taken_seconds, clock.next_step_at) == (900, None)

    def test_a_touch_opened_in_time_and_completed_after_withdraws_the_lateness(
        self, lead: Lead, tuesday: datetime, scoped: Scoped, clock_of: ClockOf
    ) -> None:
        opened, completed = tuesday + 14 * MINUTE, tuesday + 40 * MINUTE
        with scoped() as scope:
            enforcing.sweep(at=tuesday + 16 * MINUTE, workspace_id=scope.workspace_id)
            handoff = Handoff.objects.get(lead_id=lead.pk)
            attempt = touching.Attempt(kind="call", result="reached", opened_at=opened)
            touching.touch(handoff, attempt, by=handoff.owner, at=completed)
        clock = clock_of(lead, "first_touch")
        assert (clock.met_at, clock.breached_at) == (opened, tuesday + 15 * MINUTE)
        assert clock.withdrawn_at == opened

    def test_a_touch_opened_long_ago_withdraws_nothing(
        self, lead: Lead, tuesday: datetime, scoped: Scoped, clock_of: ClockOf
    ) -> None:
        opened, completed = tuesday + 14 * MINUTE, tuesday + 44 * MINUTE + SECOND
        with scoped() as scope:
            enforcing.sweep(at=tuesday + 16 * MINUTE, workspace_id=scope.workspace_id)
            handoff = Handoff.objects.get(lead_id=lead.pk)
            attempt = touching.Attempt(kind="call", result="reached", opened_at=opened)
            touching.touch(handoff, attempt, by=handoff.owner, at=completed)
        clock = clock_of(lead, "first_touch")
        assert (clock.met_at, clock.withdrawn_at) == (completed, None)
        assert clock.breached_at == tuesday + 15 * MINUTE


class TestPoison:
    @pytest.fixture
    def poisoned(self, lead: Lead, hand_off: HandOff, tuesday: datetime, scoped: Scoped) -> Lead:
        """A clock whose steps have no names: recording one breaks a constraint."""
        bad = hand_off(at=tuesday)
        with scoped():
            Clock.objects.filter(lead_id=bad.pk).update(steps=[])
        return bad

    def test_does_not_stop_the_others(
        self, lead: Lead, poisoned: Lead, tuesday: datetime, to: Callable, clock_of: ClockOf
    ) -> None:
        to(tuesday + 12 * MINUTE)
        assert enforcing.sweep_all() == enforcing.Swept(1, 1)
        assert clock_of(lead).next_step == 1
        assert (clock_of(poisoned).next_step, clock_of(poisoned).failures) == (0, 1)

    def test_is_parked_after_five_failures(
        self, lead: Lead, poisoned: Lead, tuesday: datetime, to: Callable, clock_of: ClockOf
    ) -> None:
        to(tuesday + 12 * MINUTE)
        for _ in range(4):
            enforcing.sweep()
        assert clock_of(poisoned).parked_at is None
        enforcing.sweep()
        clock = clock_of(poisoned)
        assert (clock.failures, clock.parked_at is not None, clock.met_at) == (5, True, None)
        assert enforcing.sweep() == enforcing.Swept(0, 0)

    def test_goes_on_when_it_is_mended_and_retried(
        self, poisoned: Lead, tuesday: datetime, to: Callable, clock_of: ClockOf, scoped: Scoped, admin: Member
    ) -> None:
        to(tuesday + 12 * MINUTE)
        for _ in range(5):
            enforcing.sweep()
        with scoped() as scope:
            Clock.objects.filter(lead_id=poisoned.pk).update(steps=["warn", "late"])
            clocks.retry(clock_of(poisoned), by=admin, at=scope.now)
            with pytest.raises(clocks.NotParked):
                clocks.retry(clock_of(poisoned), by=admin, at=scope.now)
        assert enforcing.sweep_all().steps >= 1
        assert (clock_of(poisoned).next_step, clock_of(poisoned).failures) == (1, 0)

    def test_a_step_recorded_before_its_time_is_found_out(
        self, lead: Lead, tuesday: datetime, to: Callable, clock_of: ClockOf, acme: Workspace
    ) -> None:
        with tenancy.scope(acme.pk):
            Step.objects.create(clock=clock_of(lead), step=0, kind="warn", due_at=tuesday, noticed_at=tuesday)
        to(tuesday + 12 * MINUTE)
        assert enforcing.sweep() == enforcing.Swept(0, 0)
        assert clock_of(lead).failures == 1
