"""Text that would like to be a script, in every field that a sender fills, shown on every page of the URL table."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from feedback.actions import verdicts
from feedback.models import Reason
from handoff.actions import touching
from handoff.models import Handoff
from leads.models import Campaign
from quotarider.accounts.models import Member, User
from tests.architecture import addresses
from tests.architecture.addresses import PAGES
from tests.factories import leads
from tests.factories import world as worlds
from tests.factories.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "clock"])]
SignIn = Callable[[Member], Page]

CORPUS = (
    "<script>window.pwned=1</script>",
    "\"><img src=x onerror='window.pwned=1'>",
    "<svg/onload=window.pwned=1>",
    "<b hx-get='/w/acme/settings/keys/' hx-trigger='load' hx-on::load='window.pwned=1'>x</b>",
    "</textarea></script><script>window.pwned=1</script>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:window.pwned=1",
    "=cmd|' /C calc'!A0",
)


def spoil(world: World) -> None:
    """Leads whose every text is hostile, one worked and returned with a hostile quote."""
    with world.scope() as scope:
        for n, text in enumerate(CORPUS):
            sent = {
                "email": f"evil{n}@evil{n}.com",
                "campaign": f"{text} {n}",
                "asset": text,
                "note": text,
                "touchpoints": [{"kind": "demo_request", "asset": text, "detail": text, "campaign": f"{text} {n}"}],
                "trigger_events": [text[:60]],
                **dict.fromkeys(("full_name", "company_name", "title", "industry"), text),
                **dict.fromkeys(("seniority", "department"), text[:60]),
            }
            leads.lead(at=scope.now, **{**leads.QUALIFIED, **sent})
        for given in Handoff.objects.filter(lead__person__email_norm__in=["evil0@evil0.com", "evil3@evil3.com"]):
            touching.touch(given, touching.Attempt("call", "reached", note=CORPUS[1]), by=given.owner, at=scope.now)
            reason = Reason.objects.get(use="reject", label="Something else")
            said = verdicts.Rejection(reason, fact=CORPUS[0], quote=CORPUS[1])
            verdicts.reject(given, said, by=given.owner, at=scope.now)
        Campaign.objects.update(channel=CORPUS[3][:60])
    for member in world.people.values():
        User.objects.filter(pk=member.user_id).update(name=f"{member.role} {CORPUS[2]}")


class TestHostileText:
    def test_stays_text_on_every_page(self, sign_in: SignIn, live_server: Any, complaints: list[str]) -> None:
        world = worlds.build("acme")
        spoil(world)
        ids = worlds.public_ids(world)
        visited = 0
        for role in ("admin", "sales_manager", "marketing_manager", "rep"):
            page = sign_in(world.people[role])
            page.on("dialog", lambda dialog: (complaints.append("a dialog"), dialog.dismiss()))
            for address in PAGES:
                if addresses.who_may(address) != role:
                    continue
                for others in addresses.others_of(address, world):
                    fillings = addresses.fillings(address, ids, others, most=3) if address.ids else [others]
                    for values in fillings:
                        path = address.path(values)
                        answer = page.request.get(f"{live_server.url}{path}", max_redirects=0)
                        if answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
                            continue
                        page.goto(f"{live_server.url}{path}")
                        visited += 1
                        assert page.evaluate("window.pwned") is None, path
                        assert complaints == [], path
        assert visited > 30
