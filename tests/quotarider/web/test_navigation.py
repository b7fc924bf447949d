from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from quotarider.accounts.models import Member
from quotarider.web import navigation
from quotarider.web.navigation import NavItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty registry for the time of a test."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_extras", {})


def request_of(member: Member, path: str = "/") -> object:
    request = RequestFactory().get(path)
    request.member = member
    return request


class TestGroups:
    def test_are_in_order_and_hold_what_the_role_may_see(self, rep: Member, admin: Member) -> None:
        navigation.register(
            NavItem("Keys", "settings:keys", "manage_keys", group="Data"),
            NavItem("Second", "settings:profile", None, order=20),
            NavItem("First", "notifications:list", None, order=10),
        )
        assert [[item.label for item in group.items] for group in navigation.groups(request_of(rep))] == [
            ["First", "Second"]
        ]
        assert [group.label for group in navigation.groups(request_of(admin))] == ["", "Data"]

    def test_mark_the_place_with_the_longest_path(self, admin: Member) -> None:
        navigation.register(
            NavItem("All", "settings:index", None),
            NavItem("Members", "settings:members", None),
        )
        [group] = navigation.groups(request_of(admin, "/w/acme/settings/members/"))
        assert [(item.label, item.is_current) for item in group.items] == [("All", False), ("Members", True)]

    def test_carry_counts_and_leave_out_zero(self, rep: Member) -> None:
        navigation.register(
            NavItem("Seven", "settings:index", None, count=lambda request: (7, True), key="late"),
            NavItem("None", "settings:profile", None, count=lambda request: (0, False)),
            NavItem("Unknown", "notifications:list", None, count=lambda request: None),
        )
        [group] = navigation.groups(request_of(rep))
        assert [(item.count, item.is_hot) for item in group.items] == [(7, True), (None, False), (None, False)]


class TestFirstScreen:
    def test_is_that_of_the_role(self, rep: Member, admin: Member) -> None:
        navigation.register(
            NavItem("A", "settings:keys", "manage_keys", order=1),
            NavItem("B", "notifications:list", None, order=2),
            NavItem("C", "settings:index", None, order=3, first_for=("rep",)),
        )
        assert navigation.first_screen(rep) == "/w/acme/settings/"
        assert navigation.first_screen(admin) == "/w/acme/settings/keys/"

    def test_is_the_profile_where_there_is_nothing(self, rep: Member) -> None:
        assert navigation.first_screen(rep) == "/w/acme/settings/profile/"


class TestProvided:
    def test_values_reach_the_shell(self, client_for: Callable[..., Client], rep: Member) -> None:
        navigation.provide("pulse_url", lambda request: "/pulse/here/")
        assert "/pulse/here/" in client_for(rep).get("/w/acme/settings/profile/").content.decode()
