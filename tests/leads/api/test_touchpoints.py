"""Touchpoints over the API."""

import json
from typing import Any

import pytest
from django.test import Client

from leads.models import Touchpoint
from quotarider import tenancy
from tests.factories import leads as make
from tests.factories.accounts import api_key

pytestmark = pytest.mark.django_db
URL = "/api/v1/touchpoints/"


def send(client: Client, sent: object) -> Any:
    return client.post(URL, json.dumps(sent), content_type="application/json")


@pytest.fixture
def lead(acme, api_client):
    with tenancy.scope(acme.pk) as scope:
        return make.lead(at=scope.now, email="ann@acme.com", external_id="crm-1", employees=100, title="CEO")


@pytest.fixture
def stored(acme):
    def read() -> list[Touchpoint]:
        with tenancy.scope(acme.pk):
            return list(Touchpoint.objects.select_related("campaign").order_by("id"))

    return read


class TestOne:
    @pytest.mark.parametrize(
        "names",
        [
            lambda x: {"lead": str(x.public_id)},
            lambda x: {"lead_external_id": "crm-1"},
            lambda x: {"email": "ANN@acme.com"},
        ],
    )
    def test_is_attached_to_the_lead_it_names(self, api_client, lead, stored, names):
        response = send(api_client, {"kind": "webinar", "campaign": "Expo", **names(lead)})
        assert response.status_code == 201
        assert response.json() == {"status": "recorded", "lead": str(lead.public_id)}
        assert [(t.lead_id, t.kind, t.campaign.name) for t in stored()] == [(lead.pk, "webinar", "Expo")]

    def test_may_qualify_the_lead(self, api_client, lead):
        assert lead.state == "nurturing"
        send(api_client, {"kind": "demo_request", "email": "ann@acme.com"})
        assert api_client.get(f"/api/v1/leads/{lead.public_id}/").json()["state"] == "handed_off"

    def test_sent_again_under_its_id_is_not_counted_again(self, api_client, lead, stored):
        sent = {"kind": "form", "email": "ann@acme.com", "external_id": "t1"}
        assert [send(api_client, sent).status_code for _ in range(2)] == [201, 200]
        assert len(stored()) == 1

    def test_of_an_unknown_lead_is_refused(self, api_client, lead, stored):
        response = send(api_client, {"kind": "form", "email": "nobody@acme.com"})
        assert response.status_code == 422
        assert response.json()["errors"] == [{"field": "lead", "message": "No such lead. Send the lead first."}]
        assert stored() == []

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"kind": "form"}, "lead"),
            ({"kind": "form", "lead": "x"}, "lead"),
            ({"kind": "form", "lead": 5}, "lead"),
            ({"kind": "form", "email": "x"}, "email"),
            ({"kind": "form", "lead_external_id": ["x"]}, "lead_external_id"),
            ({"email": "ann@acme.com"}, "kind"),
            ({"kind": ["form"], "email": "ann@acme.com"}, "kind"),
            ({"kind": "form", "email": "ann@acme.com", "occurred_at": "2999-01-01T00:00Z"}, "occurred_at"),
            ([], ""),
            (None, ""),
        ],
    )
    def test_that_can_not_be_read_is_422(self, api_client, lead, stored, sent, field):
        response = send(api_client, sent)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)
        assert stored() == []

    def test_needs_the_scope(self, admin, lead, stored):
        client = Client(headers={"Authorization": f"Bearer {api_key(admin, 'leads:write')[1]}"})
        assert send(client, {"kind": "form", "email": "ann@acme.com"}).status_code == 403
        assert stored() == []

    def test_another_workspaces_lead_is_unknown(self, outsider, rival, lead, stored):
        client = Client(headers={"Authorization": f"Bearer {api_key(outsider)[1]}"})
        assert send(client, {"kind": "form", "lead": str(lead.public_id)}).status_code == 422
        assert stored() == []

    def test_other_methods_are_405(self, api_client):
        assert api_client.get(URL).status_code == 405


class TestMany:
    def test_each_has_its_result(self, api_client, lead, stored):
        rows = [
            {"kind": "form", "email": "ann@acme.com", "external_id": "t1"},
            {"kind": "form", "email": "ann@acme.com", "external_id": "t1"},
            {"kind": "nothing", "email": "ann@acme.com"},
            {"kind": "form", "email": "nobody@acme.com"},
            {"kind": "webinar", "lead_external_id": "crm-1"},
        ]
        body = send(api_client, {"touchpoints": rows}).json()
        assert [row["status"] for row in body["results"]] == ["recorded", "repeated", "refused", "refused", "recorded"]
        assert (body["accepted"], body["refused"]) == (3, 2)
        assert len(stored()) == 2

    @pytest.mark.parametrize("rows", [None, {}, [{}] * 1001])
    def test_must_be_a_list_of_at_most_a_thousand(self, api_client, rows):
        assert send(api_client, {"touchpoints": rows}).status_code == 422

    def test_of_a_closed_lead_are_kept_without_waking_it(self, api_client, acme, stored):
        with tenancy.scope(acme.pk) as scope:
            closed = make.lead(at=scope.now, email="ben@acme.com", outcome="won")
        send(api_client, {"touchpoints": [{"kind": "demo_request", "email": "ben@acme.com"}]})
        assert len(stored()) == 1
        assert api_client.get(f"/api/v1/leads/{closed.public_id}/").json()["state"] == "won"

    def test_of_a_person_with_several_leads_goes_to_the_open_one(self, api_client, acme, stored):
        with tenancy.scope(acme.pk) as scope:
            make.lead(at=scope.now, email="ben@acme.com", outcome="won")
            lead = make.lead(at=scope.now, email="ben@acme.com")
        send(api_client, {"kind": "form", "email": "ben@acme.com"})
        assert stored()[0].lead_id == lead.pk
