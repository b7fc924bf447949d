"""The lead list and its export, as members see them."""

import csv
import io
from datetime import timedelta

import pytest

from leads.queries import listing
from quotarider import tenancy
from tests.factories import leads as make

pytestmark = pytest.mark.django_db
URL, EXPORT = "/w/acme/leads/", "/w/acme/leads/export/"


@pytest.fixture
def now(in_acme):
    return in_acme.now


def names(response) -> list[str]:
    return [lead.person.full_name for lead in response.context["page"].leads]


class TestList:
    def test_shows_who_where_and_whose(self, client_for, marketer, now):
        make.lead(at=now, full_name="Ann Lee", company_name="Acme Ltd", campaign="Spring", title="CEO")
        text = client_for(marketer).get(URL).content.decode()
        for shown in ("Ann Lee", "Acme Ltd", "Spring", "Nurtured", "Marketer", "1 lead"):
            assert shown in text

    def test_says_how_to_get_the_first(self, client_for, marketer, now):
        assert "No lead yet" in client_for(marketer).get(URL).content.decode()

    def test_newest_first(self, client_for, marketer, now):
        for name, days in (("Old", 3), ("New", 1), ("Middle", 2)):
            make.lead(at=now, full_name=name, arrived_at=(now - timedelta(days=days)).isoformat())
        assert names(client_for(marketer).get(URL)) == ["New", "Middle", "Old"]

    @pytest.mark.parametrize(
        "searched",
        [
            "ann",
            "LEE a",
            "Zöe",
            "zoe@lee",
            "lee-works.com",
            "lee works",
            "+49 30 9012",
            "crm-7",
            "strasse",
        ],
    )
    def test_finds_by_the_beginnings_of_words(self, client_for, marketer, now, searched):
        make.lead(
            at=now,
            full_name="Ann Zoë Lee",
            email="zoe@lee-works.com",
            company_name="Straße GmbH",
            phone="+49 30 9012345",
            external_id="crm-7",
        )
        make.lead(at=now, full_name="Ben Other")
        assert names(client_for(marketer).get(URL, {"q": searched})) == ["Ann Zoë Lee"]

    def test_all_words_must_fit(self, client_for, marketer, now):
        make.lead(at=now, full_name="Ann Lee")
        response = client_for(marketer).get(URL, {"q": "ann smith"})
        assert names(response) == []
        assert "No lead fits" in response.content.decode()

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"column": "held"}, ["Held"]),
            ({"column": "in_queue"}, ["Qualified"]),
            ({"state": "disqualified"}, ["Disqualified"]),
            ({"column": "closed"}, ["Disqualified"]),
            ({"owner": "queue"}, ["Qualified"]),
            ({"band": "hot"}, ["Qualified"]),
            ({"period": "7", "column": "nurtured"}, ["Nurtured"]),
        ],
    )
    def test_is_narrowed_by_its_address(self, client_for, marketer, now, asked, found):
        for name, given in (
            ("Nurtured", make.NURTURED),
            ("Held", make.HELD),
            ("Qualified", make.QUALIFIED),
            ("Disqualified", make.DISQUALIFIED),
        ):
            make.lead(at=now, full_name=name, **given)
        make.lead(at=now, full_name="Long ago", arrived_at=(now - timedelta(days=99)).isoformat())
        assert names(client_for(marketer).get(URL, asked)) == found

    def test_by_owner_campaign_and_source(self, client_for, marketer, now):
        lead = make.lead(at=now, full_name="Ann", campaign="Spring")
        make.receive(make.payload(full_name="Ben"), at=now, slug="partner")
        client = client_for(marketer)
        assert names(client.get(URL, {"campaign": lead.campaign.public_id})) == ["Ann"]
        assert names(client.get(URL, {"source": "partner"})) == ["Ben"]
        assert names(client.get(URL, {"owner": "me", "q": "ann"})) == ["Ann"]
        assert names(client.get(URL, {"owner": marketer.public_id, "source": "website"})) == ["Ann"]

    @pytest.mark.parametrize(
        "asked",
        [{"state": "x"}, {"owner": "x"}, {"period": "-1"}, {"campaign": "' OR 1=1"}, {"q": "%_\x00"}, {"q": "x" * 999}],
    )
    def test_what_can_not_be_read_is_left_out(self, client_for, marketer, now, asked):
        make.lead(at=now, full_name="Ann")
        assert client_for(marketer).get(URL, asked).status_code == 200

    def test_page_by_page_there_and_back(self, client_for, marketer, now, monkeypatch):
        monkeypatch.setattr(listing, "PAGE", 2)
        make.receive(*(make.payload(full_name=f"Lead {n}") for n in range(5)), at=now)
        client = client_for(marketer)
        first = client.get(URL)
        second = client.get(URL, {"after": first.context["page"].after})
        third = client.get(URL, {"after": second.context["page"].after})
        back = client.get(URL, {"before": third.context["page"].before})
        assert [names(each) for each in (first, second, third)] == [
            ["Lead 4", "Lead 3"],
            ["Lead 2", "Lead 1"],
            ["Lead 0"],
        ]
        assert names(back) == names(second)
        assert (first.context["page"].before, third.context["page"].after) == (None, None)

    def test_an_unknown_place_is_404(self, client_for, marketer, now):
        assert client_for(marketer).get(URL, {"after": "0190f3c1-0000-7000-8000-000000000000"}).status_code == 404

    def test_counts_up_to_a_thousand(self, client_for, marketer, now, monkeypatch):
        monkeypatch.setattr(listing, "COUNTED", 2)
        make.receive(*(make.payload() for _ in range(4)), at=now)
        response = client_for(marketer).get(URL)
        assert response.context["page"].count is None
        assert "+" in response.content.decode()

    def test_htmx_gets_the_leads_alone(self, client_for, marketer, now):
        make.lead(at=now, full_name="Ann Lee")
        text = client_for(marketer, htmx=True).get(URL).content.decode()
        assert text.strip().startswith("<section")
        assert "Ann Lee" in text

    def test_costs_the_same_for_many(self, client_for, marketer, now, django_assert_num_queries):
        make.receive(*(make.payload(campaign=f"C{n % 5}") for n in range(40)), at=now)
        client = client_for(marketer, htmx=True)
        client.get(URL)
        with django_assert_num_queries(8):  # session, user, seat, members, campaigns, sources, leads, count
            client.get(URL)

    def test_is_shown_to_every_role(self, client_for, rep, manager, marketer, revops, now):
        assert {client_for(member).get(URL).status_code for member in (rep, manager, marketer, revops)} == {200}

    def test_is_404_for_outsiders(self, client_for, outsider, acme):
        assert client_for(outsider).get(URL).status_code == 404
        assert client_for(outsider).get(EXPORT).status_code == 404

    def test_only_shows(self, client_for, marketer):
        assert client_for(marketer).post(URL).status_code == 405

    def test_hides_other_workspaces(self, client_for, acme, outsider, rival):
        with tenancy.scope(acme.pk) as scope:
            make.lead(at=scope.now, full_name="Ann")
        assert client_for(outsider).get("/w/rival/leads/").context["page"].leads == []


