"""Reading the Agreement, comparing versions, and writing new ones with plain forms."""

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from leads.rules.definition import Definition, default_definition
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.models import Agreement
from sla.queries import agreement as agreements
from sla.rules.ladder import Rung
from sla.rules.terms import Promise, Terms

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Client]
DEFINITION, TERMS = "/w/acme/agreement/definition/edit/", "/w/acme/agreement/terms/edit/"


class _Fields(HTMLParser):
    """What a browser would send of the page's editor, as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._options: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._depth += tag == "template"
        name = given.get("name") or ""
        if self._depth or (not name and tag != "option"):
            return
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values.setdefault(name, []).append(given.get("value") or "")
        elif tag == "select":
            self._select, self.values[name] = name, [""]
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = [given.get("value") or ""]
        elif tag == "textarea":
            self._area, self.values[name] = name, [""]

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "template"
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = [data.removeprefix("\n")]


def posted(client: Client, path: str, **changed: Any) -> dict[str, Any]:
    """The editor's fields as the page shows them, with some changed."""
    parser = _Fields()
    page = client.get(path).content.decode()
    parser.feed(re.search(r'<form class="editor".*?</form>', page, re.DOTALL)[0])  # type: ignore[index]
    return {**parser.values, "summary": "A test", **changed}


@pytest.fixture
def in_force(acme: Workspace) -> Callable[[], tuple[Agreement, Definition, Terms]]:
    def read() -> tuple[Agreement, Definition, Terms]:
        with tenancy.scope(acme.pk) as scope:
            current = agreements.in_force(scope.now)
            return current, Definition.from_json(current.definition.body), agreements.terms(current)

    return read


class TestReading:
    @pytest.mark.parametrize("role", ["rep", "manager", "marketer", "marketing_manager", "revops", "admin"])
    def test_everybody_reads_what_is_in_force(
        self, client_for: ClientFor, role: str, request: pytest.FixtureRequest
    ) -> None:
        page = client_for(request.getfixturevalue(role)).get("/w/acme/agreement/")
        text = page.content.decode()
        assert page.status_code == 200
        assert "Agreement v1" in text and "unsigned" in text
        assert "Company size is between 20 and 500" in text and "within 15 business minutes" in text
        assert "09:00 to 18:00" in text and "Mark late, tell owner and manager" in text

    def test_only_revops_and_admins_are_offered_to_change_it(
        self, client_for: ClientFor, rep: Member, revops: Member
    ) -> None:
        assert DEFINITION not in client_for(rep).get("/w/acme/agreement/").content.decode()
        assert DEFINITION in client_for(revops).get("/w/acme/agreement/").content.decode()

    def test_is_404_for_outsiders(self, client_for: ClientFor, outsider: Member, admin: Member) -> None:
        for path in ("", "versions/1/", "compare/", "definition/edit/", "terms/edit/"):
            assert client_for(outsider).get(f"/w/acme/agreement/{path}").status_code == 404

    def test_takes_no_post(self, client_for: ClientFor, admin: Member) -> None:
        assert client_for(admin).post("/w/acme/agreement/").status_code == 405

    def test_a_piece_for_htmx(self, client_for: ClientFor, admin: Member) -> None:
        assert "<html" not in client_for(admin, htmx=True).get("/w/acme/agreement/").content.decode()

    def test_unknown_versions_are_404(self, client_for: ClientFor, admin: Member) -> None:
        client = client_for(admin)
        assert client.get("/w/acme/agreement/versions/1/").status_code == 200
        assert client.get("/w/acme/agreement/versions/2/").status_code == 404
        assert client.get("/w/acme/agreement/compare/?to=9").status_code == 404

    def test_one_version_differs_from_itself_in_nothing(self, client_for: ClientFor, admin: Member) -> None:
        assert "Both say the same." in client_for(admin).get("/w/acme/agreement/compare/").content.decode()


