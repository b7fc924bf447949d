"""What sales did, as the lead's page shows it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from handoff.actions import giving, touching
from handoff.models import Handoff
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace

pytestmark = pytest.mark.django_db


def url(handoff: Handoff) -> str:
    return f"/w/acme/leads/{handoff.lead.public_id}/activity/"


class TestLeadActivity:
    def test_tells_touches_steps_and_why_each_owner(
        self,
        client_for: Callable[..., Client],
        marketer: Member,
        rep: Member,
        colleague: Member,
        given: Callable[..., Handoff],
        acme: Workspace,
    ) -> None:
        handoff = given()
        with tenancy.scope(acme.pk) as scope:
            touching.touch(
                handoff, touching.Attempt("call", "voicemail", note="Asked to call back"), by=rep, at=scope.now
            )
            due_at = scope.now + timedelta(days=1)
            touching.plan_next_step(handoff, text="Call again", due_at=due_at, by=rep, at=scope.now)
            giving.hand_over(handoff, to=colleague, why="on leave", by=rep, at=scope.now)
        page = client_for(marketer).get(url(handoff)).content.decode()
        for said in ("left a voicemail", "Asked to call back", "Call again", "Rep was next in turn", "Handed over by Rep: on leave",
                     "Colleague owes the next move: verdict."):  # fmt: skip
            assert said in page, said
        assert "Open in the queue" not in page and "<html" in page

    def test_is_a_piece_to_htmx(
        self, client_for: Callable[..., Client], rep: Member, given: Callable[..., Handoff]
    ) -> None:
        page = client_for(rep, htmx=True).get(url(given())).content.decode()
        assert page.strip().startswith('<section class="card" id="activity"') and "Open in the queue" in page

    def test_outsiders_get_404(
        self, client_for: Callable[..., Client], outsider: Member, given: Callable[..., Handoff]
    ) -> None:
        assert client_for(outsider).get(url(given())).status_code == 404

    def test_takes_no_post(self, client_for: Callable[..., Client], rep: Member, given: Callable[..., Handoff]) -> None:
        assert client_for(rep).post(url(given())).status_code == 405
