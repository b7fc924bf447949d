"""The pulse: silent while nothing changed, right when something did, with or without the cache."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from handoff.actions import giving, pulse
from handoff.models import Handoff
from handoff.views.pulse import url_of
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace

pytestmark = pytest.mark.django_db
Given = Callable[..., Handoff]
Commits = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ask(client: Client, rep: Member) -> Callable[..., Any]:
    """`ask(version)`: the pulse of `rep`, by a browser that nobody is signed in to."""

    def get(version: str = "", member: Member = rep) -> Any:
        return client.get(url_of(member), {"version": version} if version else {})

    return get


class TestPulse:
    def test_begins_with_a_version_and_nothing_new(self, ask: Callable[..., Any], given: Given) -> None:
        given()
        response = ask()
        told = response.json()
        assert (response.status_code, told["new"], told["counts"]) == (200, 0, {"queue": 1})
        assert response["Cache-Control"].startswith("max-age=0") and "X-Server-Now" in response

    def test_is_silent_without_a_query_while_nothing_changes(
        self, ask: Callable[..., Any], given: Given, django_assert_num_queries: Any
    ) -> None:
        given()
        version = ask().json()["version"]
        with django_assert_num_queries(0):
            response = ask(version)
        assert (response.status_code, response.content) == (204, b"")

    def test_tells_of_a_new_lead_once_it_is_committed(
        self, ask: Callable[..., Any], given: Given, django_capture_on_commit_callbacks: Commits
    ) -> None:
        given()
        version = ask().json()["version"]
        with django_capture_on_commit_callbacks(execute=True):
            given()
        told = ask(version).json()
        assert (told["new"], told["title"], told["counts"]) == (1, "1 new lead", {"queue": 2})
        assert told["version"] != version

    def test_goes_on_counting_from_what_the_page_shows(
        self, ask: Callable[..., Any], given: Given, django_capture_on_commit_callbacks: Commits
    ) -> None:
        version = ask().json()["version"]
        for n in (1, 2, 3):
            with django_capture_on_commit_callbacks(execute=True):
                given()
            told = ask(version).json()
            version = told["version"]
            assert told["new"] == n

    def test_a_page_says_its_own_version(
        self, ask: Callable[..., Any], given: Given, client_for: Callable[..., Client], rep: Member
    ) -> None:
        given()
        page = client_for(rep).get("/w/acme/queue/")
        assert ask(page.context["pulse_version"]).status_code == 204
        assert f'data-pulse-version="{page.context["pulse_version"]}"' in page.content.decode()

    def test_a_lead_that_left_is_a_change_but_nothing_new(
        self,
        ask: Callable[..., Any],
        given: Given,
        acme: Workspace,
        colleague: Member,
        rep: Member,
        django_capture_on_commit_callbacks: Commits,
    ) -> None:
        handoff = given()
        mine, theirs = ask().json()["version"], ask(member=colleague).json()["version"]
        with django_capture_on_commit_callbacks(execute=True), tenancy.scope(acme.pk) as scope:
            giving.hand_over(handoff, to=colleague, why="", by=rep, at=scope.now)
        assert (ask(mine).json()["new"], ask(mine).json()["counts"]) == (0, {"queue": 0})
        assert ask(theirs, colleague).json()["new"] == 1

    def test_looks_into_the_database_when_the_cache_is_gone(self, ask: Callable[..., Any], given: Given) -> None:
        version = ask().json()["version"]
        given()  # and nobody marked it
        assert ask(version).status_code == 204
        cache.clear()
        assert ask(version).json()["new"] == 1

    def test_looks_again_after_fifteen_seconds(self, ask: Callable[..., Any]) -> None:
        ask()
        assert pulse.LOOKED_SECONDS == 15
        [key] = cache._cache.get_client().keys("*queue:*")
        assert 13 <= cache._cache.get_client().ttl(key) <= 15

    def test_a_change_outlives_a_look_that_began_before_it(self, rep: Member) -> None:
        pulse._mark([rep.pk])
        pulse.remember(rep.pk, "old")
        assert str(pulse.seen(rep.pk)).startswith("changed-")

    def test_becoming_late_is_a_change(
        self, ask: Callable[..., Any], given: Given, acme: Workspace, move_time: Callable[..., None]
    ) -> None:
        handoff = given()
        with tenancy.scope(acme.pk) as scope:
            Handoff.objects.filter(pk=handoff.pk).update(act_by=scope.now + timedelta(minutes=1))
        version = ask().json()["version"]
        move_time(timedelta(minutes=2))
        cache.clear()
        assert ask(version).status_code == 200

    @pytest.mark.parametrize("version", ["x", "x.y.z", ".", "é", "0" * 5000])
    def test_a_strange_version_is_as_none(self, ask: Callable[..., Any], given: Given, version: str) -> None:
        given()
        assert ask(version).status_code == 200


class TestToken:
    def test_a_forged_one_is_403(self, client: Client, db: None) -> None:
        assert client.get("/pulse/nonsense/").status_code == 403

    def test_it_ends_after_twelve_hours(self, client: Client, rep: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        url = url_of(rep)
        monkeypatch.setattr("handoff.views.pulse.LASTS_SECONDS", -1)
        assert client.get(url).status_code == 403

    def test_it_ends_with_the_seat(self, ask: Callable[..., Any], rep: Member) -> None:
        Member.objects.filter(pk=rep.pk).update(is_active=False)
        assert ask().status_code == 403

    def test_it_shows_no_one_s_name(self, ask: Callable[..., Any], given: Given) -> None:
        given(full_name="Amara Osei")
        assert "Amara" not in ask().content.decode()

    def test_it_takes_no_post(self, client: Client, rep: Member) -> None:
        assert client.post(url_of(rep)).status_code == 405

    def test_only_those_with_a_queue_are_given_one(
        self, client_for: Callable[..., Client], rep: Member, marketer: Member
    ) -> None:
        assert "data-pulse-url" in client_for(rep).get("/w/acme/settings/profile/").content.decode()
        assert "data-pulse-url" not in client_for(marketer).get("/w/acme/settings/profile/").content.decode()


class TestList:
    def test_comes_alone_with_its_heading_and_a_new_version(
        self, client_for: Callable[..., Client], rep: Member, given: Given
    ) -> None:
        given(full_name="Amara Osei")
        client = client_for(rep, htmx=True)
        response = client.get("/w/acme/queue/", headers={"HX-Target": "queue-list"})
        page = response.content.decode()
        assert (
            'id="queue-list"' in page and 'id="focus"' not in page and 'id="queue-heading" hx-swap-oob="true"' in page
        )
        assert "pulse-version" in response["HX-Trigger"]
