"""Marketing's side: what came back, what is held, what is due; decided under a clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from feedback.actions import verdicts
from feedback.models import Outcome, Reason
from handoff.models import Handoff
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.models import Clock
from tests.factories import leads as lead_factory

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
RETURNED = "/w/acme/returned/"


@pytest.fixture
def returned(given: Callable[..., Handoff], rep: Member, acme: Workspace) -> Lead:
    """A lead that `rep` sent back, with the buyer's words."""
    handoff = given(full_name="Amara Osei")
    with tenancy.scope(acme.pk) as scope:
        reason = Reason.objects.get(use="reject", label="Not now, later")
        verdicts.reject(handoff, verdicts.Rejection(reason, quote="Ask us in May"), by=rep, at=scope.now)
        return Lead.objects.get(pk=handoff.lead_id)


@pytest.fixture
def of_kind(acme: Workspace) -> Callable[..., Lead]:
    """`of_kind(lead_factory.HELD)`: a lead just arrived."""

    def make(kind: dict[str, Any], **given: Any) -> Lead:
        with tenancy.scope(acme.pk) as scope:
            return lead_factory.lead(at=scope.now, **{**kind, **given})

    return make


@pytest.fixture
def running(acme: Workspace) -> Callable[[Lead], list[str]]:
    def read(lead: Lead) -> list[str]:
        with tenancy.scope(acme.pk):
            return list(Clock.objects.filter(lead=lead, met_at=None, cancelled_at=None).values_list("kind", flat=True))

    return read


@pytest.fixture
def reason(acme: Workspace) -> str:
    with tenancy.scope(acme.pk):
        return str(Reason.objects.get(use="disqualify", label="No need").public_id)


class TestPage:
    @pytest.mark.parametrize(
        "person, status",
        [
            ("marketer", 200),
            ("marketing_manager", 200),
            ("revops", 200),
            ("admin", 200),
            ("rep", 403),
            ("manager", 403),
            ("outsider", 404),
        ],
    )
    def test_answers_by_role(
        self, request: pytest.FixtureRequest, client_for: ClientFor, acme: Workspace, person: str, status: int
    ) -> None:
        assert client_for(request.getfixturevalue(person)).get(RETURNED).status_code == status

    def test_shows_what_waits_with_reasons_and_words(
        self, client_for: ClientFor, marketer: Member, returned: Lead, of_kind: Any
    ) -> None:
        of_kind(lead_factory.HELD, full_name="Jonas Weber")
        of_kind(lead_factory.NURTURED, full_name="Priya Nair")
        page = client_for(marketer).get(RETURNED).content.decode()
        for said in (
            "1 lead came back from sales",
            "Amara Osei",
            "Not now, later",
            "Ask us in May",
            "Jonas Weber",
            "Company",
            "Fill in",
        ):
            assert said in page, said
        assert "Priya Nair" not in page and "No review is due" in page

    def test_shows_a_nurtured_lead_when_its_review_is_due(
        self, client_for: ClientFor, marketer: Member, of_kind: Any, move_time: Callable[..., None]
    ) -> None:
        of_kind(lead_factory.NURTURED, full_name="Priya Nair")
        move_time(timedelta(days=60))
        assert "Priya Nair" in client_for(marketer).get(RETURNED).content.decode()

    def test_is_counted_in_the_sidebar(self, client_for: ClientFor, marketer: Member, returned: Lead) -> None:
        page = " ".join(client_for(marketer).get("/w/acme/settings/profile/").content.decode().split())
        assert 'Returned <span class="count">1</span>' in page

    def test_takes_the_same_few_queries_for_many(
        self, client_for: ClientFor, marketer: Member, of_kind: Any, django_assert_num_queries: Any
    ) -> None:
        client = client_for(marketer, htmx=True)
        of_kind(lead_factory.HELD)
        client.get(RETURNED)
        for n in range(5):
            of_kind(lead_factory.HELD, email=f"owner{n}@gmail.com")
        with django_assert_num_queries(9):  # session, user, seat, the scope's four, clocks, verdicts
            client.get(RETURNED)

    def test_takes_no_post(self, client_for: ClientFor, marketer: Member, acme: Workspace) -> None:
        assert client_for(marketer).post(RETURNED).status_code == 405


