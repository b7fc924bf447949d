"""What the tests of the second stage share: a team of two reps under a manager, and leads in their hands."""

from collections.abc import Callable
from typing import Any

import pytest

from handoff.models import Handoff, Team
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import handoffs
from tests.factories.accounts import MemberFactory


@pytest.fixture
def team(acme: Workspace, rep: Member, manager: Member) -> Team:
    """The default team: `manager` answers for its queue, `rep` alone is in the rotation."""
    with tenancy.scope(acme.pk):
        return handoffs.team(manager, rep)


@pytest.fixture
def colleague(acme: Workspace, team: Team) -> Member:
    """Another rep, not in the rotation."""
    return MemberFactory(workspace=acme, role="rep", user__email="colleague@acme.test")


@pytest.fixture
def given(acme: Workspace, team: Team) -> Callable[..., Handoff]:
    """`given()`: a hot lead handed off to `rep` a moment ago; keywords are the lead's."""

    def make(**lead: Any) -> Handoff:
        with tenancy.scope(acme.pk) as scope:
            return handoffs.handoff(at=scope.now, **lead)

    return make


@pytest.fixture
def fresh(acme: Workspace) -> Callable[[Any], Any]:
    """`fresh(row)`: the row as it is stored now."""

    def read(row: Any) -> Any:
        with tenancy.scope(acme.pk):
            return type(row).objects.get(pk=row.pk)

    return read
