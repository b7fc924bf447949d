"""What the tests of the third stage share: a rep in the rotation, a lead handed off, the clocks of a lead."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from handoff import queries as handoffs
from handoff.actions import giving
from handoff.models import Handoff
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.models import Clock
from tests.factories import leads

MINUTE = timedelta(minutes=1)


@pytest.fixture
def tuesday() -> datetime:
    """Tuesday, 3 March 2026, 10:00 in Berlin: an hour after opening."""
    return datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def seated(rep: Member, manager: Member, acme: Workspace) -> Member:
    """The rep, alone in the rotation of a team whose manager is `manager`."""
    with tenancy.scope(acme.pk):
        team = handoffs.default_team()
        team.manager = manager
        team.save()
        giving.add_seat(team, rep)
    return rep


@pytest.fixture
def hand_off(seated: Member, acme: Workspace) -> Callable[..., Lead]:
    """`hand_off(at=…)`: a hot lead, handed off to the rep, first touch owed within 15 business minutes."""

    def make(*, at: datetime, **given: object) -> Lead:
        with tenancy.scope(acme.pk):
            return leads.lead(at=at, **{**leads.QUALIFIED, **given})

    return make


@pytest.fixture
def clock_of(acme: Workspace) -> Callable[..., Clock]:
    """`clock_of(lead)`: its newest clock; `clock_of(lead, "verdict")`: the newest of that kind."""

    def find(lead: Lead, kind: str = "") -> Clock:
        with tenancy.scope(acme.pk):
            found = Clock.objects.filter(lead_id=lead.pk, **({"kind": kind} if kind else {}))
            return found.select_related("lead__person").order_by("-pk")[0]

    return find


@pytest.fixture
def scoped(acme: Workspace) -> Callable[[], contextmanager]:
    """`with scoped() as scope:` acme's scope."""

    @contextmanager
    def opened() -> Iterator[tenancy.Scope]:
        with tenancy.scope(acme.pk) as scope:
            yield scope

    return opened


@pytest.fixture
def handoff_of(acme: Workspace) -> Callable[[Lead], Handoff]:
    """The open hand-off of a lead."""

    def find(lead: Lead) -> Handoff:
        with tenancy.scope(acme.pk):
            return Handoff.objects.select_related("lead", "team").get(lead_id=lead.pk, ended_at=None)

    return find
