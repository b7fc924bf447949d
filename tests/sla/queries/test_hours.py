"""Working hours in words, Monday to Friday, 9 to 18 in Berlin."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.queries import hours
from sla.views import shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def told(workspace: Workspace, *at: int) -> str:
    request = RequestFactory().get("/")
    request.workspace, request.now = workspace, datetime(2026, 3, *at, tzinfo=UTC)
    with tenancy.scope(workspace.pk):
        return shell.working_hours(request)


class TestHours:
    def test_say_until_when_they_last(self, acme: Workspace) -> None:
        assert told(acme, 3, 9, 0) == "Working hours until 18:00, Berlin."

    def test_say_until_when_they_are_over(self, acme: Workspace) -> None:
        assert told(acme, 3, 17, 0) == "Outside working hours until Wed 09:00, Berlin."
        assert told(acme, 4, 7, 0) == "Outside working hours until 09:00, Berlin."

    def test_change_at_the_minute_though_they_are_remembered(self, acme: Workspace) -> None:
        assert told(acme, 3, 16, 59) == "Working hours until 18:00, Berlin."
        assert told(acme, 3, 17, 0) == "Outside working hours until Wed 09:00, Berlin."

    def test_are_of_the_workspace(self, acme: Workspace, outsider: Member) -> None:
        told(acme, 3, 9, 0)
        assert told(outsider.workspace, 3, 9, 0) == "Working hours until 18:00, UTC."

    def test_of_a_weekend_point_to_monday(self, acme: Workspace) -> None:
        with tenancy.scope(acme.pk):
            found = hours.hours(datetime(2026, 3, 7, 12, 0, tzinfo=UTC))
        assert (found.is_open, found.until.isoformat()) == (False, "2026-03-09T09:00:00+01:00")