class TestDefinitionEditor:
    def test_what_it_shows_is_what_is_in_force(self, client_for: ClientFor, admin: Member, in_force: Callable) -> None:
        client = client_for(admin)
        assert client.post(DEFINITION, posted(client, DEFINITION)).status_code == 302
        agreement, definition, _terms = in_force()
        assert (agreement.version, definition) == (2, default_definition())
        assert (agreement.summary, agreement.created_by_id) == ("A test", admin.pk)

    def test_changes_make_a_new_version(self, client_for: ClientFor, revops: Member, in_force: Callable) -> None:
        client = client_for(revops)
        changed = posted(
            client, DEFINITION,
            **{"threshold": "70", "fit-0-points": "25", "fit-0-values": "50, 1,000".replace("1,000", "1000"),
               "required_facts": ["email", "phone"], "countries": "de, at", "industries": 'Retail, "Food, drink"'},
        )  # fmt: skip
        assert client.post(DEFINITION, changed).status_code == 302
        _agreement, definition, _terms = in_force()
        assert (definition.threshold, definition.required_facts) == (70, ("email", "phone"))
        assert (definition.rules[0].points, definition.rules[0].predicate.values) == (25, (50, 1000))
        assert definition.icp.countries == ("DE", "AT")
        assert definition.icp.industries == ("Retail", "Food, drink")

    def test_rows_are_added_and_taken_out(self, client_for: ClientFor, admin: Member, in_force: Callable) -> None:
        client = client_for(admin)
        fields = posted(client, DEFINITION)
        n = int(fields["fit-TOTAL_FORMS"][0]) - 1  # the blank one
        row = {"name": "Retailer", "points": "7", "fact": "industry", "op": "in", "values": "Retail"}
        fields |= {f"fit-{n}-{name}": value for name, value in row.items()} | {"fit-0-DELETE": "on"}
        assert client.post(DEFINITION, fields).status_code == 302
        names = [rule.name for rule in in_force()[1].rules]
        assert "Retailer" in names and "Company of 20 to 500" not in names

    @pytest.mark.parametrize(
        ("changed", "field", "message"),
        [
            ({"threshold": "140"}, "id_threshold", "Must be a whole number from 0 to 100."),
            ({"threshold": "many"}, "id_threshold", "Enter a whole number."),
            ({"warm": "90"}, "id_warm", "Above hot."),
            ({"size_min": "900"}, "id_size_min", "The lower bound is above the upper one."),
            ({"countries": "Narnia"}, "id_countries", "Not a country code."),
            ({"fit-1-points": "0"}, "id_fit-1-points", "Zero has no effect."),
            ({"fit-0-values": "20"}, "id_fit-0-values", "Give two values"),
            ({"fit-0-values": "some, more"}, "id_fit-0-values", "Not all of them fit the fact."),
            ({"fit-2-op": "between"}, "id_fit-2-op", "Does not suit “Job title”."),
            ({"fit-1-name": "Company of 20 to 500"}, "id_fit-1-name", "Another one has this name."),
            ({"engagement-0-cap": "0"}, "id_engagement-0-cap", "Must be a whole number from 1 to 100."),
            ({"engagement-0-half_life_days": "-1"}, "id_engagement-0-half_life_days", "above 0"),
            ({"disqualifiers-0-reason": ""}, "id_disqualifiers-0-reason", "Missing."),
            ({"personas-1-name": "Owner or CEO"}, "id_personas-1-name", "Another one has this name."),
            ({"summary": ""}, "id_summary", "This field is required."),
        ],
    )
    def test_problems_stand_at_their_fields(
        self, client_for: ClientFor, admin: Member, in_force: Callable, changed: dict, field: str, message: str
    ) -> None:
        client = client_for(admin)
        page = client.post(DEFINITION, posted(client, DEFINITION, **changed))
        assert page.status_code == 422
        errors = re.search(rf'id="{field}_error">(.*?)</div>', page.content.decode(), re.DOTALL)
        assert errors and message in errors[1]
        assert in_force()[0].version == 1

    def test_nothing_is_lost_when_somebody_was_faster(
        self, client_for: ClientFor, admin: Member, revops: Member, in_force: Callable
    ) -> None:
        mine, theirs = client_for(admin), client_for(revops)
        fields = posted(mine, DEFINITION, threshold="75", summary="Mine")
        theirs.post(DEFINITION, posted(theirs, DEFINITION, threshold="65", summary="Theirs"))
        page = mine.post(DEFINITION, fields)
        text = page.content.decode()
        assert page.status_code == 409
        assert "Version 2 came into force while you were writing" in text and "Theirs" in text
        assert 'name="threshold" value="75"' in text
        assert in_force()[1].threshold == 65
        assert mine.post(DEFINITION, {**fields, "base": "2"}).status_code == 302
        assert (in_force()[0].version, in_force()[1].threshold) == (3, 75)

    @pytest.mark.parametrize("role", ["rep", "manager", "marketer", "marketing_manager"])
    @pytest.mark.parametrize("path", [DEFINITION, TERMS])
    def test_is_for_revops_and_admins(
        self, client_for: ClientFor, role: str, path: str, request: pytest.FixtureRequest, in_force: Callable
    ) -> None:
        client = client_for(request.getfixturevalue(role))
        assert [client.get(path).status_code, client.post(path).status_code] == [403, 403]
        assert in_force()[0].version == 1

    def test_versions_are_compared_line_by_line(self, client_for: ClientFor, admin: Member) -> None:
        client = client_for(admin)
        client.post(
            DEFINITION, posted(client, DEFINITION, threshold="70", **{"fit-0-points": "25", "fit-1-DELETE": "on"})
        )
        text = client.get("/w/acme/agreement/compare/").content.decode()
        assert "3 lines differ." in text
        assert "+25: Company size is between 20 and 500" in text and "removed" in text
        assert "v2" in client.get("/w/acme/agreement/").content.decode()


