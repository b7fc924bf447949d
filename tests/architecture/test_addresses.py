"""Every address, asked by whom it is not for: guests, members of another workspace, and with another workspace's ids."""

import itertools
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from quotarider.api.permissions import HasScope
from quotarider.tenancy import scopes
from tests.architecture import addresses
from tests.architecture.addresses import ADDRESSES, API, NOBODY, OTHERS, PAGES, Address
from tests.architecture.catalogue import TENANT_MODELS
from tests.factories import world as worlds_factory
from tests.factories.world import World

FOR_GUESTS = {
    "account_login": "signing in",
    "account_signup": "signing up",
    "account_logout": "signing out",
    "account_inactive": "says that an account is closed",
    "account_email_verification_sent": "says that a mail was sent",
    "account_confirm_email": "the key in the mail is the proof",
    "account_confirm_login_code": "allauth's; leads back to signing in",
    "account_reset_password": "who forgot it can't sign in",
    "account_reset_password_done": "says that a mail was sent, if there is such an account",
    "account_reset_password_from_key": "the key in the mail is the proof",
    "account_reset_password_from_key_done": "says that it is done",
    "mfa_authenticate": "the second half of signing in; without the first it leads back",
    "healthz": "for load balancers; tells whether the database answers and nothing else",
    "healthz-clock": "for monitoring; tells how late the clocks are and nothing else",
    "join": "the token is the proof",
    "pulse": "the signed token is the proof; tells how many leads somebody has and nothing else",
    "schema": "the API's document holds no data",
    "api-docs": "the API's document holds no data",
}
NOT_OF_A_WORKSPACE = {"home", "workspaces", "workspace-new"}
GET_THAT_WRITES: dict[str, str] = {}
PAGES_WITH_IDS = [each for each in PAGES if each.ids]
API_WITH_IDS = [each for each in API if each.ids]
METHODS = ("GET", "POST")
ANY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


def named(addresses_: list[Address]) -> list[Any]:
    return [pytest.param(each, id=each.name) for each in addresses_]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of refusals are what these tests ask for."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def taken_back(worlds: Any) -> Iterator[None]:
    """What the test does to its own workspace is undone, so that the next finds all there."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ids(worlds: tuple[World, World]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    return worlds_factory.public_ids(worlds[0]), worlds_factory.public_ids(worlds[1])


@pytest.fixture(scope="module")
def signed_in(worlds: tuple[World, World]) -> Callable[[World, str], Client]:
    clients: dict[tuple[str, str], Client] = {}

    def client(world: World, role: str) -> Client:
        if (world.slug, role) not in clients:
            clients[world.slug, role] = Client()
            clients[world.slug, role].force_login(world.people[role].user)
        return clients[world.slug, role]

    return client


def some(world: World, found: dict[str, list[Any]], address: Address) -> Iterator[str]:
    for others in addresses.others_of(address, world):
        if not address.ids:
            yield address.path(others)
            continue
        for values in addresses.fillings(address, found, others):
            yield address.path(values)


def with_key(world: World) -> Client:
    return Client(headers={"Authorization": f"Bearer {world.token}"})


class TestTheList:
    def test_each_page_names_its_permission(self) -> None:
        assert [each.name for each in PAGES if not hasattr(each.view, "permission")] == []

    def test_each_endpoint_names_its_scope(self) -> None:
        endpoints = [each for each in API if each.name not in FOR_GUESTS]
        for each in endpoints:
            assert HasScope in each.view.cls.permission_classes, each.name
            assert getattr(each.view.cls, "required_scope", None), each.name

    def test_what_is_for_guests_is_reviewed(self) -> None:
        assert {n for n in FOR_GUESTS if n != "healthz-clock"} <= {each.name for each in ADDRESSES}

    def test_nothing_of_a_workspace_lies_outside_its_address(self) -> None:
        ours = {each.name for each in OTHERS if not each.route.startswith("accounts/")}
        assert ours - set(FOR_GUESTS) == NOT_OF_A_WORKSPACE

    def test_integers_never_name_an_object(self) -> None:
        assert [e.route for e in ADDRESSES if {k for n, k in e.arguments if n not in addresses.WORDS} & {"int"}] == []

    def test_each_argument_that_is_no_id_has_words_to_try(self) -> None:
        """Add them to tests/architecture/addresses.py, or nothing behind the address is tried."""
        names = {n for each in (*PAGES, *API) for n, kind in each.arguments if kind != "uuid" and n != "workspace"}
        assert names - set(addresses.WORDS) == set()


class TestGuests:
    @pytest.mark.parametrize("address", named([e for e in ADDRESSES if e.name not in FOR_GUESTS]))
    def test_are_turned_away_and_change_nothing(self, worlds: tuple[World, World], ids: Any, address: Address) -> None:
        before = addresses.checksum(worlds[0])
        for path in itertools.islice(some(worlds[0], ids[0], address), 2):
            for method in ANY_METHOD:
                response = Client().generic(method, path)
                if response.status_code == 302:
                    assert response["Location"].startswith("/accounts/login/"), path
                else:
                    assert response.status_code in (401, 403, 404, 405), (path, response.status_code)
        assert addresses.checksum(worlds[0]) == before

    @pytest.mark.parametrize("address", named(API))
    def test_a_wrong_key_is_no_key(self, worlds: tuple[World, World], ids: Any, address: Address) -> None:
        if address.name in FOR_GUESTS:
            return
        prefix, secret = worlds[0].token.rsplit("_", 1)
        for token in (f"{prefix}_{secret[:-1]}", f"{prefix}_{'x' * len(secret)}", "qr_", "x", ""):
            client = Client(headers={"Authorization": f"Bearer {token}"})
            assert client.post(next(some(worlds[0], ids[0], address))).status_code == 401


class TestOutsiders:
    @pytest.mark.parametrize("address", named(PAGES))
    def test_find_no_workspace_and_change_nothing(
        self, worlds: tuple[World, World], ids: Any, signed_in: Any, address: Address
    ) -> None:
        """As if it did not exist: the same answer as for a workspace that doesn't."""
        mine, other = worlds
        outsider = signed_in(other, "admin")
        before = addresses.checksum(mine)
        for path in itertools.islice(some(mine, ids[0], address), 2):
            for method in METHODS:
                found = outsider.generic(method, path)
                nowhere = outsider.generic(method, path.replace("/w/acme/", "/w/nowhere/"))
                assert found.status_code == nowhere.status_code, (method, path)
                assert found.status_code in (404, 405), (method, path)
                assert body(found, "acme") == body(nowhere, "nowhere")
        assert outsider.get(path).status_code == 404 or outsider.post(path).status_code == 404
        assert addresses.checksum(mine) == before


