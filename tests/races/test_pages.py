"""Two people press at the same moment, each in a browser of their own: one wins, the other reads kindly why not."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from feedback.models import Reason, Verdict
from handoff.models import Handoff, NextStep, Touch
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import handoffs as factory
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])
ROUNDS = 4
Press = Callable[[Client, Handoff], Any]


@pytest.fixture
def colleagues(acme: Workspace) -> list[Member]:
    """To whom a lead may be handed."""
    return [MemberFactory(workspace=acme, role="rep", user__email=f"rep{n}@acme.test") for n in range(2)]


@pytest.fixture
def given(acme: Workspace, rep: Member, manager: Member) -> list[Handoff]:
    """A lead of `rep` per round."""
    with tenancy.scope(acme.pk) as scope:
        factory.team(manager, rep)
        return [factory.handoff(at=scope.now) for _ in range(ROUNDS)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    start, answers = Barrier(len(calls)), [None] * len(calls)

    def one(place: int, call: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            start.wait(10)
            answers[place] = call()
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def url(handoff: Handoff, deed: str) -> str:
    return f"/w/acme/queue/{handoff.public_id}/{deed}/"


def accept(client: Client, handoff: Handoff) -> Any:
    answers = dict.fromkeys(("problem", "budget", "timeline", "authority"), "yes")
    return client.post(url(handoff, "accept"), {**answers, "next_step": "Offer", "next_step_at": "in 2 days"})


def reject(reason: Reason) -> Press:
    return lambda client, handoff: client.post(
        url(handoff, "reject"), {"reason": str(reason.public_id), "seen": "open"}
    )


def hand_over(to: Member) -> Press:
    return lambda client, handoff: client.post(url(handoff, "hand-over"), {"to": str(to.public_id), "seen": "open"})


@pytest.fixture
def presses(acme: Workspace, colleagues: list[Member]) -> dict[str, tuple[Press, Press]]:
    """What the rep and the manager press, by name."""
    with tenancy.scope(acme.pk):
        no = reject(Reason.objects.get(use="reject", label="No budget"))
    return {
        "accept and accept": (accept, accept),
        "reject and reject": (no, no),
        "accept and reject": (accept, no),
        "hand over and hand over": (hand_over(colleagues[0]), hand_over(colleagues[1])),
        "accept and hand over": (accept, hand_over(colleagues[0])),
        "reject and hand over": (no, hand_over(colleagues[0])),
    }


@pytest.mark.parametrize(
    "what",
    ["accept and accept", "reject and reject", "accept and reject", "hand over and hand over", "accept and hand over",
     "reject and hand over"],
)  # fmt: skip
def test_of_two_one_wins(
    acme: Workspace,
    rep: Member,
    manager: Member,
    given: list[Handoff],
    presses: dict[str, tuple[Press, Press]],
    client_for: Callable[..., Client],
    what: str,
) -> None:
    mine, theirs = client_for(rep), client_for(manager)
    first, second = presses[what]
    for handoff in given:
        answers = at_once(lambda h=handoff: first(mine, h), lambda h=handoff: second(theirs, h))
        statuses = sorted(answer.status_code for answer in answers)
        # a rep whose lead was handed on meanwhile may also find it gone
        assert statuses in ([302, 409], [302, 404]), (what, statuses)
        [refused] = [answer for answer in answers if answer.status_code != 302]
        if refused.status_code == 409:
            page = refused.content.decode()
            assert any(said in page for said in ("Reload", "has this lead now", "no longer with sales")), page
        with tenancy.scope(acme.pk):
            assert Verdict.objects.filter(lead_id=handoff.lead_id).count() <= 1
            assert Handoff.objects.filter(lead_id=handoff.lead_id, ended_at=None).count() <= 1
            assert NextStep.objects.filter(lead_id=handoff.lead_id, done_at=None).count() <= 1


def test_one_form_sent_twice_at_once_is_one_touch(
    acme: Workspace, rep: Member, given: list[Handoff], client_for: Callable[..., Client]
) -> None:
    client, again = client_for(rep), client_for(rep)
    for handoff in given:
        form = client.get(url(handoff, "touch/call"))
        stamp = form.content.decode().split('name="stamp" value="')[1].split('"')[0]
        data = {"stamp": stamp, "result": "reached"}
        answers = at_once(*(lambda c=c, h=handoff, d=data: c.post(url(h, "touch/call"), d) for c in (client, again)))
        assert [answer.status_code for answer in answers] == [302, 302]
        with tenancy.scope(acme.pk):
            assert Touch.objects.filter(lead_id=handoff.lead_id).count() == 1
