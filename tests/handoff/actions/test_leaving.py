"""A member leaves, and nothing is left behind."""

import pytest

from handoff import queries
from handoff.actions import giving
from handoff.models import Handoff, Seat, Team
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member
from quotarider.web import actions
from sla.models import Clock
from tests.factories import leads
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(admin: Member) -> Member:
    return MemberFactory(workspace=admin.workspace, role="rep", user__email="colleague@acme.test")


def _leave(member: Member, by: Member, scope: tenancy.Scope) -> None:
    actions.change_member(member, role=member.role, is_active=False, by=by, at=scope.now)


class TestARepWhoLeaves:
    def test_hands_open_leads_to_the_next_in_turn(
        self, rep: Member, colleague: Member, admin: Member, in_acme: tenancy.Scope
    ) -> None:
        giving.add_seat(queries.default_team(), rep)
        lead = leads.lead(at=in_acme.now, **leads.QUALIFIED)
        giving.add_seat(queries.default_team(), colleague)

        _leave(rep, admin, in_acme)

        handoff = Handoff.objects.get(lead=lead, ended_at=None)
        assert (handoff.owner_id, handoff.epoch) == (colleague.pk, 2)
        assert handoff.explanation.startswith("Rep left; ")
        assert Clock.objects.get(lead=lead, met_at=None, cancelled_at=None).owner_id == colleague.pk
        assert Lead.objects.get(pk=lead.pk).owner_id == colleague.pk

    def test_leaves_them_to_the_teams_queue_where_nobody_is_in(
        self, rep: Member, admin: Member, in_acme: tenancy.Scope
    ) -> None:
        giving.add_seat(queries.default_team(), rep)
        lead = leads.lead(at=in_acme.now, **leads.QUALIFIED)

        _leave(rep, admin, in_acme)

        handoff = Handoff.objects.get(lead=lead, ended_at=None)
        assert (handoff.owner_id, handoff.in_team_queue) == (queries.default_team().manager_id, True)
        assert not Seat.objects.get(member=rep).is_active

    def test_hands_over_the_team_too(self, manager: Member, admin: Member, in_acme: tenancy.Scope) -> None:
        Team.objects.update(manager=manager)

        _leave(manager, admin, in_acme)

        assert queries.default_team().manager_id == admin.pk

    def test_keeps_nothing_when_changing_sides(
        self, rep: Member, colleague: Member, admin: Member, in_acme: tenancy.Scope
    ) -> None:
        giving.add_seat(queries.default_team(), rep)
        leads.lead(at=in_acme.now, **leads.QUALIFIED)
        giving.add_seat(queries.default_team(), colleague)

        actions.change_member(rep, role="marketer", is_active=True, by=admin, at=in_acme.now)

        assert not Handoff.objects.filter(owner=rep, ended_at=None).exists()


class TestAMarketerWhoLeaves:
    def test_gives_leads_and_clocks_to_who_answers_for_marketing(
        self, marketing_manager: Member, marketer: Member, admin: Member, in_acme: tenancy.Scope
    ) -> None:
        lead = leads.lead(at=in_acme.now, **leads.NURTURED)
        assert lead.owner_id == marketing_manager.pk

        _leave(marketing_manager, admin, in_acme)

        assert Lead.objects.get(pk=lead.pk).owner_id == marketer.pk
        assert Clock.objects.get(lead=lead).owner_id == marketer.pk