class TestTermsEditor:
    def test_what_it_shows_is_what_is_in_force(self, client_for: ClientFor, admin: Member, in_force: Callable) -> None:
        client = client_for(admin)
        before = in_force()[2]
        assert client.post(TERMS, posted(client, TERMS)).status_code == 302
        agreement, definition, terms = in_force()
        assert (agreement.version, terms, definition) == (2, before, default_definition())

    def test_changes_make_a_new_version(self, client_for: ClientFor, admin: Member, in_force: Callable) -> None:
        client = client_for(admin)
        n = int(posted(client, TERMS)["promises-TOTAL_FORMS"][0]) - 1
        changed = {
            "hours_0": "9-12, 13:00–18:00", "hours_5": "10:00-14:00", "hours_4": "", "timezone": "Europe/Vienna",
            "holiday_country": "at", "days_off": "2026-12-24, 2026-12-31", "promised_share": "95",
            f"promises-{n}-kind": "first_touch", f"promises-{n}-minutes": "5", f"promises-{n}-source": "website",
            f"promises-{n}-ORDER": "1", "promises-0-ORDER": "2", "promises-1-DELETE": "on",
            "ladder-0-share": "50", "ladder-2-kind": "tell_revops", "ladder-2-after": "60",
        }  # fmt: skip
        assert client.post(TERMS, posted(client, TERMS, **changed)).status_code == 302
        terms = in_force()[2]
        assert terms.calendar.hours[0] == (("09:00", "12:00"), ("13:00", "18:00"))
        assert terms.calendar.hours[5] == (("10:00", "14:00"),) and 4 not in terms.calendar.hours
        assert terms.calendar.days_off == {date(2026, 12, 24), date(2026, 12, 31)}
        assert (terms.calendar.timezone, terms.calendar.holiday_country) == ("Europe/Vienna", "AT")
        assert terms.promises[:2] == (
            Promise("first_touch", 5, source="website"),
            Promise("first_touch", 15, band="hot"),
        )
        assert Promise("first_touch", 60, band="warm") not in terms.promises
        assert terms.ladder.rungs[0] == Rung("warn", share=0.5)
        assert terms.ladder.rungs[2].kind == "tell_revops"
        assert terms.promised_share == 95

    @pytest.mark.parametrize(
        ("changed", "field", "message"),
        [
            ({"hours_1": "9-25"}, "id_hours_1", "is not a time"),
            ({"hours_1": "18-9"}, "id_hours_1", "ends before it begins"),
            ({"hours_1": "always"}, "id_hours_1", "is not a window"),
            ({"holiday_country": "XX"}, "id_holiday_country", "is not known"),
            ({"holiday_subdivision": "BE"}, "id_holiday_country", "Is missing"),
            ({"days_off": "24.12.2026"}, "id_days_off", "is not a date"),
            ({"promises-0-minutes": "0"}, "id_promises-0-minutes", "Must be whole business minutes."),
            ({"promises-0-kind": ""}, "id_promises-0-kind", "is not a kind of clock"),
            ({"ladder-0-share": "120"}, "id_ladder-0-share", "is not a part of the time"),
            ({"ladder-0-after": "5"}, "id_ladder-0-share", "must not both be given"),
            ({"promised_share": "101"}, "id_promised_share", "less than or equal to 100"),
        ],
    )
    def test_problems_stand_at_their_fields(
        self, client_for: ClientFor, admin: Member, in_force: Callable, changed: dict, field: str, message: str
    ) -> None:
        client = client_for(admin)
        page = client.post(TERMS, posted(client, TERMS, **changed))
        errors = re.search(rf'id="{field}_error">(.*?)</div>', page.content.decode(), re.DOTALL)
        assert page.status_code == 422
        assert errors and message in errors[1]
        assert in_force()[0].version == 1

    def test_a_ladder_must_become_late(self, client_for: ClientFor, admin: Member, in_force: Callable) -> None:
        client = client_for(admin)
        page = client.post(TERMS, posted(client, TERMS, **{"ladder-1-DELETE": "on"}))
        assert page.status_code == 422
        assert "Steps of sales’ clocks: Never become late." in page.content.decode()

    def test_a_week_that_is_never_open_is_refused(self, client_for: ClientFor, admin: Member) -> None:
        client = client_for(admin)
        page = client.post(TERMS, posted(client, TERMS, **{f"hours_{day}": "" for day in range(7)}))
        assert page.status_code == 422 and "Are never open." in page.content.decode()

    def test_nothing_is_lost_when_somebody_was_faster(
        self, client_for: ClientFor, admin: Member, revops: Member, in_force: Callable
    ) -> None:
        mine, theirs = client_for(admin), client_for(revops)
        fields = posted(mine, TERMS, promised_share="80")
        theirs.post(DEFINITION, posted(theirs, DEFINITION))
        page = mine.post(TERMS, fields)
        assert page.status_code == 409 and 'name="promised_share" value="80"' in page.content.decode()
        assert in_force()[2].promised_share == 90

    def test_previews_a_friday_afternoon(self, client_for: ClientFor, admin: Member, in_force: Callable) -> None:
        client = client_for(admin, htmx=True)
        fields = posted(client_for(admin), TERMS, holiday_country="", **{"promises-0-minutes": "75"})
        text = client.post("/w/acme/agreement/terms/preview/", fields).content.decode()
        assert "<b>Monday, 09:05</b>" in text and "<b>Friday, 17:50</b>" in text
        assert in_force()[0].version == 1

    def test_shows_the_preview_from_the_start(self, client_for: ClientFor, admin: Member) -> None:
        assert "is late …" in client_for(admin).get(TERMS).content.decode()

    def test_previews_nothing_of_what_can_t_be_read(self, client_for: ClientFor, admin: Member) -> None:
        client = client_for(admin, htmx=True)
        fields = posted(client_for(admin), TERMS, hours_0="x")
        assert "The example appears" in client.post("/w/acme/agreement/terms/preview/", fields).content.decode()
        assert client.get("/w/acme/agreement/terms/preview/").status_code == 405