def body(response: Any, slug: str) -> bytes:
    """What an answer says, without the words that the question brought along."""
    return addresses.anonymous_of_ids(response.content).replace(slug.encode(), b"<slug>")


class TestForeignIds:
    @pytest.mark.parametrize("address", named(PAGES_WITH_IDS))
    def test_in_an_address_are_as_unknown_ones(
        self, worlds: tuple[World, World], ids: Any, signed_in: Any, address: Address
    ) -> None:
        mine, other = worlds
        client = signed_in(mine, addresses.who_may(address))
        before = addresses.checksum(other)
        for method in METHODS:
            self.compare(mine, ids, address, lambda path, m=method: client.generic(m, path))
        assert addresses.checksum(other) == before

    @pytest.mark.parametrize("address", named(API_WITH_IDS))
    def test_in_an_address_of_the_api_too(self, worlds: tuple[World, World], ids: Any, address: Address) -> None:
        mine, other = worlds
        client, before = with_key(mine), addresses.checksum(other)
        for method in ANY_METHOD:
            self.compare(mine, ids, address, lambda path, m=method: client.generic(m, path, "{}", "application/json"))
        assert addresses.checksum(other) == before

    @staticmethod
    def compare(mine: World, ids: Any, address: Address, ask: Callable[[str], Any]) -> None:
        for others in addresses.others_of(address, mine):
            unknown = ask(address.path({**others, **dict.fromkeys(address.ids, NOBODY)}))
            assert unknown.status_code in (404, 405)
            for values in addresses.fillings(address, ids[1], others, ids[0]):
                found = ask(address.path(values))
                assert found.status_code == unknown.status_code, address.path(values)
                assert addresses.anonymous_of_ids(found.content) == addresses.anonymous_of_ids(unknown.content)

    @pytest.mark.parametrize("address", named(PAGES_WITH_IDS))
    def test_beside_one_s_own_id_are_refused_in_a_body(
        self, worlds: tuple[World, World], ids: Any, signed_in: Any, taken_back: None, address: Address
    ) -> None:
        """A second id in the body of an address that one may use is where such holes are found in practice."""
        mine, other = worlds
        client = signed_in(mine, addresses.who_may(address))
        before = addresses.checksum(other)
        foreign = {field: [str(each) for each in addresses.choices(field, ids[1], 1)] for field in FIELDS}
        for values in addresses.fillings(address, ids[0], addresses.others_of(address, mine)[0], most=10):
            response = client.post(address.path(values), foreign)
            assert response.status_code < 500, address.path(values)
        assert addresses.checksum(other) == before
        assert not mentions(mine, other)

    @pytest.mark.parametrize("address", named([*PAGES, *API]))
    def test_in_a_query_find_nothing(
        self, worlds: tuple[World, World], ids: Any, signed_in: Any, address: Address
    ) -> None:
        mine, other = worlds
        client = with_key(mine) if address.is_api else signed_in(mine, addresses.who_may(address))
        foreign = {field: str(addresses.choices(field, ids[1], 1)[0]) for field in FIELDS}
        queries = [foreign] if address.ids else [foreign, *({field: each} for field, each in foreign.items())]
        path = next(some(mine, ids[0], address))
        for query in queries:
            response = client.get(path, query)
            assert response.status_code < 500, (path, query)
            assert other.slug.encode() not in response.getvalue().lower(), (path, query)

    @pytest.mark.parametrize("address", named(API))
    def test_in_the_body_of_an_api_call_find_nothing(
        self, worlds: tuple[World, World], ids: Any, taken_back: None, address: Address
    ) -> None:
        mine, other = worlds
        before = addresses.checksum(other)
        foreign = {field: str(addresses.choices(field, ids[1], 1)[0]) for field in FIELDS}
        row = {**foreign, "kind": "call", "email": "x@example.com", "occurred_at": "2026-01-01T00:00:00Z"}
        body = {**row, "leads": [row], "touchpoints": [row]}
        for path in itertools.islice(some(mine, ids[0], address), 2):
            for method in ANY_METHOD:
                response = with_key(mine).generic(method, path, json.dumps(body), "application/json")
                assert response.status_code < 500, (method, path)
                assert other.slug.encode() not in response.getvalue().lower()
        assert addresses.checksum(other) == before
        assert not mentions(mine, other)


