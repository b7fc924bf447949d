"""The demo: told once for the whole module, with a tenth of its leads, on a Tuesday morning; nothing is committed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from feedback.models import Outcome, Verdict
from handoff.models import Handoff, Seat
from leads.models import Lead
from leads.rules import states
from quotarider import invariants, tenancy
from quotarider.accounts.models import Member, User, Workspace
from quotarider.demo import cast, seed
from quotarider.notifications.models import Notification, Outbox
from sla.models import Agreement, Clock, Step
from sla.models.clocks import RUNNING

ANCHOR = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
SCALE = 0.1


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Workspace]:
    with django_db_blocker.unblock(), transaction.atomic():
        assert seed.quick(scale=SCALE, at=ANCHOR) > 10
        yield Workspace.objects.get(slug="demo")
        transaction.set_rollback(True)


@pytest.fixture
def in_demo(demo: Workspace) -> Iterator[tenancy.Scope]:
    with tenancy.scope(demo.pk) as scope:
        yield scope


@pytest.fixture
def rep(demo: Workspace) -> Member:
    return Member.objects.get(workspace=demo, user__email=cast.REP.email)


def story_of(workspace: Workspace) -> list[tuple[Any, ...]]:
    """What happened, in words that two workspaces can be compared by."""
    with tenancy.scope(workspace.pk):
        leads = Lead.objects.order_by("external_id")
        verdicts = Verdict.objects.order_by("lead__external_id", "at", "kind")
        return [
            *leads.values_list("external_id", "person__email", "state", "score", "band", "arrived_at", "ended_at"),
            *verdicts.values_list("lead__external_id", "kind", "fact", "quote", "at", "member__user__email"),
        ]


class TestQuick:
    def test_the_same_seed_tells_the_same_story(self, demo: Workspace) -> None:
        seed.quick(scale=SCALE, at=ANCHOR, slug="again")

        assert story_of(Workspace.objects.get(slug="again")) == story_of(demo)

    def test_another_seed_tells_another(self, demo: Workspace) -> None:
        seed.quick(scale=SCALE, at=ANCHOR, slug="other", seed=7)

        assert story_of(Workspace.objects.get(slug="other")) != story_of(demo)

    def test_a_second_time_changes_nothing(self, demo: Workspace) -> None:
        before = story_of(demo)

        assert seed.quick(scale=SCALE, at=ANCHOR + timedelta(hours=3)) == 0
        assert story_of(demo) == before

    def test_every_open_lead_has_an_owner_and_a_running_clock(self, in_demo: tenancy.Scope) -> None:
        open_leads = Lead.objects.filter(state__in=states.OPEN)

        assert open_leads.exists()
        assert not open_leads.filter(owner=None).exists()
        assert not open_leads.exclude(pk__in=Clock.objects.filter(RUNNING).values("lead_id")).exists()

    def test_the_invariants_hold(self, demo: Workspace) -> None:
        assert invariants.of_workspace(demo).findings == []

    def test_the_ledger_adds_up(self, in_demo: tenancy.Scope) -> None:
        columns = Counter(states.ledger_column(state) for state in Lead.objects.values_list("state", flat=True))

        assert sum(columns.values()) == Lead.objects.count()
        assert set(columns) >= {"nurtured", "in_queue", "in_work", "closed"}

    def test_every_end_has_its_outcome(self, in_demo: tenancy.Scope) -> None:
        ended = Lead.objects.filter(state__in=states.CLOSED)

        assert set(ended.values_list("pk", flat=True)) == set(Outcome.objects.values_list("lead_id", flat=True))
        assert not ended.filter(state="won", amount=None).exists()

    def test_no_step_was_left_to_the_drivers(self, in_demo: tenancy.Scope) -> None:
        assert not Clock.objects.filter(RUNNING, next_step_at__lt=ANCHOR).exists()
        assert Step.objects.exists()
        assert all(step.due_at < step.noticed_at < step.due_at + timedelta(seconds=1) for step in Step.objects.all())

    def test_no_mail_is_left_to_be_sent(self, in_demo: tenancy.Scope) -> None:
        assert not Outbox.objects.filter(sent_at=None).exists()

    def test_only_the_last_hours_are_unread(self, in_demo: tenancy.Scope) -> None:
        unread = Notification.objects.filter(read_at=None)

        assert unread.exists()
        assert not unread.filter(told_at__lt=ANCHOR - seed.READ_BEFORE).exists()

    def test_reps_take_turns(self, in_demo: tenancy.Scope) -> None:
        assert Seat.objects.count() == len(cast.REPS)
        assert all(Seat.objects.values_list("given", flat=True))

    def test_versions_of_the_agreement_follow_one_another(self, in_demo: tenancy.Scope) -> None:
        began = list(Agreement.objects.order_by("version").values_list("in_force_from", flat=True))

        assert len(began) == 4
        assert began == sorted(began)


class TestTheRepsQueue:
    @pytest.fixture
    def queue(self, in_demo: tenancy.Scope, rep: Member) -> list[Handoff]:
        return list(Handoff.objects.filter(owner=rep, ended_at=None).order_by("act_by"))

    def test_one_first_touch_is_late_and_the_manager_was_told(
        self, queue: list[Handoff], demo: Workspace, in_demo: tenancy.Scope
    ) -> None:
        late = [handoff for handoff in queue if handoff.act_on == "first_touch" and handoff.act_by < ANCHOR]
        clock = Clock.objects.get(RUNNING, lead_id=late[0].lead_id)
        told = Notification.objects.filter(key__startswith=f"clock:{clock.pk}:", read_at=None)

        assert len(late) == 1
        assert clock.breached_at == clock.due_at
        assert cast.MANAGER.email in told.values_list("member__user__email", flat=True)

    def test_two_are_due_within_a_quarter_of_an_hour(self, queue: list[Handoff]) -> None:
        soon = [handoff for handoff in queue if ANCHOR < handoff.act_by <= ANCHOR + timedelta(minutes=15)]

        assert [(handoff.act_on, handoff.band) for handoff in soon] == [("first_touch", "hot")] * 2

    def test_more_are_due_later(self, queue: list[Handoff]) -> None:
        later = [h for h in queue if h.act_on == "first_touch" and h.act_by > ANCHOR + timedelta(minutes=15)]

        assert len(later) == 3

    def test_the_open_clocks_are_the_reps(self, queue: list[Handoff], rep: Member) -> None:
        owners = Clock.objects.filter(RUNNING, lead_id__in=[h.lead_id for h in queue]).values_list("owner", flat=True)

        assert set(owners) == {rep.pk}


class TestRest:
    def test_goes_on_where_it_was_stopped_and_then_has_nothing_to_do(self, demo: Workspace) -> None:
        with transaction.atomic():
            before = len(story_of(demo))
            stopped = sum(islice(seed.rest(scale=0.3, days=28), 1))
            rest = sum(seed.rest(scale=0.3, days=28))
            whole = len(story_of(demo))
            again = sum(seed.rest(scale=0.3, days=28))
            with tenancy.scope(demo.pk):
                older = Lead.objects.filter(arrived_at__lt=ANCHOR - timedelta(days=20, hours=12)).count()
                overdue = Clock.objects.filter(RUNNING, next_step_at__lt=ANCHOR).count()
                unsent = Outbox.objects.filter(sent_at=None).count()
            transaction.set_rollback(True)

        assert (again, overdue, unsent) == (0, 0, 0)
        assert 0 < stopped < stopped + rest == older
        assert before < whole


class TestSignIns:
    def test_there_is_one_for_each_role_and_it_works(self, demo: Workspace) -> None:
        for entry in cast.sign_ins():
            user = User.objects.get(email=entry["email"])
            member = Member.objects.get(user=user, workspace=demo)

            assert user.check_password(entry["password"])
            assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
            assert (member.role_label, member.name) == (entry["role"], entry["name"])
        assert len({entry["role"] for entry in cast.sign_ins()}) == 6

    def test_nobody_else_has_a_password(self, demo: Workspace) -> None:
        others = User.objects.filter(seats__workspace=demo).exclude(email__in=[e["email"] for e in cast.sign_ins()])

        assert others.exists()
        assert not any(user.has_usable_password() for user in others)
