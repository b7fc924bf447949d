"""Leads over the API: in, one or many; out."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leads.models import IntakeRecord, Lead, Person, Source
from quotarider import tenancy
from tests.factories import leads as make
from tests.factories.accounts import api_key

pytestmark = pytest.mark.django_db
ONE, BULK = "/api/v1/leads/", "/api/v1/leads/bulk/"


def send(client: Client, sent: object, to: str = ONE, **headers: str) -> Any:
    body = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(to, body, content_type="application/json", headers=names)


def errors(response: Any) -> dict[str, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["field"]: error["message"] for error in response.json()["errors"]}


@pytest.fixture
def leads(acme):
    """The leads of acme, read afterwards."""

    def read() -> list[Lead]:
        with tenancy.scope(acme.pk):
            return list(Lead.objects.select_related("person", "company", "source").order_by("id"))

    return read


class TestSending:
    def test_answers_with_the_lead_as_handed_on(self, api_client, leads):
        response = send(api_client, make.payload(**make.QUALIFIED))
        lead = leads()[0]
        assert response.status_code == 201
        assert response.json() == {"id": str(lead.public_id), "status": "created", "state": "handed_off"}
        assert response.headers["Location"] == f"/api/v1/leads/{lead.public_id}/"

    def test_books_it_under_the_keys_source(self, api_client, leads):
        send(api_client, make.payload())
        assert leads()[0].source.slug == "website"

    def test_keeps_the_payload_word_for_word(self, api_client, acme):
        sent = make.payload(colour="blue", nested={"a": [1, 2.5, None]}, huge=10**400)
        assert send(api_client, sent).status_code == 201
        with tenancy.scope(acme.pk):
            assert IntakeRecord.objects.get().payload == sent

    def test_the_same_person_joins(self, api_client, leads):
        send(api_client, make.payload(email="ann@acme.com"))
        response = send(api_client, make.payload(email="ann@acme.com"))
        assert (response.status_code, response.json()["status"], len(leads())) == (200, "joined", 1)

    def test_the_same_key_again_is_the_same_answer(self, api_client, leads):
        sent = make.payload()
        first = send(api_client, sent, Idempotency_Key="k 1")
        again = send(api_client, sent, Idempotency_Key="k 1")
        assert (first.status_code, again.status_code, again.json()["status"]) == (201, 200, "repeated")
        assert first.json()["id"] == again.json()["id"]
        assert len(leads()) == 1

    def test_the_key_for_another_payload_is_a_conflict(self, api_client, leads):
        send(api_client, make.payload(), Idempotency_Key="k1")
        response = send(api_client, make.payload(), Idempotency_Key="k1")
        assert (response.status_code, len(leads())) == (409, 1)
        assert "Idempotency-Key" in errors(response)

    def test_the_order_of_names_is_not_another_payload(self, api_client):
        sent = make.payload()
        send(api_client, sent, Idempotency_Key="k1")
        assert send(api_client, dict(reversed(sent.items())), Idempotency_Key="k1").status_code == 200

    @pytest.mark.parametrize("key", ["x" * 201, "é", ""])
    def test_a_key_must_be_short_ascii(self, api_client, leads, key):
        assert "idempotency_key" in errors(send(api_client, make.payload(), Idempotency_Key=key))
        assert leads() == []

    def test_costs_few_statements(self, api_client, django_assert_max_num_queries):
        send(api_client, make.payload(**make.QUALIFIED))
        with django_assert_max_num_queries(40):
            send(api_client, make.payload(**make.QUALIFIED | {"phone": ""}), Idempotency_Key="k2")


class TestWhoMaySend:
    def test_nobody_without_a_key(self, client, acme):
        assert send(client, make.payload()).status_code == 401

    def test_no_key_without_the_scope(self, admin, leads):
        client = Client(headers={"Authorization": f"Bearer {api_key(admin, 'leads:read')[1]}"})
        assert send(client, make.payload()).status_code == 403
        assert send(client, {"leads": []}, BULK).status_code == 403
        assert leads() == []

    def test_the_key_of_another_workspace_writes_there(self, outsider, rival, leads):
        client = Client(headers={"Authorization": f"Bearer {api_key(outsider)[1]}"})
        assert send(client, make.payload()).status_code == 201
        assert leads() == []

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_405(self, api_client, method):
        assert getattr(api_client, method)(ONE).status_code == 405


SURROGATE = '{"email": "a@b.com", "full_name": "\\ud800"}'
NUL = '{"email": "a@b.com", "full_name": "a\\u0000b"}'


class TestBadInput:
    @pytest.mark.parametrize(
        "body", ["{", "[" * 100_000, SURROGATE, NUL, '{"a": NaN}', b"\xff\xfe", '{"a": 1, "a": 2}', "9" * 5000]
    )
    def test_what_is_no_json_is_400(self, api_client, leads, body):
        response = send(api_client, body)
        assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
        assert response.json()["detail"]
        assert leads() == []

    def test_another_media_type_is_415(self, api_client):
        assert api_client.post(ONE, "a=b", content_type="application/x-www-form-urlencoded").status_code == 415

    def test_ten_megabytes_are_413(self, api_client, leads):
        response = send(api_client, make.payload(note="x" * (10 * 1024 * 1024)))
        assert (response.status_code, leads()) == (413, [])

    @pytest.mark.parametrize("body", [[], None, 5, "text", True])
    def test_what_is_no_object_is_422(self, api_client, body):
        assert errors(send(api_client, json.dumps(body))) == {"": "Send one JSON object per lead."}

    def test_nothing_at_all_is_422(self, api_client):
        assert "email" in errors(send(api_client, ""))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "not an address"),
            ("email", ["a@b.com"]),
            ("email", 5),
            ("full_name", "x" * 100_000),
            ("full_name", {"first": "Ann"}),
            ("phone", "=HYPERLINK('x')"),
            ("phone", "0000000"),
            ("country", "Atlantis"),
            ("domain", "no domain"),
            ("employees", "many"),
            ("employees", -1),
            ("employees", True),
            ("employees", 10**30),
            ("revenue", 1.5),
            ("technologies", [1]),
            ("technologies", ["x" * 61]),
            ("arrived_at", "yesterday"),
            ("arrived_at", "2999-01-01T00:00:00Z"),
            ("arrived_at", "1900-01-01T00:00:00Z"),
            ("arrived_at", 5),
            ("outcome", "maybe"),
            ("outcome", "lost"),
            ("amount", "1e999"),
            ("amount", "9" * 400),
            ("touchpoints", {}),
            ("touchpoints", [5]),
            ("touchpoints", [{"kind": "unknown"}]),
            ("touchpoints", [{"kind": "form", "asset": 0}]),
            ("touchpoints", [{"kind": "form"}] * 201),
            ("timezone", "Mars/Base; DROP"),
        ],
    )
    def test_a_field_that_can_not_be_read_is_named(self, api_client, leads, field, value):
        response = send(api_client, make.payload(**{field: value}))
        assert response.status_code == 422
        found = errors(response)
        assert len(found) == 1
        name, message = found.popitem()
        assert name.startswith(field) or (field == "outcome" and name == "lost_reason")
        assert message.endswith(".")
        assert leads() == []

    def test_all_faults_are_told_at_once(self, api_client):
        found = errors(send(api_client, make.payload(email="x", employees="many", country="Atlantis")))
        assert set(found) == {"email", "employees", "country"}

    def test_a_lead_nobody_could_reach_is_refused(self, api_client):
        assert "email" in errors(send(api_client, {"full_name": "Ann"}))

    @pytest.mark.parametrize("name", ["محمد علي", "שלום עליכם", "李小龍", "Zoë 🚀 Groß", "Ann\u202eeil"])
    def test_names_of_all_scripts_are_taken(self, api_client, leads, name):
        assert send(api_client, make.payload(full_name=name)).status_code == 201
        assert leads()[0].person.full_name

    def test_a_formula_as_a_name_is_only_a_name(self, api_client, leads):
        send(api_client, make.payload(full_name="=1+cmd|' /C calc'!A0"))
        assert leads()[0].person.full_name == "=1+cmd|' /C calc'!A0"

    def test_depth_is_kept_up_to_a_limit(self, api_client):
        deep: dict[str, Any] = {}
        for _ in range(60):
            deep = {"in": deep}
        assert send(api_client, make.payload(extra=deep)).status_code == 201


class TestBulk:
    def test_stores_what_can_be_read_and_refuses_the_rest(self, api_client, leads):
        rows = [
            make.payload(),
            make.payload(email="x"),
            5,
            make.payload(email="ann@acme.com"),
            make.payload(email="ann@acme.com"),
        ]
        response = send(api_client, {"leads": rows}, BULK)
        results = response.json()["results"]
        assert response.status_code == 200
        assert [result["status"] for result in results] == ["created", "refused", "refused", "created", "joined"]
        assert [result["index"] for result in results] == [0, 1, 2, 3, 4]
        assert results[1]["errors"][0]["field"] == "email"
        assert (response.json()["accepted"], response.json()["refused"]) == (3, 2)
        assert [str(lead.public_id) for lead in leads()] == [results[0]["id"], results[3]["id"]]

    def test_a_reused_key_costs_its_own_row_only(self, api_client, leads):
        send(api_client, make.payload(), Idempotency_Key="k1")
        rows = [make.payload(idempotency_key="k1"), make.payload(idempotency_key="k2"), make.payload(idempotency_key=5)]
        results = send(api_client, {"leads": rows}, BULK).json()["results"]
        assert [result["status"] for result in results] == ["refused", "created", "refused"]
        assert results[0]["errors"][0]["field"] == results[2]["errors"][0]["field"] == "idempotency_key"
        assert len(leads()) == 2

    def test_sent_again_with_keys_changes_nothing(self, api_client, leads):
        body = {"leads": [make.payload(idempotency_key=f"k{n}") for n in range(3)]}
        first, again = send(api_client, body, BULK).json(), send(api_client, body, BULK).json()
        assert [result["status"] for result in again["results"]] == ["repeated"] * 3
        assert [r["id"] for r in first["results"]] == [r["id"] for r in again["results"]]
        assert len(leads()) == 3

    def test_a_key_is_the_same_in_a_row_and_in_a_header(self, api_client):
        sent = make.payload()
        send(api_client, sent, Idempotency_Key="k1")
        results = send(api_client, {"leads": [sent | {"idempotency_key": "k1"}]}, BULK).json()["results"]
        assert results[0]["status"] == "repeated"

    @pytest.mark.parametrize("body", [{}, [], {"leads": {}}, {"leads": None}, {"leads": [{}] * 1001}])
    def test_must_be_a_list_of_at_most_a_thousand(self, api_client, body):
        assert "leads" in errors(send(api_client, body, BULK))

    def test_none_are_none(self, api_client):
        assert send(api_client, {"leads": []}, BULK).json() == {"results": [], "accepted": 0, "refused": 0}

    def test_a_thousand_cost_few_statements(self, api_client, leads, django_assert_max_num_queries):
        rows = [make.payload(**make.QUALIFIED | {"phone": ""}) for _ in range(300)]
        with django_assert_max_num_queries(60):
            assert send(api_client, {"leads": rows}, BULK).json()["accepted"] == 300


class TestReading:
    def test_one_with_why_it_has_its_score(self, api_client, admin):
        sent = send(api_client, make.payload(full_name="Ann Lee", **make.QUALIFIED)).json()
        body = api_client.get(f"{ONE}{sent['id']}/").json()
        assert (body["id"], body["state"], body["score"], body["owner"]["name"]) == (
            sent["id"],
            "handed_off",
            80,
            "Admin",
        )
        assert body["person"]["full_name"] == "Ann Lee"
        assert body["explanation"]["definition_version"] == 1
        assert body["explanation"]["lines"][0] | {"detail": ""} == {
            "rule": "Asked for a demo",
            "points": 40,
            "kind": "intent",
            "detail": "",
        }

    def test_a_closed_one_without_a_score(self, api_client):
        sent = send(api_client, make.payload(outcome="won", amount=10)).json()
        body = api_client.get(f"{ONE}{sent['id']}/").json()
        assert (body["state"], body["amount"], body["explanation"]) == ("won", "10.00", None)

    def test_an_unknown_one_is_404(self, api_client):
        assert api_client.get(f"{ONE}0190f3c1-0000-7000-8000-000000000000/").status_code == 404
        assert api_client.get(f"{ONE}1/").status_code == 404

    def test_a_foreign_one_is_404(self, api_client, outsider, rival):
        sent = send(api_client, make.payload()).json()
        client = Client(headers={"Authorization": f"Bearer {api_key(outsider)[1]}"})
        assert client.get(f"{ONE}{sent['id']}/").status_code == 404
        assert client.get(ONE).json() == {"results": [], "next": None}

    def test_needs_the_scope(self, admin):
        client = Client(headers={"Authorization": f"Bearer {api_key(admin, 'leads:write')[1]}"})
        assert client.get(ONE).status_code == 403

    def test_page_by_page_newest_first(self, api_client, in_acme):
        ids = [str(make.lead(at=in_acme.now - timedelta(minutes=n)).public_id) for n in range(5)]
        seen, cursor = [], ""
        for _ in range(3):
            page = api_client.get(ONE, {"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            seen += [lead["id"] for lead in page["results"]]
            cursor = page["next"]
        assert (seen, cursor) == (ids, None)

    def test_by_state_and_by_when_we_learned_of_it(self, api_client, in_acme):
        old = make.lead(at=in_acme.now - timedelta(days=2))
        new = make.lead(at=in_acme.now, **make.QUALIFIED)

        def listed(**params: str) -> list[str]:
            return [lead["id"] for lead in api_client.get(ONE, params).json()["results"]]

        assert listed(state="nurturing") == [str(old.public_id)]
        assert listed(recorded_since=in_acme.now.isoformat()) == [str(new.public_id)]

    @pytest.mark.parametrize(
        "params",
        [
            {"state": "x"},
            {"limit": "0"},
            {"limit": "٣"},
            {"cursor": "x"},
            {"stat": "held"},
            {"recorded_since": "2026-02-31T00:00:00Z"},
        ],
    )
    def test_a_parameter_that_can_not_be_read_is_named(self, api_client, params):
        assert set(errors(api_client.get(ONE, params))) == set(params)

    def test_an_unknown_cursor_is_404(self, api_client):
        assert api_client.get(ONE, {"cursor": "0190f3c1-0000-7000-8000-000000000000"}).status_code == 404

    def test_costs_the_same_for_many(self, api_client, in_acme, django_assert_max_num_queries):
        make.receive(*(make.payload(campaign="Spring") for _ in range(30)), at=in_acme.now)
        with django_assert_max_num_queries(4):
            assert len(api_client.get(ONE).json()["results"]) == 30


class TestStoredOnce:
    def test_a_source_is_made_once(self, api_client, acme):
        for _ in range(2):
            send(api_client, make.payload())
        with tenancy.scope(acme.pk):
            assert (Source.objects.count(), Person.objects.count()) == (1, 2)
