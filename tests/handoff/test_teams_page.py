"""Settings: teams, seats, managers, absences."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handoff.actions import absences
from handoff.models import Absence, Handoff, Seat, Team
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.audit.models import Entry
from sla.models import Clock
from tests.factories import leads as lead_factory

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
TEAMS = "/w/acme/settings/teams/"


def audited(acme: Workspace) -> list[str]:
    with tenancy.scope(acme.pk):
        return list(
            Entry.objects.filter(subject__in=["team", "member"]).order_by("id").values_list("action", flat=True)
        )


def active(acme: Workspace) -> list[int]:
    with tenancy.scope(acme.pk):
        return list(Seat.objects.filter(is_active=True).order_by("member_id").values_list("member_id", flat=True))


def seat_of(acme: Workspace, member: Member) -> Seat:
    with tenancy.scope(acme.pk):
        return Seat.objects.get(member=member)


class TestPage:
    def test_shows_teams_to_those_who_manage_them(self, client_for: ClientFor, manager: Member, team: Team) -> None:
        page = client_for(manager).get(TEAMS).content.decode()
        assert (
            "Sales manager answers for its queue" in page
            and "In the rotation" in page
            and "Add to the rotation" in page
        )

    def test_shows_others_their_own_absences_only(
        self, client_for: ClientFor, rep: Member, colleague: Member, team: Team, acme: Workspace
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            day = timedelta(days=1)
            absences.note(colleague, starts_at=scope.now + day, ends_at=scope.now + 2 * day, by=colleague, at=scope.now)
        page = client_for(rep).get(TEAMS).content.decode()
        assert "In the rotation" not in page and "Colleague" not in page and "Out of office" in page

    def test_outsiders_get_404(self, client_for: ClientFor, outsider: Member, acme: Workspace) -> None:
        assert client_for(outsider).get(TEAMS).status_code == 404


class TestSeats:
    def test_are_added_once_and_removed_once(
        self, client_for: ClientFor, manager: Member, rep: Member, colleague: Member, team: Team, acme: Workspace
    ) -> None:
        client = client_for(manager)
        data = {f"seat-{team.public_id}-member": str(colleague.public_id)}
        url = f"{TEAMS}{team.public_id}/seats/"
        assert client.post(url, data).status_code == 302
        assert client.post(url, data).status_code == 422  # is in it
        assert active(acme) == [rep.pk, colleague.pk]
        remove = f"/w/acme/settings/seats/{seat_of(acme, rep).public_id}/remove/"
        assert client.post(remove).status_code == 302
        assert client.post(remove).status_code == 404
        assert active(acme) == [colleague.pk]
        assert audited(acme) == ["add seat", "remove seat"]

    def test_a_removed_one_starts_level_when_it_comes_back(
        self, client_for: ClientFor, manager: Member, rep: Member, colleague: Member, team: Team, acme: Workspace
    ) -> None:
        with tenancy.scope(acme.pk):
            Seat.objects.update(given=40)
        data = {f"seat-{team.public_id}-member": str(colleague.public_id)}
        client_for(manager).post(f"{TEAMS}{team.public_id}/seats/", data)
        assert seat_of(acme, colleague).given == 40

    def test_leads_in_hand_stay(
        self, client_for: ClientFor, manager: Member, rep: Member, given: Any, acme: Workspace, fresh: Any
    ) -> None:
        handoff = given()
        client_for(manager).post(f"/w/acme/settings/seats/{seat_of(acme, rep).public_id}/remove/")
        assert (fresh(handoff).owner_id, fresh(handoff).ended_at) == (rep.pk, None)

    @pytest.mark.parametrize("person", ["marketer", "outsider"])
    def test_are_not_for_marketing_or_strangers(
        self,
        request: pytest.FixtureRequest,
        client_for: ClientFor,
        manager: Member,
        team: Team,
        acme: Workspace,
        person: str,
    ) -> None:
        before = active(acme)
        data = {f"seat-{team.public_id}-member": str(request.getfixturevalue(person).public_id)}
        assert client_for(manager).post(f"{TEAMS}{team.public_id}/seats/", data).status_code == 422
        assert active(acme) == before

    def test_reps_may_not(self, client_for: ClientFor, rep: Member, team: Team, acme: Workspace) -> None:
        client, seat = client_for(rep), seat_of(acme, rep)
        for path in (
            f"teams/{team.public_id}/seats/",
            f"teams/{team.public_id}/manager/",
            f"seats/{seat.public_id}/remove/",
        ):
            assert client.post(f"/w/acme/settings/{path}").status_code == 403
            assert client.get(f"/w/acme/settings/{path}").status_code == 405
        assert active(acme) == [rep.pk] and audited(acme) == []


class TestManager:
    def test_takes_the_queue_along(
        self, client_for: ClientFor, admin: Member, manager: Member, acme: Workspace
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            lead = lead_factory.lead(at=scope.now, **lead_factory.QUALIFIED)
            team = Team.objects.get()
            assert lead.owner_id == team.manager_id == admin.pk
        url, data = f"{TEAMS}{team.public_id}/manager/", {f"manager-{team.public_id}-manager": str(manager.public_id)}
        client = client_for(admin)
        assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
        with tenancy.scope(acme.pk):
            handoff = Handoff.objects.get(lead=lead, ended_at=None)
            assert (handoff.owner_id, handoff.in_team_queue, handoff.epoch) == (manager.pk, True, 2)
            assert (Lead.objects.get(pk=lead.pk).owner_id, Team.objects.get().manager_id) == (manager.pk, manager.pk)
            clock = Clock.objects.get(lead=lead, met_at=None, cancelled_at=None)
            assert (clock.owner_id, clock.manager_id) == (manager.pk, manager.pk)
        assert audited(acme) == ["change manager"]

    def test_must_be_able_to_reassign(
        self, client_for: ClientFor, admin: Member, rep: Member, team: Team, fresh: Any
    ) -> None:
        data = {f"manager-{team.public_id}-manager": str(rep.public_id)}
        assert client_for(admin).post(f"{TEAMS}{team.public_id}/manager/", data).status_code == 422
        assert fresh(team).manager_id == team.manager_id


class TestAbsences:
    URL = "/w/acme/settings/absences/"

    def test_everybody_notes_their_own(self, client_for: ClientFor, marketer: Member, acme: Workspace) -> None:
        data = {"member": str(marketer.public_id), "starts_at": "tomorrow 9", "ends_at": "in 7 days"}
        response = client_for(marketer).post(self.URL, {f"absence-{name}": value for name, value in data.items()})
        assert response.status_code == 302
        with tenancy.scope(acme.pk):
            assert Absence.objects.get().member_id == marketer.pk

    def test_but_not_others(self, client_for: ClientFor, rep: Member, colleague: Member, acme: Workspace) -> None:
        data = {"member": str(colleague.public_id), "starts_at": "tomorrow 9", "ends_at": "in 7 days"}
        response = client_for(rep).post(self.URL, {f"absence-{name}": value for name, value in data.items()})
        assert response.status_code == 422
        with tenancy.scope(acme.pk):
            assert not Absence.objects.exists()

    def test_end_after_they_start(self, client_for: ClientFor, rep: Member, acme: Workspace) -> None:
        data = {"member": str(rep.public_id), "starts_at": "in 7 days", "ends_at": "tomorrow 9"}
        response = client_for(rep).post(self.URL, {f"absence-{name}": value for name, value in data.items()})
        assert response.status_code == 422 and "after the start" in response.content.decode()

    def test_are_withdrawn_by_their_member_or_a_manager_only(
        self, client_for: ClientFor, rep: Member, colleague: Member, manager: Member, acme: Workspace
    ) -> None:
        urls = []
        for _ in range(2):
            with tenancy.scope(acme.pk) as scope:
                day = timedelta(days=1)
                noted = absences.note(rep, starts_at=scope.now, ends_at=scope.now + day, by=rep, at=scope.now)
                noted.refresh_from_db()
                urls.append(f"{self.URL}{noted.public_id}/withdraw/")
        assert client_for(colleague).post(urls[0]).status_code == 404
        assert client_for(rep).get(urls[0]).status_code == 405
        assert client_for(rep).post(urls[0]).status_code == 302
        assert client_for(rep).post(urls[0]).status_code == 404
        assert client_for(manager).post(urls[1]).status_code == 302
        with tenancy.scope(acme.pk):
            assert not Absence.objects.exists()
