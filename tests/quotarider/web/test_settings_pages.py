"""Each page of the settings: who may, what it does, what it refuses."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import ApiKey, Invitation, Member, Workspace
from quotarider.audit.models import Entry
from quotarider.notifications.models import Outbox
from tests.factories.accounts import api_key

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]

OWNERS = {"revops", "admin"}
EVERYBODY = {"rep", "manager", "marketer", "marketing_manager", *OWNERS}
PAGES = [
    ("settings/members/", OWNERS),
    ("settings/keys/", OWNERS),
    ("settings/audit/", OWNERS),
    ("settings/profile/", EVERYBODY),
    ("notifications/", EVERYBODY),
    ("notifications/bell/", EVERYBODY),
]


def deeds(workspace: Workspace) -> list[tuple[str, str]]:
    with tenancy.scope(workspace.pk):
        found = Entry.objects.filter(subject__in=["member", "invitation", "key"])
        return list(found.order_by("id").values_list("action", "subject"))


def shown_link(response: Any) -> str:
    found = re.search(r'id="invitation-link"[^>]*>([^<]+)<', response.content.decode())
    assert found
    return found[1]


class TestWhoMaySee:
    @pytest.mark.parametrize("path, allowed", PAGES)
    @pytest.mark.parametrize("person", sorted(EVERYBODY))
    def test_a_page_answers_by_role(
        self, request: pytest.FixtureRequest, client_for: ClientFor, person: str, path: str, allowed: set[str]
    ) -> None:
        client = client_for(request.getfixturevalue(person))
        assert client.get(f"/w/acme/{path}").status_code == (200 if person in allowed else 403)

    @pytest.mark.parametrize("path", [path for path, _ in PAGES])
    def test_outsiders_get_404(self, client_for: ClientFor, acme: Workspace, outsider: Member, path: str) -> None:
        assert client_for(outsider).get(f"/w/acme/{path}").status_code == 404

    @pytest.mark.parametrize("path", [path for path, _ in PAGES])
    def test_guests_sign_in_first(self, client: Client, acme: Workspace, path: str) -> None:
        response = client.get(f"/w/acme/{path}")
        assert (response.status_code, response.url) == (
            302,
            f"/accounts/login/?next=%2Fw%2Facme%2F{path.replace('/', '%2F')}",
        )

    def test_a_closed_seat_gets_404(self, client_for: ClientFor, rep: Member) -> None:
        Member.objects.filter(pk=rep.pk).update(is_active=False)
        assert client_for(rep).get("/w/acme/settings/profile/").status_code == 404

    @pytest.mark.parametrize("path", ["settings/members/", "settings/keys/"])
    def test_denied_writers_change_nothing(self, client_for: ClientFor, rep: Member, path: str) -> None:
        data = {"email": "x@acme.test", "role": "admin", "name": "x", "source": "x", "scopes": "leads:read"}
        assert client_for(rep).post(f"/w/acme/{path}", data).status_code == 403
        assert not Invitation.objects.exists()
        assert not ApiKey.objects.exists()


class TestTheShell:
    def test_shows_settings_to_those_who_may(self, client_for: ClientFor, admin: Member, rep: Member) -> None:
        assert 'href="/w/acme/settings/"' in client_for(admin).get("/w/acme/settings/profile/").content.decode()
        assert 'href="/w/acme/settings/"' not in client_for(rep).get("/w/acme/settings/profile/").content.decode()

    def test_carries_the_servers_time(self, client_for: ClientFor, rep: Member) -> None:
        response = client_for(rep).get("/w/acme/settings/profile/")
        assert response.headers["X-Server-Now"].endswith("+00:00")
        assert 'name="server-now"' in response.content.decode()

    def test_answers_htmx_with_the_piece_alone(self, client_for: ClientFor, rep: Member) -> None:
        text = client_for(rep, htmx=True).get("/w/acme/settings/profile/").content.decode()
        assert "<html" not in text
        assert 'id="profile"' in text


class TestInvite:
    def test_mails_the_link_and_shows_it_once(self, client_for: ClientFor, admin: Member) -> None:
        client = client_for(admin)
        response = client.post("/w/acme/settings/members/", {"email": "New@acme.test", "role": "marketer"})
        invitation = Invitation.objects.get()
        link = shown_link(response)
        assert (invitation.email, invitation.role, invitation.invited_by) == ("new@acme.test", "marketer", admin)
        with tenancy.scope(admin.workspace_id):
            letter = Outbox.objects.get()
        assert letter.payload["to"] == "new@acme.test"
        assert link.removeprefix("http://testserver") in letter.payload["text"]
        assert deeds(admin.workspace) == [("invite member", "invitation")]
        assert "/join/" not in client.get("/w/acme/settings/members/").content.decode()
        assert mail.outbox == []

    def test_refuses_an_address_that_has_a_seat(self, client_for: ClientFor, admin: Member, rep: Member) -> None:
        data = {"email": rep.user.email, "role": "marketer"}
        response = client_for(admin).post("/w/acme/settings/members/", data)
        assert response.status_code == 422
        assert response.context["form"].errors == {"email": ["This address already has a seat in the workspace."]}
        assert not Invitation.objects.exists()

    def test_needs_a_known_role(self, client_for: ClientFor, admin: Member) -> None:
        data = {"email": "new@acme.test", "role": "emperor"}
        assert client_for(admin).post("/w/acme/settings/members/", data).status_code == 422
        assert not Invitation.objects.exists()

    def test_can_be_withdrawn(self, client_for: ClientFor, client: Client, admin: Member) -> None:
        manager = client_for(admin)
        link = shown_link(manager.post("/w/acme/settings/members/", {"email": "n@acme.test", "role": "rep"}))
        invitation = Invitation.objects.get()
        manager.post(f"/w/acme/settings/invitations/{invitation.public_id}/revoke/")
        assert client.get(link).status_code == 410
        assert deeds(admin.workspace)[-1] == ("withdraw invitation", "invitation")

    def test_that_of_another_workspace_can_not(self, client_for: ClientFor, admin: Member, outsider: Member) -> None:
        client_for(admin).post("/w/acme/settings/members/", {"email": "n@acme.test", "role": "rep"})
        invitation = Invitation.objects.get()
        path = f"/w/rival/settings/invitations/{invitation.public_id}/revoke/"
        assert client_for(outsider).post(path).status_code == 404
        assert Invitation.objects.get().revoked_at is None


class TestChangeMember:
    def test_gives_another_role(self, client_for: ClientFor, admin: Member, rep: Member) -> None:
        data = {f"{rep.public_id}-role": "sales_manager", f"{rep.public_id}-is_active": "on"}
        response = client_for(admin).post(f"/w/acme/settings/members/{rep.public_id}/", data)
        rep.refresh_from_db()
        assert (response.status_code, rep.role, rep.is_active) == (302, "sales_manager", True)
        assert deeds(admin.workspace) == [("change member", "member")]

    def test_keeps_the_last_admin(self, client_for: ClientFor, admin: Member) -> None:
        data = {f"{admin.public_id}-role": "rep", f"{admin.public_id}-is_active": "on"}
        response = client_for(admin).post(f"/w/acme/settings/members/{admin.public_id}/", data)
        admin.refresh_from_db()
        assert (response.status_code, admin.role) == (422, "admin")
        assert "Give somebody else the role" in response.content.decode()

    def test_tells_htmx_by_a_toast(self, client_for: ClientFor, admin: Member) -> None:
        path = f"/w/acme/settings/members/{admin.public_id}/"
        response = client_for(admin, htmx=True).post(path, {f"{admin.public_id}-role": "rep"})
        assert response.status_code == 422
        assert response.headers["HX-Reswap"] == "none"
        assert "Give somebody else" in response.headers["HX-Trigger"]

    def test_does_not_reach_another_workspace(self, client_for: ClientFor, outsider: Member, rep: Member) -> None:
        data = {f"{rep.public_id}-role": "admin", f"{rep.public_id}-is_active": "on"}
        assert client_for(outsider).post(f"/w/rival/settings/members/{rep.public_id}/", data).status_code == 404
        rep.refresh_from_db()
        assert rep.role == "rep"

    def test_takes_no_get(self, client_for: ClientFor, admin: Member, rep: Member) -> None:
        assert client_for(admin).get(f"/w/acme/settings/members/{rep.public_id}/").status_code == 405


class TestKeys:
    DATA = {"name": "Website", "source": "website", "scopes": ["leads:write"]}

    def test_shows_the_token_once(self, client_for: ClientFor, revops: Member) -> None:
        client = client_for(revops)
        response = client.post("/w/acme/settings/keys/", self.DATA)
        token, key = response.context["token"], ApiKey.objects.get()
        assert token in response.content.decode()
        assert accounts.key_for(token) == key
        assert (key.scopes, key.source, key.is_trusted) == (["leads:write"], "website", False)
        assert token not in client.get("/w/acme/settings/keys/").content.decode()
        assert deeds(revops.workspace) == [("create key", "key")]

    def test_needs_a_scope(self, client_for: ClientFor, revops: Member) -> None:
        assert client_for(revops).post("/w/acme/settings/keys/", {**self.DATA, "scopes": []}).status_code == 422
        assert not ApiKey.objects.exists()

    def test_refuses_an_unknown_scope(self, client_for: ClientFor, revops: Member) -> None:
        assert client_for(revops).post("/w/acme/settings/keys/", {**self.DATA, "scopes": ["root"]}).status_code == 422

    def test_a_revoked_one_proves_nothing(self, client_for: ClientFor, revops: Member) -> None:
        key, token = api_key(revops)
        client_for(revops).post(f"/w/acme/settings/keys/{key.public_id}/revoke/")
        assert accounts.key_for(token) is None
        assert deeds(revops.workspace) == [("revoke key", "key")]

    def test_that_of_another_workspace_stays(self, client_for: ClientFor, revops: Member, outsider: Member) -> None:
        key, token = api_key(revops)
        assert client_for(outsider).post(f"/w/rival/settings/keys/{key.public_id}/revoke/").status_code == 404
        assert accounts.key_for(token) == key


class TestProfile:
    def test_changes_name_and_zone(self, client_for: ClientFor, rep: Member) -> None:
        data = {"name": "Dana Kim", "timezone": "America/New_York"}
        client_for(rep).post("/w/acme/settings/profile/", data)
        changed = Member.objects.get(pk=rep.pk)
        assert (changed.name, changed.timezone) == ("Dana Kim", "America/New_York")

    def test_refuses_an_unknown_zone(self, client_for: ClientFor, rep: Member) -> None:
        data = {"name": "Dana Kim", "timezone": "Mars/Olympus"}
        assert client_for(rep).post("/w/acme/settings/profile/", data).status_code == 422
        assert Member.objects.get(pk=rep.pk).timezone == ""

    def test_pages_show_times_in_that_zone(self, client_for: ClientFor, rep: Member) -> None:
        Member.objects.filter(pk=rep.pk).update(timezone="America/New_York")
        text = client_for(rep).get("/w/acme/settings/profile/").content.decode()
        assert 'data-zone="America/New_York"' in text


class TestAudit:
    def test_is_read_a_page_at_a_time(self, client_for: ClientFor, admin: Member) -> None:
        with tenancy.scope(admin.workspace_id) as scope:
            Entry.objects.bulk_create(
                Entry(at=scope.now, member=admin, action=f"did {n}", subject="thing", subject_id=n) for n in range(60)
            )
        client = client_for(admin)
        first = client.get("/w/acme/settings/audit/")
        second = client.get("/w/acme/settings/audit/", {"before": first.context["following"]})
        assert [entry.subject_id for entry in first.context["entries"]] == list(range(59, 9, -1))
        assert [entry.subject_id for entry in second.context["entries"]][:10] == list(range(9, -1, -1))

    def test_refuses_a_forged_cursor(self, client_for: ClientFor, admin: Member) -> None:
        assert client_for(admin).get("/w/acme/settings/audit/?before=7").status_code == 404
