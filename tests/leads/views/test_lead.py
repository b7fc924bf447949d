"""One lead's page: what it shows, and what can be put right there."""

import pytest

from leads.models import AlternativeFact, Person, SearchToken
from quotarider import tenancy
from tests.factories import leads as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(in_acme):
    return in_acme.now


def url(lead, rest: str = "") -> str:
    return f"/w/acme/leads/{lead.public_id}/{rest}"


def correct(client, lead, field: str, value: str):
    return client.post(url(lead, f"facts/{field}/"), {"value": value})


class TestPage:
    def test_shows_who_why_and_what(self, client_for, marketer, now):
        lead = make.lead(at=now, full_name="Ann Lee", note="Met at the fair", campaign="Spring", **make.QUALIFIED)
        text = client_for(marketer).get(url(lead)).content.decode()
        for shown in (
            "Ann Lee",
            "Asked for a demo",
            "agreement v1",
            "Demo request",
            "Spring",
            "Met at the fair",
            "Sales",
        ):
            assert shown in text

    def test_shows_the_payload_as_received(self, client_for, marketer, now):
        lead = make.lead(at=now, favourite="<script>alert(1)</script>")
        text = client_for(marketer).get(url(lead)).content.decode()
        assert "favourite" in text
        assert "<script>alert" not in text

    def test_shows_the_persons_other_leads(self, client_for, marketer, now):
        old = make.lead(at=now, email="ann@acme.com", outcome="won", campaign="Autumn")
        lead = make.lead(at=now, email="ann@acme.com")
        text = client_for(marketer).get(url(lead)).content.decode()
        assert url(old) in text
        assert "Autumn" in text

    @pytest.mark.parametrize(
        "given",
        [
            make.NURTURED,
            make.HELD,
            make.DISQUALIFIED,
            {"outcome": "won"},
            {"email": "", "phone": "", "external_id": "x", "full_name": "", "company_name": ""},
        ],
    )
    def test_of_every_kind_of_lead(self, client_for, marketer, now, given):
        lead = make.lead(at=now, **given)
        assert client_for(marketer).get(url(lead)).status_code == 200

    def test_later_stages_come_by_address(self, client_for, marketer, now):
        lead = make.lead(at=now)
        text = client_for(marketer).get(url(lead)).content.decode()
        assert f'hx-get="{url(lead, "activity/")}"' in text
        assert f'hx-get="{url(lead, "clocks/")}"' in text

    def test_is_404_for_outsiders_and_the_unknown(self, client_for, acme, outsider, marketer):
        with tenancy.scope(acme.pk) as scope:
            lead = make.lead(at=scope.now)
        assert client_for(outsider).get(url(lead)).status_code == 404
        assert client_for(outsider).get(url(lead).replace("acme", "rival")).status_code == 404
        assert client_for(marketer).get("/w/acme/leads/0190f3c1-0000-7000-8000-000000000000/").status_code == 404

    def test_only_shows(self, client_for, marketer, now):
        assert client_for(marketer).post(url(make.lead(at=now))).status_code == 405

    def test_costs_the_same_for_many(self, client_for, marketer, now, django_assert_max_num_queries):
        lead = make.lead(
            at=now, email="ann@acme.com", touchpoints=[{"kind": "form", "campaign": f"C{n}"} for n in range(30)]
        )
        for _ in range(5):
            make.lead(at=now, email="ann@acme.com", outcome="won", external_id=f"x{_}")
        client = client_for(marketer)
        client.get(url(lead))
        with django_assert_max_num_queries(16):
            client.get(url(lead))