class TestNurture:
    def test_keeps_it_until_a_date(
        self, client_for: ClientFor, marketer: Member, returned: Lead, fresh: Any, running: Any
    ) -> None:
        client = client_for(marketer, htmx=True)
        form = client.get(f"{RETURNED}{returned.public_id}/nurture/").content.decode()
        assert 'hx-target="#returned"' in form
        response = client.post(f"{RETURNED}{returned.public_id}/nurture/", {"until": "in 30 days"})
        assert response.status_code == 200 and "Amara Osei" not in response.content.decode()
        assert "Amara Osei is nurtured until then." in response["HX-Trigger"]
        assert fresh(returned).state == "nurturing" and running(returned) == ["nurture_review"]

    def test_without_javascript_is_a_page_and_a_redirect(
        self, client_for: ClientFor, marketer: Member, returned: Lead, fresh: Any
    ) -> None:
        client, url = client_for(marketer), f"{RETURNED}{returned.public_id}/nurture/"
        assert "<html" in client.get(url).content.decode()
        assert client.post(url, {"until": "in 30 days"})["Location"] == RETURNED
        assert client.post(url, {"until": "in 30 days"})["Location"] == RETURNED
        assert fresh(returned).state == "nurturing"

    @pytest.mark.parametrize("until", ["", "later", "2020-01-01"])
    def test_asks_for_a_date_ahead(
        self, client_for: ClientFor, marketer: Member, returned: Lead, fresh: Any, until: str
    ) -> None:
        response = client_for(marketer, htmx=True).post(f"{RETURNED}{returned.public_id}/nurture/", {"until": until})
        assert response.status_code == 422 and response["HX-Retarget"] == "#dialog-body"
        assert fresh(returned).state == "returned"


class TestDisqualify:
    def test_ends_it_with_a_reason(
        self,
        client_for: ClientFor,
        marketer: Member,
        returned: Lead,
        reason: str,
        fresh: Any,
        running: Any,
        acme: Workspace,
    ) -> None:
        client, url = client_for(marketer), f"{RETURNED}{returned.public_id}/disqualify/"
        assert [client.post(url, {"reason": reason, "note": "Too small"}).status_code for _ in range(2)] == [302, 302]
        assert fresh(returned).state == "disqualified" and running(returned) == []
        with tenancy.scope(acme.pk):
            assert [outcome.note for outcome in Outcome.objects.all()] == ["Too small"]

    def test_asks_for_a_reason(self, client_for: ClientFor, marketer: Member, returned: Lead, fresh: Any) -> None:
        assert (
            client_for(marketer).post(f"{RETURNED}{returned.public_id}/disqualify/", {"note": "x"}).status_code == 422
        )
        assert fresh(returned).state == "returned"

    def test_of_a_lead_that_sales_has_is_a_kind_409(
        self, client_for: ClientFor, marketer: Member, given: Callable[..., Handoff], reason: str, fresh: Any
    ) -> None:
        handoff = given()
        url = f"{RETURNED}{handoff.lead.public_id}/disqualify/"
        assert client_for(marketer).post(url, {"reason": reason}).status_code == 409
        assert fresh(handoff).ended_at is None


@pytest.mark.parametrize("deed", ["nurture", "disqualify"])
class TestDoors:
    def test_sales_gets_403_and_outsiders_404(
        self, client_for: ClientFor, rep: Member, outsider: Member, returned: Lead, fresh: Any, deed: str
    ) -> None:
        url = f"{RETURNED}{returned.public_id}/{deed}/"
        assert client_for(rep).post(url, {"until": "in 30 days"}).status_code == 403
        assert client_for(outsider).post(url, {"until": "in 30 days"}).status_code == 404
        assert fresh(returned).state == "returned"

    def test_an_unknown_lead_is_404(self, client_for: ClientFor, marketer: Member, acme: Workspace, deed: str) -> None:
        assert client_for(marketer).get(f"{RETURNED}00000000-0000-7000-8000-000000000000/{deed}/").status_code == 404
