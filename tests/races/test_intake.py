"""Leads that come in at the same moment."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from handoff.models import Handoff, Seat
from leads.actions import intake
from leads.models import IntakeRecord, Lead, Person
from leads.rules import states
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.models import Clock
from tests.factories import leads
from tests.races.together import Together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def known_source(acme: Workspace) -> None:
    """Made by the first sender, it would make the others wait for that one."""
    with tenancy.scope(acme.pk):
        leads.source()


def send(sent: dict[str, Any], now: datetime, *, key: str | None = None) -> str:
    arrival = leads.arrival(sent, at=now, key=key)
    return intake.receive([arrival], source=leads.source(), at=now)[0].status


class TestOneLeadAtOnce:
    @pytest.mark.parametrize("key", ["k1", None], ids=["with a key", "without"])
    def test_is_stored_once(self, acme: Workspace, reps: list[Member], together: Together, key: str | None) -> None:
        sent = leads.payload(**leads.QUALIFIED)
        found = together(*[partial(send, sent, key=key)] * 8)
        assert Counter(found) == {"created": 1, ("repeated" if key else "joined"): 7}
        with tenancy.scope(acme.pk):
            assert (Lead.objects.count(), Person.objects.count(), Handoff.objects.count()) == (1, 1, 1)
            assert Clock.objects.filter(met_at=None, cancelled_at=None).count() == 1

    def test_of_one_person_through_eight_doors_is_one_open_lead(
        self, acme: Workspace, reps: list[Member], together: Together
    ) -> None:
        one = leads.payload()
        sent = [{**one, "note": f"door {n}", "touchpoints": [{"kind": "demo_request"}]} for n in range(8)]
        found = together(*[partial(send, each, key=f"k{n}") for n, each in enumerate(sent)])
        assert Counter(found) == {"created": 1, "joined": 7}
        with tenancy.scope(acme.pk):
            lead = Lead.objects.get()
            assert lead.touchpoints.count() == 8
            assert IntakeRecord.objects.count() == 8

    def test_by_phone_from_one_and_by_address_from_another_is_found(self, acme: Workspace, together: Together) -> None:
        """Locks are on every identity of an arrival: whoever comes second sees the first."""
        both = {"phone": "+49 30 9017777", "full_name": "Ada"}
        together(partial(send, {**both, "email": "ada@ada.example"}), partial(send, both), partial(send, both))
        with tenancy.scope(acme.pk):
            assert (Person.objects.count(), Lead.objects.count()) == (1, 1)

    def test_of_one_company_makes_one_company(self, acme: Workspace, together: Together) -> None:
        sent = [leads.payload(email=f"p{n}@one.example", company_name="One") for n in range(8)]
        assert together(*[partial(send, each) for each in sent]) == ["created"] * 8
        with tenancy.scope(acme.pk):
            assert Lead.objects.values("company").distinct().count() == 1


def qualified(n: int) -> dict[str, Any]:
    """Leads that share nothing, so that only the rotation makes them wait for each other."""
    return leads.payload(**{**leads.QUALIFIED, "phone": f"+49 30 901{n:04}"})


class TestRotation:
    def test_stays_fair_under_eight_senders(self, acme: Workspace, reps: list[Member], together: Together) -> None:
        """200 leads among 5 reps: 40 each, whoever came first."""
        batches = [[qualified(25 * n + m) for m in range(25)] for n in range(8)]

        def receive(batch: list[dict[str, Any]], now: datetime) -> int:
            return len(leads.receive(*batch, at=now))

        assert together(*[partial(receive, batch) for batch in batches]) == [25] * 8
        with tenancy.scope(acme.pk):
            shares = Counter(Handoff.objects.values_list("owner_id", flat=True))
            assert shares == {rep.pk: 40 for rep in reps}
            assert {seat.given for seat in Seat.objects.all()} == {40}
            assert Lead.objects.filter(state=states.HANDED_OFF).count() == 200
            assert Clock.objects.filter(kind="first_touch", met_at=None, cancelled_at=None).count() == 200

    def test_stays_fair_where_each_sends_one_by_one(
        self, acme: Workspace, reps: list[Member], together: Together
    ) -> None:
        for n in range(10):
            assert together(*[partial(send, qualified(8 * n + m)) for m in range(8)]) == ["created"] * 8
        with tenancy.scope(acme.pk):
            assert Counter(Handoff.objects.values_list("owner_id", flat=True)) == {rep.pk: 16 for rep in reps}
            assert {seat.given for seat in Seat.objects.all()} == {16}
