"""Signing up, signing in, and getting to where one's work is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quotarider import tenancy
from quotarider.accounts import actions as accounts
from quotarider.accounts.models import Invitation, Member, User, Workspace
from tests.factories.accounts import PASSWORD, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
SIGN_UP = {
    "name": "Ada Byron",
    "email": "Ada@new.test",
    "password1": "a long enough secret",
    "workspace_name": "New Company",
    "timezone": "Europe/Berlin",
}


def invited(by: Member, email: str = "ada@new.test", role: str = "marketer") -> str:
    with tenancy.scope(by.workspace_id) as scope:
        return accounts.invite(by.workspace, email=email, role=role, by=by, at=scope.now)[1]


class TestSignUp:
    def test_founds_a_workspace(self, client: Client) -> None:
        response = client.post("/accounts/signup/", SIGN_UP)
        member = Member.objects.get()
        assert (response.status_code, response.url) == (302, "/")
        assert (member.user.email, member.user.name, member.role) == ("ada@new.test", "Ada Byron", "admin")
        assert (member.workspace.name, member.workspace.timezone) == ("New Company", "Europe/Berlin")
        assert client.get("/").url == "/w/new-company/"

    @pytest.mark.parametrize("missing", ["name", "email", "password1", "workspace_name", "timezone"])
    def test_needs_each_field(self, client: Client, missing: str) -> None:
        response = client.post("/accounts/signup/", {**SIGN_UP, missing: ""})
        assert missing in response.context["form"].errors
        assert not User.objects.exists()
        assert not Workspace.objects.exists()

    def test_leaves_no_user_without_a_workspace(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise RuntimeError("no Agreement")

        client.raise_request_exception = False
        monkeypatch.setattr("quotarider.tenancy.actions.found", fail)
        assert client.post("/accounts/signup/", SIGN_UP).status_code == 500
        assert not User.objects.exists()

    def test_pages_for_guests_ask_the_database_nothing(
        self, client: Client, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        with django_assert_num_queries(0):
            assert client.get("/accounts/login/").status_code == 200
            assert client.get("/nowhere/").status_code == 404


class TestSignIn:
    def test_by_email_in_any_case(self, client: Client, rep: Member) -> None:
        response = client.post("/accounts/login/", {"login": rep.user.email.upper(), "password": PASSWORD})
        assert (response.status_code, response.url) == (302, "/")

    def test_not_with_a_wrong_password(self, client: Client, rep: Member) -> None:
        response = client.post("/accounts/login/", {"login": rep.user.email, "password": "wrong"})
        assert response.status_code == 200
        assert "_auth_user_id" not in client.session

    def test_leads_back_to_where_one_wanted_to_go(self, client: Client, rep: Member) -> None:
        wanted = client.get("/w/acme/settings/profile/").url
        response = client.post(
            wanted, {"login": rep.user.email, "password": PASSWORD, "next": "/w/acme/settings/profile/"}
        )
        assert response.url == "/w/acme/settings/profile/"


class TestHome:
    def test_sends_guests_to_sign_in(self, client: Client) -> None:
        assert client.get("/").url == "/accounts/login/?next=/"

    def test_with_one_seat_goes_there(self, client_for: ClientFor, rep: Member) -> None:
        assert client_for(rep).get("/").url == "/w/acme/"

    def test_with_several_seats_asks(self, client_for: ClientFor, rep: Member, rival: Workspace) -> None:
        MemberFactory(workspace=rival, user=rep.user)
        client = client_for(rep)
        assert client.get("/").url == "/workspaces/"
        text = client.get("/workspaces/").content.decode()
        assert 'href="/w/acme/"' in text
        assert 'href="/w/rival/"' in text

    def test_with_none_says_what_to_do(self, client: Client) -> None:
        client.force_login(UserFactory())
        assert "Ask a colleague for an invitation" in client.get("/", follow=True).content.decode()

    def test_a_closed_seat_is_none(self, client_for: ClientFor, rep: Member) -> None:
        Member.objects.filter(pk=rep.pk).update(is_active=False)
        assert client_for(rep).get("/").url == "/workspaces/"

    def test_of_a_workspace_is_a_page_the_member_may_see(
        self, request: pytest.FixtureRequest, client_for: ClientFor
    ) -> None:
        for person in ("rep", "manager", "marketer", "marketing_manager", "revops", "admin"):
            client = client_for(request.getfixturevalue(person))
            assert client.get("/w/acme/", follow=True).status_code == 200


class TestNewWorkspace:
    def test_makes_its_creator_the_admin(self, client_for: ClientFor, rep: Member) -> None:
        data = {"workspace_name": "Second", "timezone": "UTC"}
        assert client_for(rep).post("/workspaces/new/", data).url == "/w/second/"
        assert Member.objects.get(workspace__slug="second").role == "admin"

    def test_needs_a_name(self, client_for: ClientFor, rep: Member) -> None:
        assert client_for(rep).post("/workspaces/new/", {"timezone": "UTC"}).status_code == 422
        assert Workspace.objects.count() == 1


class TestJoin:
    def test_a_guest_signs_up_into_the_seat(self, client: Client, admin: Member) -> None:
        token = invited(admin)
        assert "Create an account" in client.get(f"/join/{token}/").content.decode()
        form = client.get("/accounts/signup/").context["form"]
        assert (list(form.fields), form.initial["email"]) == (["name", "email", "password1"], "ada@new.test")
        client.post("/accounts/signup/", SIGN_UP)
        member = Member.objects.get(user__email="ada@new.test")
        assert (member.workspace, member.role) == (admin.workspace, "marketer")
        assert Workspace.objects.count() == 1
        assert client.get("/").url == "/w/acme/"

    def test_another_address_gets_no_seat_by_signing_up(self, client: Client, admin: Member) -> None:
        client.get(f"/join/{invited(admin)}/")
        response = client.post("/accounts/signup/", {**SIGN_UP, "email": "eve@new.test"})
        assert "email" in response.context["form"].errors
        assert not User.objects.filter(email="eve@new.test").exists()

    def test_somebody_who_signs_in_is_led_back_and_asked(self, client: Client, admin: Member) -> None:
        user = UserFactory(email="ada@new.test")
        token = invited(admin)
        client.get(f"/join/{token}/")
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert client.get("/").url == f"/join/{token}/"
        assert client.post(f"/join/{token}/").url == "/w/acme/"
        assert Member.objects.get(user=user).role == "marketer"

    def test_looking_takes_no_seat(self, client: Client, admin: Member) -> None:
        client.force_login(UserFactory(email="ada@new.test"))
        assert client.get(f"/join/{invited(admin)}/").status_code == 200
        assert Member.objects.count() == 1

    def test_is_refused_for_another_address(self, client_for: ClientFor, client: Client, admin: Member) -> None:
        client.force_login(UserFactory(email="eve@new.test"))
        response = client.post(f"/join/{invited(admin)}/")
        assert response.status_code == 422
        assert "another e-mail address" in response.content.decode()
        assert Member.objects.count() == 1

    def test_is_refused_after_three_days(self, client: Client, admin: Member, move_time: Callable[..., None]) -> None:
        client.force_login(UserFactory(email="ada@new.test"))
        token = invited(admin)
        move_time(timedelta(hours=72))
        response = client.post(f"/join/{token}/")
        assert (response.status_code, Member.objects.count()) == (422, 1)
        assert "no longer valid" in response.content.decode()

    def test_works_once(self, client: Client, admin: Member) -> None:
        client.force_login(UserFactory(email="ada@new.test"))
        token = invited(admin)
        assert client.post(f"/join/{token}/").status_code == 302
        assert client.post(f"/join/{token}/").status_code == 410

    def test_a_newer_invitation_replaces_it(self, client: Client, admin: Member) -> None:
        client.force_login(UserFactory(email="ada@new.test"))
        old, new = invited(admin), invited(admin, role="rep")
        assert client.post(f"/join/{old}/").status_code == 410
        assert client.post(f"/join/{new}/").status_code == 302

    def test_wakes_a_closed_seat(self, client: Client, admin: Member, rep: Member) -> None:
        Member.objects.filter(pk=rep.pk).update(is_active=False)
        client.force_login(rep.user)
        client.post(f"/join/{invited(admin, rep.user.email)}/")
        assert Member.objects.get(pk=rep.pk).is_active
        assert Invitation.objects.get().accepted_at is not None

    def test_an_unknown_link_says_so(self, client: Client) -> None:
        response = client.get("/join/nonsense/")
        assert response.status_code == 410
        assert "no longer valid" in response.content.decode()