FIELDS = (
    "id", "ids", "member", "member_id", "to", "owner", "lead", "lead_id", "leads", "reason", "campaign", "source",
    "team", "seat", "handoff", "job", "person", "company", "fact", "next", "manager", "q", "cursor", "before", "after",
)  # fmt: skip


def mentions(mine: World, other: World) -> list[str]:
    """The tables of one workspace in which something of the other's is said: its slug is in all that it holds."""
    with mine.scope(), connection.cursor() as cursor:
        found = []
        for table in TENANT_MODELS:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE %s)', [f"%{other.slug}%"])
            if cursor.fetchone()[0]:
                found.append(table)
        return found


class TestReading:
    @pytest.mark.parametrize("address", named(PAGES))
    def test_writes_nothing_and_shows_nothing_of_others(
        self, worlds: tuple[World, World], ids: Any, signed_in: Any, address: Address
    ) -> None:
        mine, other = worlds
        client = signed_in(mine, addresses.who_may(address))
        before = addresses.checksum(mine)
        for path in some(mine, ids[0], address):
            for headers in ({}, {"HX-Request": "true"}):
                response = client.get(path, headers=headers)
                assert response.status_code in (200, 204, 302, 403, 404, 405, 409, 422), path
                assert other.slug.encode() not in response.getvalue().lower(), path
        if address.name not in GET_THAT_WRITES:
            assert addresses.checksum(mine) == before

    @pytest.mark.parametrize("address", named([e for e in API if e.name not in FOR_GUESTS]))
    def test_through_the_api_writes_nothing(self, worlds: tuple[World, World], ids: Any, address: Address) -> None:
        mine, other = worlds
        client = with_key(mine)
        client.get("/api/v1/none/")
        paths = list(some(mine, ids[0], address))
        client.get(paths[0])  # notes the day of the key's last use
        before = addresses.checksum(mine)
        for path in paths:
            response = client.get(path)
            assert response.status_code in (200, 404, 405), path
            assert other.slug.encode() not in response.getvalue().lower()
        assert addresses.checksum(mine) == before

    @pytest.mark.parametrize("address", named([*PAGES_WITH_IDS, *API_WITH_IDS]))
    def test_one_s_own_ids_are_found(
        self, worlds: tuple[World, World], ids: Any, signed_in: Any, taken_back: None, address: Address
    ) -> None:
        """Else the tests of foreign ids would pass for an address that finds nothing at all."""
        mine = worlds[0]
        if address.is_api:
            client = with_key(mine)
        else:
            client = signed_in(mine, addresses.who_may(address))
        for others in addresses.others_of(address, mine):
            for values in addresses.fillings(address, ids[0], others, most=50):
                for method in METHODS:
                    if client.generic(method, address.path(values)).status_code not in (404, 405):
                        return
        pytest.fail(f"{address.route} finds nothing of the workspace's own")


class TestAfterwards:
    def test_no_scope_is_left_open(self, worlds: tuple[World, World]) -> None:
        with pytest.raises(scopes.NoScope):
            scopes.current()