class TestCorrecting:
    def test_a_fact_scores_again_and_answers_with_what_changed(self, client_for, marketer, now):
        lead = make.lead(at=now, employees=100)
        response = correct(client_for(marketer, htmx=True), lead, "title", "Founder")
        lead.refresh_from_db()
        assert (response.status_code, lead.person.title, lead.score) == (200, "Founder", 35)
        assert response.headers["HX-Retarget"] == "#lead-facts"
        assert 'id="lead-why"' in response.content.decode()

    def test_without_htmx_goes_back_to_the_lead(self, client_for, marketer, now):
        lead = make.lead(at=now)
        response = correct(client_for(marketer), lead, "title", "Founder")
        assert (response.status_code, response.headers["Location"]) == (302, url(lead))

    @pytest.mark.parametrize(
        ("field", "value"),
        [("email", "x"), ("employees", "many"), ("country", "Atlantis"), ("phone", "=1+1"), ("title", "")],
    )
    def test_a_value_that_can_not_be_read_stays_in_the_form(self, client_for, marketer, now, field, value):
        lead = make.lead(at=now)
        before = Person.objects.get(pk=lead.person_id)
        response = correct(client_for(marketer, htmx=True), lead, field, value)
        assert response.status_code == 422
        assert response.content.decode().strip().startswith("<form")
        assert Person.objects.get(pk=lead.person_id).email == before.email

    def test_an_address_of_somebody_else_is_refused(self, client_for, marketer, now):
        make.lead(at=now, email="ben@acme.com")
        lead = make.lead(at=now)
        assert correct(client_for(marketer), lead, "email", "ben@acme.com").status_code == 422

    def test_shows_the_value_to_be_edited(self, client_for, marketer, now):
        lead = make.lead(at=now, title="CEO")
        for htmx in (True, False):
            response = client_for(marketer, htmx=htmx).get(url(lead, "facts/title/"))
            assert 'value="CEO"' in response.content.decode()

    def test_a_new_name_is_found(self, client_for, marketer, now):
        lead = make.lead(at=now)
        correct(client_for(marketer), lead, "full_name", "Wilhelmina")
        assert SearchToken.objects.filter(lead=lead, token="wilhelmina").exists()

    def test_an_unknown_fact_is_404(self, client_for, marketer, now):
        assert correct(client_for(marketer), make.lead(at=now), "shoe_size", "44").status_code == 404

    def test_is_404_for_outsiders(self, client_for, outsider, now):
        lead = make.lead(at=now)
        assert correct(client_for(outsider), lead, "title", "Founder").status_code == 404
        assert lead.person.title == ""


class TestSettling:
    @pytest.fixture
    def told(self, now):
        make.lead(at=now, email="ann@acme.com", title="CEO")
        lead = make.lead(at=now, email="ann@acme.com", title="Intern")
        return lead, AlternativeFact.objects.get(field="title")

    def test_is_offered(self, client_for, marketer, told):
        text = client_for(marketer).get(url(told[0])).content.decode()
        assert "Use this" in text
        assert "Keep ours" in text

    @pytest.mark.parametrize(("take", "title"), [("yes", "Intern"), ("no", "CEO")])
    def test_takes_theirs_or_keeps_ours(self, client_for, marketer, told, take, title):
        lead, fact = told
        response = client_for(marketer, htmx=True).post(url(lead, f"told/{fact.public_id}/"), {"take": take})
        fact.refresh_from_db()
        assert (response.status_code, Person.objects.get(pk=lead.person_id).title) == (200, title)
        assert (fact.settled_by, fact.was_taken) == (marketer, take == "yes")

    def test_once_settled_is_gone(self, client_for, marketer, told):
        lead, fact = told
        client = client_for(marketer)
        client.post(url(lead, f"told/{fact.public_id}/"), {"take": "no"})
        assert client.post(url(lead, f"told/{fact.public_id}/"), {"take": "yes"}).status_code == 404

    def test_of_another_lead_is_404(self, client_for, marketer, told, now):
        other = make.lead(at=now)
        assert client_for(marketer).post(url(other, f"told/{told[1].public_id}/"), {"take": "yes"}).status_code == 404

    def test_is_not_done_by_looking(self, client_for, marketer, told):
        assert client_for(marketer).get(url(told[0], f"told/{told[1].public_id}/")).status_code == 405
