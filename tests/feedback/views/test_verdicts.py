"""Sales' word on a lead, from the queue and as plain pages."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from feedback.actions import verdicts
from feedback.models import Outcome, Reason, Verdict
from handoff.models import Handoff, NextStep
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.models import Clock

pytestmark = pytest.mark.django_db
Given = Callable[..., Handoff]
ClientFor = Callable[..., Client]
ACCEPT = {
    "problem": "yes",
    "budget": "no",
    "timeline": "unknown",
    "authority": "yes",
    "next_step": "Send the offer",
    "next_step_at": "in 2 days",
}


def url(handoff: Handoff, deed: str) -> str:
    return f"/w/acme/queue/{handoff.public_id}/{deed}/"


def in_queue(client: Client) -> Client:
    client.defaults |= {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/w/acme/queue/"}
    return client


@pytest.fixture
def reason(acme: Workspace) -> Callable[[str], str]:
    """`reason("Wrong company size")`: its public id."""

    def find(label: str, use: str = "reject") -> str:
        with tenancy.scope(acme.pk):
            return str(Reason.objects.get(use=use, label=label).public_id)

    return find


@pytest.fixture
def stored(acme: Workspace) -> Callable[..., list[Any]]:
    """`stored(Model)`: all rows of the workspace."""

    def read(model: Any) -> list[Any]:
        with tenancy.scope(acme.pk):
            return list(model.objects.order_by("pk"))

    return read


@pytest.fixture
def accepted(given: Given, rep: Member, acme: Workspace) -> Handoff:
    """A lead that `rep` accepted, its next step in two days."""
    handoff = given(full_name="Amara Osei")
    with tenancy.scope(acme.pk) as scope:
        acceptance = verdicts.Acceptance({"problem": "yes"}, "Send the offer", scope.now + timedelta(days=2))
        verdicts.accept(handoff, acceptance, by=rep, at=scope.now)
        return Handoff.objects.get(pk=handoff.pk)


class TestAccept:
    def test_makes_it_sales_own_and_opens_the_next(
        self, client_for: ClientFor, rep: Member, given: Given, stored: Any, acme: Workspace
    ) -> None:
        handoff, other = given(full_name="Amara Osei"), given(full_name="Jonas Weber")
        response = in_queue(client_for(rep)).post(url(handoff, "accept"), ACCEPT)
        page = response.content.decode()
        assert (
            response.status_code == 200
            and f'id="focus" aria-label="Current lead" tabindex="-1" data-chosen data-handoff="{other.public_id}"'
            in page
        )
        assert response["HX-Push-Url"] == f"/w/acme/queue/{other.public_id}/"
        assert "Amara Osei accepted." in response["HX-Trigger"]
        [verdict] = stored(Verdict)
        assert verdict.confirmed == {"problem": "yes", "budget": "no", "timeline": "unknown", "authority": "yes"}
        [step] = stored(NextStep)
        with tenancy.scope(acme.pk):
            assert Lead.objects.get(pk=handoff.lead_id).state == "accepted"
            clock = Clock.objects.get(lead_id=handoff.lead_id, met_at=None, cancelled_at=None)
            assert (clock.kind, clock.due_at) == ("next_step", step.due_at)

    def test_stays_with_the_only_lead(self, client_for: ClientFor, rep: Member, given: Given) -> None:
        handoff = given()
        page = in_queue(client_for(rep)).post(url(handoff, "accept"), ACCEPT).content.decode()
        assert "Your next step" in page and "Send the offer" in page and "Won…" in page and "Accept…" not in page

    def test_without_javascript_is_a_page_and_a_redirect(
        self, client_for: ClientFor, rep: Member, given: Given, stored: Any
    ) -> None:
        handoff, client = given(), client_for(rep)
        form = client.get(url(handoff, "accept")).content.decode()
        assert "<html" in form and 'name="authority" value="unknown"' in form and "Not yet known" in form
        assert client.post(url(handoff, "accept"), ACCEPT)["Location"] == "/w/acme/queue/"
        assert len(stored(Verdict)) == 1

    @pytest.mark.parametrize(
        "data, said",
        [
            ({"next_step": " "}, "This field is required."),
            ({"next_step_at": "some day"}, "Write for example tomorrow 10"),
            ({"next_step_at": "2020-01-01"}, "lie ahead"),
            ({"budget": "perhaps"}, "Select a valid choice."),
            ({"budget": ""}, "This field is required."),
        ],
    )
    def test_shows_its_errors_in_place(
        self, client_for: ClientFor, rep: Member, given: Given, stored: Any, data: dict[str, str], said: str
    ) -> None:
        response = in_queue(client_for(rep)).post(url(given(), "accept"), ACCEPT | data)
        assert response.status_code == 422 and response["HX-Retarget"] == "#dialog-body"
        assert said in response.content.decode()
        assert stored(Verdict) == [] and stored(NextStep) == []

    def test_sent_twice_is_one(self, client_for: ClientFor, rep: Member, given: Given, stored: Any) -> None:
        handoff, client = given(), client_for(rep)
        assert [client.post(url(handoff, "accept"), ACCEPT).status_code for _ in range(2)] == [302, 302]
        assert (len(stored(Verdict)), len(stored(NextStep))) == (1, 1)

    def test_after_somebody_else_did_is_a_kind_409(
        self, client_for: ClientFor, manager: Member, accepted: Handoff, stored: Any
    ) -> None:
        response = client_for(manager).post(url(accepted, "accept"), ACCEPT)
        assert response.status_code == 409 and "moved on" in response.content.decode()
        assert len(stored(Verdict)) == 1


class TestReject:
    def test_sends_it_back_with_its_reason_and_corrects_the_fact(
        self, client_for: ClientFor, rep: Member, given: Given, reason: Any, stored: Any, acme: Workspace
    ) -> None:
        handoff, size = given(full_name="Amara Osei"), reason("Wrong company size")
        data = {"reason": size, f"fact-{size}": "12", "quote": "We are only twelve"}
        response = in_queue(client_for(rep)).post(url(handoff, "reject"), data)
        page = response.content.decode()
        assert response.status_code == 200 and "Amara Osei" not in page and "Nothing is waiting" in page
        assert "Amara Osei goes back to marketing." in response["HX-Trigger"]
        [verdict] = stored(Verdict)
        assert (verdict.kind, verdict.fact, verdict.quote) == ("rejected", "12", "We are only twelve")
        with tenancy.scope(acme.pk):
            lead = Lead.objects.select_related("company").get(pk=handoff.lead_id)
            assert (lead.state, lead.reason, lead.company.employees) == ("returned", "fit", 12)
            assert Clock.objects.get(lead=lead, met_at=None, cancelled_at=None).kind == "return_decision"

    def test_asks_for_a_reason(self, client_for: ClientFor, rep: Member, given: Given, stored: Any, fresh: Any) -> None:
        handoff = given()
        response = client_for(rep).post(url(handoff, "reject"), {"quote": "No"})
        assert response.status_code == 422 and "Choose a reason." in response.content.decode()
        assert stored(Verdict) == [] and fresh(handoff).ended_at is None

    @pytest.mark.parametrize("fact", ["", "  ", "many"])
    def test_asks_for_the_fact_beside_the_reason(
        self, client_for: ClientFor, rep: Member, given: Given, reason: Any, stored: Any, fact: str
    ) -> None:
        size = reason("Wrong company size")
        response = client_for(rep).post(url(given(), "reject"), {"reason": size, f"fact-{size}": fact})
        page = response.content.decode()
        assert response.status_code == 422 and f'id="id_fact-{size}_error"' in page
        assert f'value="{size}" required checked' in page
        assert stored(Verdict) == []

    @pytest.mark.parametrize("use, label", [("lost", "Too expensive"), ("disqualify", "No need")])
    def test_takes_only_reasons_for_a_rejection(
        self, client_for: ClientFor, rep: Member, given: Given, reason: Any, stored: Any, use: str, label: str
    ) -> None:
        assert client_for(rep).post(url(given(), "reject"), {"reason": reason(label, use)}).status_code == 422
        assert stored(Verdict) == []

    def test_sent_twice_is_one(
        self, client_for: ClientFor, rep: Member, given: Given, reason: Any, stored: Any
    ) -> None:
        handoff, client, data = given(), client_for(rep), {"reason": reason("No budget")}
        assert [client.post(url(handoff, "reject"), data).status_code for _ in range(2)] == [302, 302]
        assert len(stored(Verdict)) == 1

    def test_of_a_lead_that_was_rejected_by_somebody_else_is_a_kind_409(
        self, client_for: ClientFor, rep: Member, manager: Member, given: Given, reason: Any
    ) -> None:
        handoff, data = given(), {"reason": reason("No budget")}
        assert client_for(manager).post(url(handoff, "reject"), data).status_code == 302
        response = client_for(rep).post(url(handoff, "reject"), data)
        assert response.status_code == 409 and "no longer with sales" in response.content.decode()

    def test_a_form_from_before_an_acceptance_is_refused(
        self, client_for: ClientFor, rep: Member, manager: Member, given: Given, reason: Any, stored: Any
    ) -> None:
        handoff, client = given(), client_for(rep)
        assert 'name="seen" value="open"' in client.get(url(handoff, "reject")).content.decode()
        client_for(manager).post(url(handoff, "accept"), ACCEPT)
        response = client.post(url(handoff, "reject"), {"reason": reason("No budget"), "seen": "open"})
        assert response.status_code == 409 and "accepted meanwhile" in response.content.decode()
        assert [verdict.kind for verdict in stored(Verdict)] == ["accepted"]


class TestWin:
    def test_ends_it_with_an_amount(
        self, client_for: ClientFor, rep: Member, accepted: Handoff, stored: Any, fresh: Any, acme: Workspace
    ) -> None:
        client = client_for(rep)
        assert [client.post(url(accepted, "won"), {"amount": "12400.50"}).status_code for _ in range(2)] == [302, 302]
        [outcome] = stored(Outcome)
        assert (outcome.kind, outcome.amount, outcome.member_id) == ("won", Decimal("12400.50"), rep.pk)
        with tenancy.scope(acme.pk):
            assert Lead.objects.get(pk=accepted.lead_id).state == "won"
            assert not Clock.objects.filter(lead_id=accepted.lead_id, met_at=None, cancelled_at=None).exists()
        assert fresh(accepted).ended_at is not None

    @pytest.mark.parametrize("amount", ["", "-1", "much", "NaN", "1e20", "1.234"])
    def test_shows_its_errors_in_place(
        self, client_for: ClientFor, rep: Member, accepted: Handoff, stored: Any, amount: str
    ) -> None:
        assert client_for(rep).post(url(accepted, "won"), {"amount": amount}).status_code == 422
        assert stored(Outcome) == []


class TestLose:
    def test_ends_it_with_a_reason(
        self, client_for: ClientFor, rep: Member, accepted: Handoff, reason: Any, stored: Any
    ) -> None:
        competitor = reason("Chose a competitor", "lost")
        data = {"reason": competitor, f"fact-{competitor}": "Initech", "note": "Had them before"}
        client = client_for(rep)
        assert [client.post(url(accepted, "lost"), data).status_code for _ in range(2)] == [302, 302]
        [outcome] = stored(Outcome)
        assert (outcome.kind, outcome.note) == ("lost", "Initech: Had them before")

    def test_asks_for_a_reason_and_what_it_asks_for(
        self, client_for: ClientFor, rep: Member, accepted: Handoff, reason: Any, stored: Any
    ) -> None:
        client = client_for(rep)
        assert client.post(url(accepted, "lost"), {"note": "x"}).status_code == 422
        response = client.post(url(accepted, "lost"), {"reason": reason("Chose a competitor", "lost")})
        assert response.status_code == 422 and "needs one more fact" in response.content.decode()
        assert stored(Outcome) == []


class TestLeadFeedback:
    def test_tells_what_was_said(
        self, client_for: ClientFor, rep: Member, marketer: Member, given: Given, reason: Any
    ) -> None:
        handoff, client = given(), client_for(rep)
        client.post(url(handoff, "accept"), ACCEPT)
        with_words = {"reason": reason("Not now, later"), "quote": "Ask us in <May>"}
        client.post(url(handoff, "reject"), with_words)
        page = client_for(marketer).get(f"/w/acme/leads/{handoff.lead.public_id}/feedback/").content.decode()
        for said in ("Rejected", "Not now, later", "Ask us in &lt;May&gt;", "Accepted", "not yet known", "<html"):
            assert said in page, said

    def test_is_a_piece_to_htmx_and_404_to_outsiders(
        self, client_for: ClientFor, rep: Member, outsider: Member, given: Given
    ) -> None:
        path = f"/w/acme/leads/{given().lead.public_id}/feedback/"
        assert (
            client_for(rep, htmx=True)
            .get(path)
            .content.decode()
            .strip()
            .startswith('<section class="card" id="feedback"')
        )
        assert client_for(outsider).get(path).status_code == 404
        assert client_for(rep).post(path).status_code == 405
