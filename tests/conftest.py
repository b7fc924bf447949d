"""Fixtures of all tests. The database is ready before pytest starts: the launcher has migrated it as its owner.

People: `rep`, `manager`, `marketer`, `marketing_manager`, `revops`, `admin` of workspace `acme`; `outsider` runs `rival`.
Tests run as the app role; `@pytest.mark.django_db(transaction=True, databases=["default", "clock"])` really commits.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client, TransactionTestCase

from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.tenancy import actions
from tests import database
from tests.factories.accounts import MemberFactory, UserFactory, api_key


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Nothing: neither test databases nor migrations, both of which the app role could not make."""


def _empty_as_owner(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        if connections[alias].connection is not None:
            connections[alias].rollback() if not connections[alias].in_atomic_block else None
            connections[alias].close()
    database.empty()


# the app role may not truncate, and flush would ask it to
TransactionTestCase._fixture_teardown = _empty_as_owner  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def forget_the_scope() -> Iterator[None]:
    """A test can't hand a scope on to the next."""
    yield
    with pytest.raises(tenancy.NoScope):
        tenancy.current()


@pytest.fixture
def at() -> datetime:
    """A working instant: Tuesday, 3 March 2026, 09:00 UTC."""
    return datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def move_time() -> Iterator[Callable[..., None]]:
    """`move_time(timedelta)` moves the database's clock on, `move_time(instant)` sets it; from there it runs.

    `aliases`: the connections that see it, by default those the test has opened.
    """
    moved: set[str] = set()

    def move(to: timedelta | datetime, *, aliases: tuple[str, ...] = ("default",)) -> None:
        for alias in aliases:
            moved.add(alias)
            with connections[alias].cursor() as cursor:
                if isinstance(to, datetime):
                    offset = "(%s - statement_timestamp())::text"
                else:
                    offset = "(coalesce(nullif(current_setting('app.now_offset', true), '')::interval, '0') + %s)::text"
                cursor.execute(f"SELECT set_config('app.now_offset', {offset}, false)", [to])

    yield move
    for alias in moved:
        if connections[alias].is_usable() and not connections[alias].needs_rollback:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT set_config('app.now_offset', '', false)")


@pytest.fixture
def admin(db: None) -> Member:
    """Founder and admin of acme."""
    user = UserFactory(email="admin@acme.test")
    return actions.found(user, name="Acme", slug="acme", timezone="Europe/Berlin")


@pytest.fixture
def acme(admin: Member) -> Workspace:
    """The workspace of most tests, as founded."""
    return admin.workspace


@pytest.fixture
def outsider(db: None) -> Member:
    """Founder and admin of rival, without a seat in acme."""
    return actions.found(UserFactory(email="admin@rival.test"), name="Rival", slug="rival")


@pytest.fixture
def rival(outsider: Member) -> Workspace:
    """Another workspace, as founded."""
    return outsider.workspace


def _seat(role: str) -> Callable[[Workspace], Member]:
    def seat(acme: Workspace) -> Member:
        return MemberFactory(workspace=acme, role=role, user__email=f"{role}@acme.test")

    return seat


rep = pytest.fixture(_seat("rep"), name="rep")
manager = pytest.fixture(_seat("sales_manager"), name="manager")
marketer = pytest.fixture(_seat("marketer"), name="marketer")
marketing_manager = pytest.fixture(_seat("marketing_manager"), name="marketing_manager")
revops = pytest.fixture(_seat("revops"), name="revops")


@pytest.fixture
def in_acme(acme: Workspace) -> Iterator[tenancy.Scope]:
    """The test runs inside acme's scope. A request made meanwhile joins it."""
    with tenancy.scope(acme.pk) as opened:
        yield opened


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """`client_for(rep)`: a browser in which the member is signed in. `htmx=True`: its requests come from htmx."""

    def make(member: Member, *, htmx: bool = False) -> Client:
        client = Client(headers={"HX-Request": "true"} if htmx else None)
        client.force_login(member.user)
        return client

    return make


@pytest.fixture
def api_client(admin: Member) -> Client:
    """A program with a key of acme that has all scopes."""
    _key, token = api_key(admin)
    return Client(headers={"Authorization": f"Bearer {token}"})