class TestExport:
    def rows(self, response) -> list[dict[str, str]]:
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def test_holds_what_the_list_shows(self, client_for, marketer, now):
        lead = make.lead(at=now, full_name="Ann Lee", email="ann@lee.com", employees=12, campaign="Spring")
        make.lead(at=now, full_name="Ben")
        response = client_for(marketer).get(EXPORT, {"q": "ann"})
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in response.headers["Content-Disposition"]
        (row,) = self.rows(response)
        assert (row["id"], row["full_name"], row["email"], row["employees"], row["campaign"]) == (
            str(lead.public_id),
            "Ann Lee",
            "ann@lee.com",
            "12",
            "Spring",
        )

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1+2", "@SUM(A1)"])
    def test_runs_no_formula(self, client_for, marketer, now, name):
        make.lead(at=now, full_name=name + " x")
        assert self.rows(client_for(marketer).get(EXPORT))[0]["full_name"] == f"'{name} x"

    def test_keeps_commas_quotes_and_scripts(self, client_for, marketer, now):
        make.lead(at=now, full_name='Lee, "Ann" محمد 🚀')
        assert self.rows(client_for(marketer).get(EXPORT))[0]["full_name"] == 'Lee, "Ann" محمد 🚀'

    def test_goes_beyond_a_page_and_a_piece(self, client_for, marketer, now, monkeypatch):
        monkeypatch.setattr(listing, "_PIECE", 3)
        make.receive(*(make.payload() for _ in range(8)), at=now)
        rows = self.rows(client_for(marketer).get(EXPORT))
        assert len({row["id"] for row in rows}) == 8

    def test_is_not_for_reps(self, client_for, rep, now):
        assert client_for(rep).get(EXPORT).status_code == 403
        assert "leads/export" not in client_for(rep).get(URL).content.decode()
