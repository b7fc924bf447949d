"""What must hold after every fault."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command, get_commands

from leads.models import Lead
from leads.rules import states
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from sla.models import Clock


@pytest.fixture
def nothing_is_broken(acme: Workspace) -> Iterator[Callable[[], None]]:
    """Asked at the end of each test, and by the test itself where it likes."""

    def ask() -> None:
        with tenancy.scope(acme.pk):
            still_open = Lead.objects.filter(state__in=states.OPEN)
            running = Clock.objects.filter(met_at=None, cancelled_at=None)
            assert still_open.filter(owner=None).count() == 0
            assert still_open.exclude(pk__in=running.values("lead_id")).count() == 0
            assert running.exclude(lead__in=still_open).count() == 0
        if "check_invariants" in get_commands():
            try:
                call_command("check_invariants")
            except SystemExit as ended:
                assert not ended.code, "an invariant is broken: see above"  # noqa: PT017

    yield ask
    ask()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if "tests/faults" in str(item.path):
            item.add_marker(pytest.mark.faults)
