"""What a rep does from the queue: touches, next steps, handing over, taking; by htmx and as plain pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handoff.actions import absences, giving
from handoff.models import Handoff, NextStep, Team, Touch
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import leads as lead_factory

pytestmark = pytest.mark.django_db
Given = Callable[..., Handoff]
ClientFor = Callable[..., Client]
QUEUE = "http://testserver/w/acme/queue/"


def url(handoff: Handoff, deed: str = "") -> str:
    return f"/w/acme/queue/{handoff.public_id}/{deed}"


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def in_queue(client: Client) -> Client:
    """The same browser with the queue's page open and htmx at work."""
    client.defaults |= {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": QUEUE}
    return client


def stamped(client: Client, handoff: Handoff, kind: str = "call", **data: str) -> dict[str, str]:
    return {"stamp": hidden(client.get(url(handoff, f"touch/{kind}/")), "stamp"), "result": "reached", **data}


def touches(acme: Workspace) -> list[Touch]:
    with tenancy.scope(acme.pk):
        return list(Touch.objects.order_by("pk"))


class TestTouch:
    def test_by_htmx_answers_with_panel_list_and_toast(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace
    ) -> None:
        handoff, other = given(full_name="Amara Osei"), given(full_name="Jonas Weber")
        client = in_queue(client_for(rep))
        response = client.post(url(handoff, "touch/call/"), stamped(client, handoff, note="Call again on Friday"))
        page = response.content.decode()
        assert response.status_code == 200 and "<html" not in page
        assert page.index('id="focus"') < page.index('id="queue-heading" hx-swap-oob="true"')
        assert 'id="queue-list"' in page and page.count('hx-swap-oob="true"') == 2
        assert f'data-handoff="{handoff.public_id}"' in page and "Call again on Friday" in page
        assert str(other.public_id) in page and "Verdict" in page
        assert '"toast": {"text": "Amara Osei: reached."}' in response["HX-Trigger"]
        assert "pulse-version" in response["HX-Trigger"]
        assert response["HX-Push-Url"] == url(handoff)
        [touch] = touches(acme)
        assert (touch.kind, touch.result, touch.note, touch.member_id) == (
            "call",
            "reached",
            "Call again on Friday",
            rep.pk,
        )
        with tenancy.scope(acme.pk):
            assert Lead.objects.get(pk=handoff.lead_id).state == "working"

    def test_without_javascript_is_a_page_and_a_redirect(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace
    ) -> None:
        handoff, client = given(full_name="Amara Osei"), client_for(rep)
        form = client.get(url(handoff, "touch/call/")).content.decode()
        assert "<html" in form and "hx-post" not in form.split("<main")[1] and 'name="result" value="voicemail"' in form
        response = client.post(url(handoff, "touch/call/"), stamped(client, handoff), follow=True)
        assert response.redirect_chain == [(url(handoff), 302)]
        assert "Amara Osei: reached." in response.content.decode()
        assert len(touches(acme)) == 1

    def test_counts_from_when_the_form_was_opened(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace, move_time: Callable[..., None]
    ) -> None:
        handoff, client = given(), client_for(rep)
        data = stamped(client, handoff)
        move_time(timedelta(minutes=20))
        client.post(url(handoff, "touch/call/"), data)
        [touch] = touches(acme)
        assert touch.opened_at == touch.occurred_at
        assert timedelta(minutes=20) <= touch.recorded_at - touch.occurred_at < timedelta(minutes=21)

    def test_left_open_for_long_counts_from_its_end(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace, move_time: Callable[..., None]
    ) -> None:
        handoff, client = given(), client_for(rep)
        data = stamped(client, handoff)
        move_time(timedelta(minutes=31))
        client.post(url(handoff, "touch/call/"), data)
        [touch] = touches(acme)
        assert touch.occurred_at == touch.recorded_at

    def test_sent_twice_is_one(self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace) -> None:
        handoff, client = given(), client_for(rep)
        data = stamped(client, handoff)
        assert [client.post(url(handoff, "touch/call/"), data).status_code for _ in range(2)] == [302, 302]
        assert len(touches(acme)) == 1

    @pytest.mark.parametrize(
        "data, said",
        [
            ({"result": ""}, "Choose how it went."),
            ({"result": "won"}, "Select a valid choice."),
            ({"result": "bounced"}, "Select a valid choice."),
            ({"stamp": "forged"}, "This form is out of date"),
            ({"stamp": ""}, "This field is required."),
            ({"note": "x" * 4001}, "at most 4000 characters"),
        ],
    )
    def test_shows_its_errors_in_place(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace, data: dict[str, str], said: str
    ) -> None:
        handoff, client = given(), client_for(rep)
        complete = stamped(client, handoff) | data
        plain = client.post(url(handoff, "touch/call/"), complete)
        piece = in_queue(client).post(url(handoff, "touch/call/"), complete)
        assert (plain.status_code, piece.status_code) == (422, 422)
        assert said in plain.content.decode() and said in piece.content.decode()
        assert (piece["HX-Retarget"], piece["HX-Reswap"]) == ("#dialog-body", "innerHTML")
        assert touches(acme) == []

    def test_a_stamp_of_another_lead_or_kind_is_refused(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace
    ) -> None:
        handoff, other, client = given(), given(), client_for(rep)
        data = stamped(client, other)
        assert client.post(url(handoff, "touch/call/"), data).status_code == 422
        assert client.post(url(other, "touch/message/"), data | {"result": "sent"}).status_code == 422
        assert touches(acme) == []

    def test_an_unknown_kind_is_404(self, client_for: ClientFor, rep: Member, given: Given) -> None:
        assert client_for(rep).get(url(given(), "touch/fax/")).status_code == 404

    @pytest.mark.parametrize("kind", ["call", "email", "message", "meeting"])
    def test_opens_for_each_kind_with_keys(self, client_for: ClientFor, rep: Member, given: Given, kind: str) -> None:
        page = in_queue(client_for(rep)).get(url(given(phone="+49 30 9012345"), f"touch/{kind}/")).content.decode()
        assert 'data-key="1" data-autofocus' in page and 'hx-target="#focus"' in page


class TestDoors:
    """The same for every deed."""

    DEEDS = ("touch/call/", "next-step/", "hand-over/", "accept/", "reject/", "won/", "lost/")

    @pytest.mark.parametrize("deed", DEEDS)
    def test_another_s_lead_is_404(self, client_for: ClientFor, colleague: Member, given: Given, deed: str) -> None:
        handoff, client = given(), client_for(colleague)
        assert client.get(url(handoff, deed)).status_code == 404
        assert client.post(url(handoff, deed), {"x": "1"}).status_code == 404

    @pytest.mark.parametrize("deed", [*DEEDS, "take/"])
    def test_outsiders_get_404(self, client_for: ClientFor, outsider: Member, given: Given, deed: str) -> None:
        assert client_for(outsider).post(url(given(), deed)).status_code == 404

    @pytest.mark.parametrize("deed", DEEDS)
    def test_marketing_gets_403(self, client_for: ClientFor, marketer: Member, given: Given, deed: str) -> None:
        handoff, client = given(), client_for(marketer)
        assert (client.get(url(handoff, deed)).status_code, client.post(url(handoff, deed)).status_code) == (403, 403)

    @pytest.mark.parametrize("deed", DEEDS)
    def test_managers_may(self, client_for: ClientFor, manager: Member, given: Given, deed: str) -> None:
        assert client_for(manager).get(url(given(), deed)).status_code == 200

    @pytest.mark.parametrize("deed", DEEDS)
    def test_puts_are_refused(self, client_for: ClientFor, rep: Member, given: Given, deed: str) -> None:
        assert client_for(rep).put(url(given(), deed)).status_code == 405

    @pytest.mark.parametrize("deed", ["", *DEEDS])
    def test_one_that_has_ended_is_409_and_says_who_has_the_lead(
        self, client_for: ClientFor, rep: Member, colleague: Member, given: Given, acme: Workspace, deed: str
    ) -> None:
        handoff = given()
        with tenancy.scope(acme.pk) as scope:
            giving.hand_over(handoff, to=colleague, why="on leave", by=rep, at=scope.now)
        plain = client_for(rep).get(url(handoff, deed))
        piece = in_queue(client_for(rep)).get(url(handoff, deed))
        assert (plain.status_code, piece.status_code) == (409, 409)
        assert "Colleague has this lead now. Handed over by Rep: on leave." in plain.content.decode()
        assert "Colleague has this lead now" in piece["HX-Trigger"] and piece["HX-Reswap"] == "none"


class TestNextStep:
    def test_is_planned_in_the_member_s_words_and_zone(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace
    ) -> None:
        handoff = given()
        data = {"text": "Send the offer", "due_at": "in 3 days"}
        response = in_queue(client_for(rep)).post(url(handoff, "next-step/"), data)
        assert response.status_code == 200 and "Send the offer" in response.content.decode()
        with tenancy.scope(acme.pk):
            step = NextStep.objects.get()
            assert (step.text, step.done_at) == ("Send the offer", None)
            assert timedelta(days=2, hours=22) < step.due_at - step.planned_at <= timedelta(days=3, hours=1)

    @pytest.mark.parametrize(
        "data, said",
        [
            ({"text": ""}, "This field is required."),
            ({"due_at": "soon"}, "Write for example tomorrow 10"),
            ({"due_at": "2020-01-01 10:00"}, "lie ahead"),
            ({"due_at": "in 800 days"}, "within a year"),
        ],
    )
    def test_shows_its_errors_in_place(
        self, client_for: ClientFor, rep: Member, given: Given, acme: Workspace, data: dict[str, str], said: str
    ) -> None:
        complete = {"text": "Send the offer", "due_at": "tomorrow 10"} | data
        response = client_for(rep).post(url(given(), "next-step/"), complete)
        assert response.status_code == 422 and said in response.content.decode()
        assert data.get("due_at", "") in response.content.decode()
        with tenancy.scope(acme.pk):
            assert not NextStep.objects.exists()


class TestHandOver:
    def test_gives_it_to_the_colleague_and_opens_the_next(
        self, client_for: ClientFor, rep: Member, colleague: Member, given: Given, acme: Workspace
    ) -> None:
        handoff, other = given(full_name="Amara Osei"), given(full_name="Jonas Weber")
        data = {"to": str(colleague.public_id), "why": "speaks Twi"}
        response = in_queue(client_for(rep)).post(url(handoff, "hand-over/"), data)
        page = response.content.decode()
        assert response.status_code == 200 and "Amara Osei" not in page and "Jonas Weber" in page
        assert "Amara Osei is with Colleague now." in response["HX-Trigger"]
        assert response["HX-Push-Url"] == url(other)
        with tenancy.scope(acme.pk):
            new = Handoff.objects.get(lead_id=handoff.lead_id, ended_at=None)
            assert (new.owner_id, new.epoch, new.explanation) == (colleague.pk, 2, "Handed over by Rep: speaks Twi")

    def test_the_last_one_leaves_an_empty_queue(
        self, client_for: ClientFor, rep: Member, colleague: Member, given: Given
    ) -> None:
        response = in_queue(client_for(rep)).post(url(given(), "hand-over/"), {"to": str(colleague.public_id)})
        assert "Nothing is waiting" in response.content.decode()
        assert response["HX-Push-Url"] == "/w/acme/queue/"

    def test_keeps_a_touch_that_was_made_after_the_form_was_opened(
        self, client_for: ClientFor, rep: Member, colleague: Member, given: Given, acme: Workspace
    ) -> None:
        handoff, client = given(), client_for(rep)
        client.post(url(handoff, "touch/call/"), stamped(client, handoff))
        client.post(url(handoff, "hand-over/"), {"to": str(colleague.public_id)})
        with tenancy.scope(acme.pk):
            new = Handoff.objects.get(lead_id=handoff.lead_id, ended_at=None)
            assert new.first_touch_at is not None and new.act_on == "verdict"

    @pytest.mark.parametrize("whom", ["rep", "marketer", "outsider"])
    def test_not_to_oneself_to_marketing_or_to_strangers(
        self, request: pytest.FixtureRequest, client_for: ClientFor, rep: Member, given: Given, whom: str, fresh: Any
    ) -> None:
        handoff, to = given(), request.getfixturevalue(whom)
        response = client_for(rep).post(url(handoff, "hand-over/"), {"to": str(to.public_id)})
        assert response.status_code == 422
        assert fresh(handoff).ended_at is None

    def test_leads_back_to_where_it_was_opened(
        self, client_for: ClientFor, manager: Member, colleague: Member, given: Given
    ) -> None:
        handoff, client = given(), client_for(manager)
        data = {"to": str(colleague.public_id), "next": "/w/acme/board/"}
        assert client.post(url(handoff, "hand-over/"), data)["Location"] == "/w/acme/board/"

    def test_but_never_elsewhere(self, client_for: ClientFor, rep: Member, colleague: Member, given: Given) -> None:
        data = {"to": str(colleague.public_id), "next": "https://evil.example/"}
        assert client_for(rep).post(url(given(), "hand-over/"), data)["Location"] == "/w/acme/queue/"

    def test_repeated_is_a_kind_409(
        self, client_for: ClientFor, rep: Member, colleague: Member, given: Given, acme: Workspace
    ) -> None:
        handoff, client, data = given(), client_for(rep), {"to": str(colleague.public_id)}
        assert [client.post(url(handoff, "hand-over/"), data).status_code for _ in range(2)] == [302, 409]
        with tenancy.scope(acme.pk):
            assert Handoff.objects.count() == 2


@pytest.fixture
def waiting(acme: Workspace, team: Team, colleague: Member, rep: Member) -> Handoff:
    """A lead in the team's queue; `rep` has a seat in the team, `colleague` has none."""
    with tenancy.scope(acme.pk) as scope:
        away = absences.note(
            rep, starts_at=scope.now - timedelta(hours=1), ends_at=scope.now + timedelta(hours=1), by=rep, at=scope.now
        )
        lead = lead_factory.lead(at=scope.now, full_name="Mei Tanaka", **lead_factory.QUALIFIED)
        absences.withdraw(away, by=rep, at=scope.now)
        return Handoff.objects.get(lead=lead)


class TestTeamQueue:
    def test_waits_beside_the_own_queue_of_the_team_s_reps(
        self, client_for: ClientFor, rep: Member, colleague: Member, manager: Member, waiting: Handoff
    ) -> None:
        assert waiting.in_team_queue and waiting.owner_id == manager.pk
        page = client_for(rep).get("/w/acme/queue/").content.decode()
        assert "Waiting in your team’s queue" in page and "Mei Tanaka" in page and "No lead needs you now" in page
        assert "Mei Tanaka" not in client_for(colleague).get("/w/acme/queue/").content.decode()
        managers = client_for(manager).get("/w/acme/queue/").content.decode()
        assert "1 lead needs you" in managers and "Give to…" in managers and "Take it" not in managers

    def test_is_open_to_read_and_to_take_but_not_to_work(
        self, client_for: ClientFor, rep: Member, waiting: Handoff
    ) -> None:
        client = client_for(rep)
        page = client.get(url(waiting)).content.decode()
        assert "Take it" in page and "Log call" not in page
        assert client.get(url(waiting, "touch/call/")).status_code == 404

    def test_taking_makes_it_one_s_own(
        self, client_for: ClientFor, rep: Member, waiting: Handoff, acme: Workspace
    ) -> None:
        response = in_queue(client_for(rep)).post(url(waiting, "take/"))
        assert response.status_code == 200 and "Log call" in response.content.decode()
        assert "Mei Tanaka is yours now." in response["HX-Trigger"]
        with tenancy.scope(acme.pk):
            new = Handoff.objects.get(lead_id=waiting.lead_id, ended_at=None)
            assert (new.owner_id, new.in_team_queue) == (rep.pk, False)
            lead = Lead.objects.get(pk=waiting.lead_id)
            assert (lead.owner_id, lead.in_team_queue) == (rep.pk, False)

    def test_taking_what_is_gone_is_a_kind_409(
        self, client_for: ClientFor, rep: Member, manager: Member, waiting: Handoff
    ) -> None:
        assert client_for(manager).post(url(waiting, "take/")).status_code == 302
        late = client_for(rep).post(url(waiting, "take/"))
        assert late.status_code == 409 and "Sales manager has this lead now." in late.content.decode()

    def test_takes_post_only(self, client_for: ClientFor, rep: Member, waiting: Handoff) -> None:
        assert client_for(rep).get(url(waiting, "take/")).status_code == 405

    def test_others_can_t_take_it(
        self, client_for: ClientFor, colleague: Member, revops: Member, waiting: Handoff, fresh: Any
    ) -> None:
        assert client_for(colleague).post(url(waiting, "take/")).status_code == 404
        assert client_for(revops).post(url(waiting, "take/")).status_code == 403
        assert fresh(waiting).ended_at is None
