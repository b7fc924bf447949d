"""Indexes must serve under row-level security: only leakproof conditions reach them."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from leads.models import Lead, SearchToken
from leads.queries import listing
from quotarider import tenancy
from tests.factories import leads as make

pytestmark = pytest.mark.django_db
COPIES = 4000
PLAIN = ("arrived_at", "recorded_at", "ended_at", "id", "public_id", "external_id")


def conditions(text: str) -> list[str]:
    """What the indexes of a plan are asked."""
    return [line.strip() for line in text.splitlines() if "Index Cond" in line]


@pytest.fixture
def crowd(in_acme: tenancy.Scope) -> datetime:
    """Enough closed leads, a minute apart, for the planner to care."""
    one = make.lead(at=in_acme.now, outcome="won", full_name="Ann")
    kept = [f.column for f in Lead._meta.concrete_fields if f.column not in PLAIN]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO leads_lead ({', '.join(kept)}, arrived_at, recorded_at, ended_at) "
            f"SELECT {', '.join(kept)}, arrived_at - n * interval '1 minute', recorded_at, ended_at "
            "FROM leads_lead, generate_series(1, %s) AS n WHERE workspace_id = %s AND id = %s",
            [COPIES, one.workspace_id, one.pk],
        )
        cursor.execute(
            "INSERT INTO leads_searchtoken (workspace_id, token, lead_id) "
            "SELECT workspace_id, 'w' || id, id FROM leads_lead WHERE workspace_id = %s",
            [one.workspace_id],
        )
    return in_acme.now


def plan(by: listing.Narrow, after: object = None) -> str:
    return listing.following(listing.narrowed(by), after)[:50].explain()  # type: ignore[arg-type]


class TestTheList:
    def test_is_read_off_its_index(self, crowd):
        text = plan(listing.Narrow())
        assert "lead_newest" in text
        assert "Sort" not in text

    def test_by_state_too(self, crowd):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")  # an unanalysed table seems too small for its index
        text = plan(listing.Narrow(state="held"))
        assert "lead_by_state" in text
        assert any("state" in condition for condition in conditions(text))

    def test_goes_on_from_its_place(self, crowd):
        place = Lead.objects.order_by("-arrived_at", "-id").values_list("public_id", flat=True)[2000]
        text = plan(listing.Narrow(), place)
        assert any("lead_newest" in line for line in text.splitlines())
        assert any("arrived_at <=" in condition for condition in conditions(text))

    def test_since_an_instant(self, crowd):
        text = plan(listing.Narrow(since=crowd - timedelta(hours=1)))
        assert any("arrived_at >=" in condition for condition in conditions(text))

    def test_a_word_is_a_range_of_its_index(self, crowd):
        found = SearchToken.objects.filter(token__gte="w12", token__lt="w12" + listing._LAST)
        assert any("token >=" in condition and "token <" in condition for condition in conditions(found.explain()))
