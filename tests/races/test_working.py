"""What two people, or a person and the sweep, do to one lead at the same moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from feedback.actions import outcomes, verdicts
from feedback.models import Reason, Verdict
from handoff.actions import giving, touching
from handoff.models import Handoff, NextStep, Touch
from leads.actions import facts, intake
from leads.models import Lead
from leads.rules import states
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.errors import Conflict, DomainError
from quotarider.notifications.models import Notification
from sla.actions import enforcing
from sla.models import Clock, Step
from tests.factories import leads
from tests.races.together import Together

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])
ROUNDS = 8


@pytest.fixture
def handoffs(acme: Workspace, reps: list[Member]) -> list[Handoff]:
    """A hand-off per round, each of another lead."""
    with tenancy.scope(acme.pk) as scope:
        leads.receive(*[leads.payload(**leads.QUALIFIED) for _ in range(ROUNDS)], at=scope.now)
        return list(Handoff.objects.select_related("owner__user", "lead").order_by("pk"))


def touch(handoff: Handoff, now: datetime, *, key: str | None = None, opened_at: datetime | None = None) -> Touch:
    attempt = touching.Attempt("call", "reached", key=key, opened_at=opened_at)
    return touching.touch(handoff, attempt, by=handoff.owner, at=now)


def accept(handoff: Handoff, now: datetime) -> Verdict:
    acceptance = verdicts.Acceptance({"problem": "yes"}, "Send an offer", now + timedelta(days=1))
    return verdicts.accept(handoff, acceptance, by=handoff.owner, at=now)


def reject(handoff: Handoff, now: datetime) -> Verdict:
    reason = Reason.objects.get(use="reject", label="Not now, later")
    return verdicts.reject(handoff, verdicts.Rejection(reason), by=handoff.owner, at=now)


def hand_over(handoff: Handoff, to: Member, now: datetime) -> Handoff:
    return giving.hand_over(handoff, to=to, why="", by=handoff.owner, at=now)


def sweep(_now: datetime) -> enforcing.Swept:
    return enforcing.sweep()


def is_sound(lead_id: int) -> None:
    """What must hold of a lead whatever was faster: owner and clocks are those of its state."""
    lead = Lead.objects.get(pk=lead_id)
    running = list(Clock.objects.filter(lead_id=lead_id, met_at=None, cancelled_at=None))
    still_open = list(Handoff.objects.filter(lead_id=lead_id, ended_at=None))
    assert bool(running) == (lead.state in states.OPEN)
    assert len(still_open) == (lead.state in states.SALES)
    assert all(clock.owner_id == lead.owner_id for clock in running)
    assert all(each.owner_id == lead.owner_id for each in still_open)
    assert NextStep.objects.filter(lead_id=lead_id, done_at=None).count() <= 1


def refused(results: list[Any]) -> list[Any]:
    """The exceptions among the results, which must be those that a person is told."""
    broken = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, DomainError) for each in broken), broken
    return broken


class TestTouches:
    def test_a_double_submit_is_one_touch(self, acme: Workspace, handoffs: list[Handoff], together: Together) -> None:
        for each in handoffs:
            results = together(*[partial(touch, each, key=f"form {each.pk}")] * 3)
            assert refused(results) == []
            assert len({made.pk for made in results}) == 1

    def test_two_touches_have_one_first(self, acme: Workspace, handoffs: list[Handoff], together: Together) -> None:
        for each in handoffs:
            assert refused(together(partial(touch, each), partial(touch, each))) == []
            with tenancy.scope(acme.pk):
                assert Touch.objects.filter(lead=each.lead).count() == 2
                assert Clock.objects.filter(lead=each.lead, kind="verdict").count() == 1
                is_sound(each.lead_id)

    def test_at_the_deadline_the_sweep_may_come_first_or_last(
        self, acme: Workspace, handoffs: list[Handoff], together: Together
    ) -> None:
        """The touch was opened in time: late is told or not, but never stands."""
        with tenancy.scope(acme.pk) as scope:
            due_at = scope.now - timedelta(milliseconds=1)
            for clock in Clock.objects.filter(kind="first_touch"):
                shift = clock.due_at - due_at
                moved = [instant - shift for instant in clock.step_at]
                Clock.objects.filter(pk=clock.pk).update(
                    due_at=due_at, step_at=moved, next_step_at=moved[0], started_at=clock.started_at - shift
                )
            Handoff.objects.update(handed_off_at=due_at - timedelta(hours=2))
        opened_at = due_at - timedelta(minutes=1)
        for each in handoffs:
            assert refused(together(partial(touch, each, opened_at=opened_at), sweep, sweep)) == []
        with tenancy.scope(acme.pk):
            for clock in Clock.objects.filter(kind="first_touch"):
                assert (clock.met_at, clock.next_step_at) == (opened_at, None)
                assert (clock.breached_at is None) == (clock.withdrawn_at is None)
                recorded = set(Step.objects.filter(clock=clock).values_list("kind", flat=True))
                assert ("late" in recorded) == (clock.breached_at is not None)

    def test_a_touch_and_a_hand_over_leave_one_owner_who_owes_what_is_owed(
        self, acme: Workspace, reps: list[Member], handoffs: list[Handoff], together: Together
    ) -> None:
        for each in handoffs:
            to = next(rep for rep in reps if rep.pk != each.owner_id)
            results = together(partial(touch, each), partial(hand_over, each, to))
            assert all(isinstance(e, Conflict) for e in refused(results))
            with tenancy.scope(acme.pk):
                is_sound(each.lead_id)
                owed = Clock.objects.get(lead=each.lead, met_at=None, cancelled_at=None).kind
                assert owed == ("verdict" if Touch.objects.filter(lead=each.lead).exists() else "first_touch")


class TestVerdicts:
    def test_accept_and_reject_exclude_each_other(
        self, acme: Workspace, handoffs: list[Handoff], together: Together
    ) -> None:
        for each in handoffs:
            results = together(partial(accept, each), partial(reject, each))
            # a rejection may follow an acceptance, as a lead accepted in error goes back; the other way round can't be
            assert all(isinstance(e, Conflict) for e in refused(results))
            with tenancy.scope(acme.pk):
                is_sound(each.lead_id)
                kinds = list(Verdict.objects.filter(lead=each.lead).order_by("pk").values_list("kind", flat=True))
                assert kinds in (["rejected"], ["accepted"], ["accepted", "rejected"])
                last = Lead.objects.get(pk=each.lead_id).state
                assert last == (states.RETURNED if kinds[-1] == "rejected" else states.ACCEPTED)

    @pytest.mark.parametrize("verdict", [accept, reject])
    def test_the_same_one_twice_is_one(
        self, acme: Workspace, handoffs: list[Handoff], together: Together, verdict: Callable[..., Verdict]
    ) -> None:
        for each in handoffs:
            results = together(*[partial(verdict, each)] * 3)
            assert len(refused(results)) == 2
            with tenancy.scope(acme.pk):
                assert Verdict.objects.filter(lead=each.lead).count() == 1
                is_sound(each.lead_id)

    def test_a_verdict_and_a_hand_over_exclude_each_other_or_follow(
        self, acme: Workspace, reps: list[Member], handoffs: list[Handoff], together: Together
    ) -> None:
        for each in handoffs:
            to = next(rep for rep in reps if rep.pk != each.owner_id)
            refused(together(partial(reject, each), partial(hand_over, each, to)))
            with tenancy.scope(acme.pk):
                is_sound(each.lead_id)

    def test_won_by_one_and_lost_by_another_is_one_end(
        self, acme: Workspace, handoffs: list[Handoff], together: Together
    ) -> None:
        def win(each: Handoff, now: datetime) -> None:
            outcomes.win(each, amount=100, by=each.owner, at=now)

        def lose(each: Handoff, now: datetime) -> None:
            outcomes.lose(each, reason=Reason.objects.get(use="lost", category="price"), note="", by=each.owner, at=now)

        for each in handoffs:
            with tenancy.scope(acme.pk) as scope:
                accept(each, scope.now)
            assert len(refused(together(partial(win, each), partial(lose, each)))) == 1
            with tenancy.scope(acme.pk):
                is_sound(each.lead_id)
                assert each.lead.outcomes.count() == 1


class TestHandOvers:
    def test_of_two_one_wins(
        self, acme: Workspace, reps: list[Member], handoffs: list[Handoff], together: Together
    ) -> None:
        for each in handoffs:
            first, second = [rep for rep in reps if rep.pk != each.owner_id][:2]
            results = together(partial(hand_over, each, first), partial(hand_over, each, second))
            assert len(refused(results)) == 1
            with tenancy.scope(acme.pk):
                assert sorted(Handoff.objects.filter(lead=each.lead).values_list("epoch", flat=True)) == [1, 2]
                is_sound(each.lead_id)

    def test_of_two_reps_who_take_a_lead_from_the_queue_one_gets_it(
        self, acme: Workspace, together: Together, rep: Member, manager: Member
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            leads.receive(*[leads.payload(**leads.QUALIFIED) for _ in range(ROUNDS)], at=scope.now)
            waiting = list(Handoff.objects.filter(in_team_queue=True))
        assert len(waiting) == ROUNDS
        for each in waiting:
            takers = [lambda now, e=each, by=by: giving.take(e, by=by, at=now) for by in (rep, manager)]
            assert len(refused(together(*takers))) == 1
            with tenancy.scope(acme.pk):
                is_sound(each.lead_id)


class TestSweeps:
    def test_several_at_once_record_each_step_once_and_tell_once(
        self, acme: Workspace, handoffs: list[Handoff], together: Together
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            for clock in Clock.objects.all():
                shift = clock.due_at - scope.now + timedelta(minutes=1)
                moved = [instant - shift for instant in clock.step_at]
                Clock.objects.filter(pk=clock.pk).update(
                    due_at=clock.due_at - shift, step_at=moved, next_step_at=moved[0]
                )
        swept = together(*[sweep] * 6)
        assert refused(swept) == []
        with tenancy.scope(acme.pk):
            due = [(c.pk, n) for c in Clock.objects.all() for n in range(c.next_step)]
            assert sorted(Step.objects.values_list("clock_id", "step")) == sorted(due)
            assert sum(each.steps for each in swept) == len(due) > ROUNDS
            assert sum(each.clocks for each in swept) == ROUNDS
            assert Notification.objects.count() == 2 * ROUNDS  # the owner and the manager of each, told of the highest

    def test_a_sweep_and_a_verdict_do_not_lose_each_other(
        self, acme: Workspace, handoffs: list[Handoff], together: Together
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            past = scope.now - timedelta(seconds=1)
            Clock.objects.update(next_step_at=past)
        for each in handoffs:
            refused(together(partial(reject, each), sweep, partial(touch, each)))
            with tenancy.scope(acme.pk):
                is_sound(each.lead_id)


class TestScoring:
    def test_new_facts_and_a_new_arrival_hand_a_lead_off_once(
        self, acme: Workspace, reps: list[Member], together: Together
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            held = [leads.lead(at=scope.now, **{**leads.QUALIFIED, "employees": ""}) for _ in range(ROUNDS)]
        for each in held:
            person = {"email": each.person.email, "touchpoints": [{"kind": "demo_request"}], "employees": 120}

            def arrive(now: datetime, sent: dict[str, Any] = person) -> str:
                return intake.receive([leads.arrival(sent, at=now)], source=leads.source(), at=now)[0].status

            def learn(now: datetime, lead: Lead = each) -> None:
                facts.correct(lead, field="employees", value="120", by=reps[0], at=now)

            assert refused(together(arrive, learn, arrive)) == []
            with tenancy.scope(acme.pk):
                assert Handoff.objects.filter(lead=each).count() == 1
                is_sound(each.pk)
