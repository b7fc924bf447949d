"""The queue's page: whose leads, in which order, with what beside them; for whom, by htmx and without."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handoff.models import Handoff, Team
from handoff.views import desk
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace

pytestmark = pytest.mark.django_db
Given = Callable[..., Handoff]
QUEUE = "/w/acme/queue/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(handoff: Handoff) -> str:
    return f"{QUEUE}{handoff.public_id}/"


class TestWhoMaySee:
    @pytest.mark.parametrize(
        "person, status",
        [
            ("rep", 200),
            ("manager", 200),
            ("revops", 200),
            ("admin", 200),
            ("marketer", 403),
            ("marketing_manager", 403),
        ],
    )
    def test_answers_by_role(
        self, request: pytest.FixtureRequest, client_for: Callable[..., Client], person: str, status: int
    ) -> None:
        member = request.getfixturevalue(person)
        request.getfixturevalue("acme")
        assert client_for(member).get(QUEUE).status_code == status

    def test_outsiders_get_404(self, client_for: Callable[..., Client], outsider: Member, given: Given) -> None:
        client = client_for(outsider)
        assert client.get(QUEUE).status_code == 404
        assert client.get(url(given())).status_code == 404

    def test_takes_no_post(self, client_for: Callable[..., Client], rep: Member, given: Given) -> None:
        client, handoff = client_for(rep), given()
        assert client.post(QUEUE).status_code == 405
        assert client.post(url(handoff)).status_code == 405

    def test_a_colleagues_lead_is_404(self, client_for: Callable[..., Client], colleague: Member, given: Given) -> None:
        assert client_for(colleague).get(url(given())).status_code == 404

    def test_a_manager_sees_anybodys(self, client_for: Callable[..., Client], manager: Member, given: Given) -> None:
        handoff = given(full_name="Amara Osei")
        client = client_for(manager)
        assert "Amara Osei" in text_of(client.get(url(handoff)))
        listed = text_of(client.get(QUEUE, {"rep": handoff.owner.public_id}))
        assert "1 lead needs Rep" in listed and "Amara Osei" in listed
        assert "No lead needs you now" in text_of(client.get(QUEUE))

    def test_a_rep_who_asks_for_anothers_queue_gets_their_own(
        self, client_for: Callable[..., Client], colleague: Member, given: Given
    ) -> None:
        page = text_of(client_for(colleague).get(QUEUE, {"rep": given(full_name="Amara Osei").owner.public_id}))
        assert "No lead needs you now" in page and "Amara Osei" not in page

    def test_an_unknown_rep_is_404_and_nonsense_is_ignored(
        self, client_for: Callable[..., Client], manager: Member, team: Team
    ) -> None:
        client = client_for(manager)
        assert client.get(QUEUE, {"rep": "00000000-0000-7000-8000-000000000000"}).status_code == 404
        assert client.get(QUEUE, {"rep": "nonsense"}).status_code == 200


class TestPage:
    def test_an_empty_queue_says_what_will_come(self, client_for: Callable[..., Client], rep: Member) -> None:
        page = text_of(client_for(rep).get(QUEUE))
        assert "No lead needs you now" in page and "Nothing is waiting" in page

    def test_is_ordered_by_deadline_then_score(
        self, client_for: Callable[..., Client], rep: Member, given: Given, acme: Workspace
    ) -> None:
        rows = [given(full_name=name) for name in ("Ada", "Ben", "Cem", "Dia")]
        with tenancy.scope(acme.pk) as scope:
            for row, minutes, score in zip(rows, (30, 10, 10, None), (90, 70, 80, 99), strict=True):
                due = scope.now + timedelta(minutes=minutes) if minutes else None
                Handoff.objects.filter(pk=row.pk).update(act_by=due, score=score)
        page = text_of(client_for(rep).get(QUEUE)).split('id="queue-list"')[1].split('id="focus"')[0]
        assert [name for name in page.replace("<", " ").replace(">", " ").split() if name in ("Ada", "Ben", "Cem", "Dia")] == [
            "Cem", "Ben", "Ada", "Dia",
        ]  # fmt: skip

    def test_opens_the_top_one_with_everything(
        self, client_for: Callable[..., Client], rep: Member, given: Given
    ) -> None:
        handoff = given(
            full_name="Amara Osei",
            title="CEO",
            employees=240,
            company_name="Northwind Foods",
            industry="Food",
            phone="+49 40 123456",
            note="Saw us at the fair",
            touchpoints=[
                {"kind": "demo_request"},
                {"kind": "webinar", "asset": "Cold chain", "detail": "41 of 45 minutes"},
            ],
            campaign="Webinar, November",
        )
        page = text_of(client_for(rep).get(QUEUE))
        for said in (
            "1 lead needs you", "Amara Osei", "CEO, Northwind Foods · 240 people · Food", "there</p>", f"Why {handoff.score}",
            "agreement v1", "Asked for a demo", "Attended <b>Cold chain</b>, 41 of 45 minutes", "campaign “Webinar, November”",
            "Offer a 20-minute call", "No time for one more tool.", "Revenue, hiring", "Rep was next in turn", "Saw us at the fair",
            "None yet: yours is the first.",
        ):  # fmt: skip
            assert said in page, said

    def test_says_how_many_are_late_and_due_soon(
        self, client_for: Callable[..., Client], rep: Member, given: Given, acme: Workspace
    ) -> None:
        late, soon, _calm = given(), given(), given()
        with tenancy.scope(acme.pk) as scope:
            Handoff.objects.update(act_by=scope.now + timedelta(hours=3))
            Handoff.objects.filter(pk=late.pk).update(act_by=scope.now - timedelta(minutes=4))
            Handoff.objects.filter(pk=soon.pk).update(act_by=scope.now + timedelta(minutes=4))
        page = text_of(client_for(rep).get(QUEUE))
        assert "3 leads need you" in page and "1 is late, 1 is due within 15 minutes." in page
        assert "Late · first touch" in page and "First touch was due" in page

    def test_escapes_what_others_wrote(self, client_for: Callable[..., Client], rep: Member, given: Given) -> None:
        given(full_name="<script>alert(1)</script>", note="<img src=x>")
        page = text_of(client_for(rep).get(QUEUE))
        assert "<script>alert" not in page and "<img src=x>" not in page

    def test_counts_the_days_first_touches(
        self, client_for: Callable[..., Client], rep: Member, given: Given, acme: Workspace
    ) -> None:
        given(touched_by=rep)
        page = text_of(client_for(rep).get(QUEUE))
        assert 'Today <b class="num">1</b> first touch' in page and 'median <b class="num">0 s</b>' in page

    def test_takes_no_more_than_twelve_queries(
        self, client_for: Callable[..., Client], rep: Member, given: Given, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(7):
            given()
        client = client_for(rep)
        client.get(QUEUE)
        with django_assert_max_num_queries(30) as captured:
            client.get(QUEUE)
        own = [
            q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SET CONSTRAINTS"))
        ]
        print("\n".join(q["sql"][:150] for q in own))
        assert len(own) == 12

    def test_draws_the_most_pressing_and_counts_the_rest(
        self, client_for: Callable[..., Client], rep: Member, given: Given, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(desk, "DRAWN", 1)
        given(full_name="Amara Osei")
        given(full_name="Jonas Weber")

        page = text_of(client_for(rep).get(QUEUE))

        assert "2 leads need you" in page
        assert page.count("data-key-item") == 1
        assert "1 more is due later" in page
