"""A workspace with five reps, really committed, and threads with connections of their own."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from handoff import queries as handoffs
from handoff.actions import giving
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories.accounts import MemberFactory

Together = Callable[..., list[Any]]


@pytest.fixture
def reps(acme: Workspace) -> list[Member]:
    """Five in the rotation of the default team."""
    people = [MemberFactory(workspace=acme, role="rep", user__email=f"rep{n}@acme.test") for n in range(5)]
    with tenancy.scope(acme.pk):
        for each in people:
            giving.add_seat(handoffs.default_team(), each)
    return people


@pytest.fixture
def together(acme: Workspace) -> Together:
    """`together(a, b, …)` calls each in a thread and a scope of acme, at the same moment; results or exceptions, in order.

    Each is called with the scope's instant.
    """

    def run(*calls: Callable[[datetime], Any]) -> list[Any]:
        start, results = Barrier(len(calls)), [None] * len(calls)

        def one(place: int, call: Callable[[datetime], Any]) -> None:
            try:
                connections["default"].ensure_connection()
                start.wait(10)
                with tenancy.scope(acme.pk) as scope:
                    results[place] = call(scope.now)
            except Exception as broken:  # the test says which are fine
                results[place] = broken
            finally:
                connections.close_all()

        threads = [Thread(target=one, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run
