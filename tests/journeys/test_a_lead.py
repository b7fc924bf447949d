"""One lead's way through the product, by HTTP alone: nobody here runs scripts."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from quotarider.notifications.models import Notification, Outbox
from sla.tasks import enforce_deadlines
from tests.factories.accounts import PASSWORD
from tests.journeys.browsing import Browser

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

AMARA = {
    "external_id": "w-1",
    "email": "amara@northwind.com",
    "full_name": "Amara Osei",
    "title": "Head of Operations",
    "seniority": "head",
    "company_name": "Northwind",
    "employees": 240,
    "industry": "Software",
    "country": "DE",
    "phone": "+49 30 9012345",
    "campaign": "Spring fair",
    "touchpoints": [{"kind": "demo_request"}, {"kind": "pricing_visit"}],
}


def sign_up(**values: str) -> Browser:
    browser = Browser().go("/accounts/signup/")
    form = browser.form("email", "password1")
    return browser.send(form, password1=PASSWORD, **values)


def join(boss: Browser, *, email: str, role: str, name: str) -> Browser:
    """The boss invites, the guest follows the link, signs up, and is in."""
    boss.go("/w/northgate/settings/members/")
    boss.send(boss.form("email", "role"), email=email, role=role)
    link = re.search(r"https?://[^/]+(/join/\S+/)", boss.text)
    assert link, boss.text
    guest = Browser().go(link[1])
    assert "Northgate" in guest.text
    guest.go("/accounts/signup/")
    guest.send(guest.form("email", "password1"), email=email, password1=PASSWORD, name=name)
    assert guest.path.startswith("/w/northgate/"), (guest.path, guest.text)
    return guest


@pytest.fixture
def boss() -> Browser:
    browser = sign_up(email="bo@northgate.test", name="Bo", workspace_name="Northgate", timezone="Europe/Berlin")
    assert browser.path.startswith("/w/northgate/"), (browser.path, browser.text)
    return browser


@pytest.fixture
def rep(boss: Browser) -> Browser:
    browser = join(boss, email="rita@northgate.test", role="rep", name="Rita")
    boss.go("/w/northgate/settings/teams/")
    form = boss.form(action="/seats/")
    (field,) = [name for name in form.options if name.endswith("member")]
    (rita,) = [value for value, text in form.options[field] if text.startswith("Rita")]
    boss.send(form, **{field.replace("-", "__"): rita})
    assert "Rita" in boss.text
    return browser


@pytest.fixture
def marketer(boss: Browser) -> Browser:
    return join(boss, email="mia@northgate.test", role="marketing_manager", name="Mia")


@pytest.fixture
def send(boss: Browser) -> Callable[..., dict[str, Any]]:
    """A website that has a key of the workspace."""
    boss.go("/w/northgate/settings/keys/")
    form = boss.form("name", "source")
    boss.send(form, name="Website", source="website", scopes=["leads:write"])
    token = re.search(r"qr_\w{6,12}_[\w-]{30,}", boss.text)
    assert token, boss.text
    website = Client(headers={"Authorization": f"Bearer {token[0]}"})

    def post(payload: dict[str, Any], key: str) -> dict[str, Any]:
        headers = {"Idempotency-Key": key}
        response = website.post("/api/v1/leads/", json.dumps(payload), "application/json", headers=headers)
        assert response.status_code in (200, 201), response.content
        return {"status_code": response.status_code, **response.json()}

    return post


def northgate() -> Any:
    return tenancy.scope(Workspace.objects.get(slug="northgate").pk)


class TestFromTheWebsiteToAVerdict:
    def test_goes_back_to_marketing_with_its_reason(
        self, boss: Browser, rep: Browser, marketer: Browser, send: Callable[..., dict[str, Any]]
    ) -> None:
        assert "No lead needs you now" in rep.go("/w/northgate/queue/").text

        sent = send(AMARA, "first")
        assert (sent["status_code"], sent["status"], sent["state"]) == (201, "created", "handed_off")
        again = send(AMARA, "first")
        assert (again["status_code"], again["status"], again["id"]) == (200, "repeated", sent["id"])

        rep.go("/w/northgate/queue/")
        assert "1 lead needs you" in rep.text
        assert "Amara Osei" in rep.text and "Northwind" in rep.text
        assert "Why you" in rep.text

        rep.follow("Log call")
        rep.send(rep.form("stamp", "result"), result="reached", note="Wants a quote for 240 people.")
        assert rep.status == 200
        assert "Wants a quote for 240 people." in rep.text

        rep.follow("Reject…")
        form = rep.form("reason")
        (size,) = [value for value, text in form.options["reason"] if "Wrong company size" in text]
        unsaid = rep.send(form, reason=size)
        assert unsaid.status == 422 and "needs one more fact" in rep.text
        form = rep.form("reason")
        rep.send(form, reason=size, quote="We are only twelve.", **{f"fact__{size}": "12"})
        assert rep.status == 200, rep.text
        assert "No lead needs you now" in rep.go("/w/northgate/queue/").text

        marketer.go("/w/northgate/returned/")
        assert "1 lead came back from sales" in marketer.text
        assert "Wrong company size" in marketer.text and "We are only twelve." in marketer.text
        marketer.follow("Nurture…")
        marketer.send(marketer.form("until"), until="in 30 days")
        assert marketer.status == 200, marketer.text
        assert "Nothing came back from sales" in marketer.go("/w/northgate/returned/").text

        with northgate():
            lead = Lead.objects.select_related("company").get()
            assert (lead.state, str(lead.public_id), lead.company.employees) == ("nurturing", sent["id"], 12)
        page = boss.go(f"/w/northgate/leads/{sent['id']}/").text
        assert "Amara Osei" in page and boss.status == 200
        assert boss.go("/w/northgate/campaigns/").status == 200
        assert "Spring fair" in boss.text and "We are only twelve." in boss.text

    def test_becomes_a_deal(
        self, boss: Browser, rep: Browser, marketer: Browser, send: Callable[..., dict[str, Any]]
    ) -> None:
        send(AMARA, "first")
        rep.go("/w/northgate/queue/").follow("Accept…")
        form = rep.form("next_step", "next_step_at")
        rep.send(form, problem="yes", next_step="Send an offer", next_step_at="in 2 days")
        assert rep.status == 200, rep.text
        assert "Send an offer" in rep.go("/w/northgate/queue/").text
        rep.follow("Won…")
        rep.send(rep.form("amount"), amount="12000")
        assert rep.status == 200, rep.text
        with northgate():
            lead = Lead.objects.get()
            assert (lead.state, lead.amount) == ("won", 12000)
        assert "No lead needs you now" in rep.go("/w/northgate/queue/").text


class TestALateLead:
    def test_is_told_to_its_owner_and_the_manager(
        self, boss: Browser, rep: Browser, send: Callable[..., dict[str, Any]], move_time: Callable[..., None]
    ) -> None:
        sent = send(AMARA, "first")
        assert "None is late" in rep.go("/w/northgate/queue/").text

        move_time(timedelta(days=5), aliases=("default", "clock"))
        assert enforce_deadlines() > 0
        assert enforce_deadlines() == 0

        assert "1 is late" in rep.go("/w/northgate/queue/").text
        assert "Amara Osei: late, first touch" in rep.go("/w/northgate/notifications/").text
        assert "Amara Osei: late, first touch by Rita" in boss.go("/w/northgate/notifications/").text
        assert "Amara Osei" in boss.go("/w/northgate/board/").text
        with northgate():
            assert Notification.objects.filter(kind="late").count() <= 2
            mails = [mail.payload["to"] for mail in Outbox.objects.filter(key__gte="clock:", key__lt="clock;")]
            assert set(mails) <= {"bo@northgate.test", "rita@northgate.test"} and "bo@northgate.test" in mails
        rep.go("/w/northgate/queue/").follow("Log call")
        rep.send(rep.form("stamp", "result"), result="voicemail")
        assert rep.status == 200
        page = boss.go(f"/w/northgate/leads/{sent['id']}/").text
        assert "late" in page
