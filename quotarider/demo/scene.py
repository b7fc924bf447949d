"""The last hour: the signed-in rep is back from a holiday, so the next leads in turn are theirs, and some are urgent."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import QuerySet

from handoff.actions import giving, touching
from handoff.models import Handoff
from leads.rules import states
from quotarider.accounts.models import Member
from quotarider.demo import cast, people, words
from quotarider.demo.arrivals import Arrival
from quotarider.demo.campaigns import BY_KEY

if TYPE_CHECKING:
    from quotarider.demo.story import Story

BACK = timedelta(minutes=62)  # how long ago the rep came back; from then on the scene has the stage
MINUTE = timedelta(minutes=1)


class Entry(NamedTuple):
    """A lead of the scene: minutes ago, campaign, kind of buyer, number of the company, message."""

    minutes: int
    campaign: str
    buyer: str
    firm: int
    message: str


LEADS = (
    Entry(55, "webinar", "operations", 602, ""),
    Entry(41, "demo", "sales", 733, "Please call today, our board meets tomorrow."),
    Entry(20, "partner", "finance", 911, "Recommended by our CRM consultants."),
    Entry(9, "webinar", "sales", 1019, ""),
    Entry(6, "demo", "sales", 1127, "We would like to see how forecasting across regions works."),
    Entry(2, "demo", "operations", 1301, "Can we connect two CRMs? We bought a company last year."),
)
HOT = {"demo": ("page_visit", "pricing_visit", "pricing_visit", "demo_request")}
SIGNALS = HOT | {"webinar": ("form", "webinar", "pricing_visit"), "partner": ("page_visit", "form")}
ASSETS = {"page_visit": "Product tour", "pricing_visit": "Pricing", "demo_request": "Demo request"}
ASSETS |= {"webinar": "Forecasts your board believes"}


def plan(story: "Story", anchor: datetime) -> None:
    """Puts the scene into the story."""
    for number, entry in enumerate(LEADS):
        at = anchor - entry.minutes * MINUTE
        story.at(at, partial(_arrive, story, _arrival(entry, story.world.seed, f"demo-0-scene-{number}", at)))
    for minutes, take_over in ((58, _take_over_verdict), (52, _take_over_next_step)):
        story.at(anchor - minutes * MINUTE, partial(take_over, story, anchor))


def _arrival(entry: Entry, seed: int, external_id: str, at: datetime) -> Arrival:
    dice, company = random.Random(f"{seed}:{external_id}"), people.firm(seed, entry.firm)
    campaign = BY_KEY[entry.campaign]
    full_name, latin = people.name(company.country, dice)
    title, seniority, department = people.TITLES[entry.buyer][0]
    phone = people.phone(company.country, dice)
    payload = {
        "external_id": external_id,
        "full_name": full_name,
        "email": f"{latin}@{company.domain}",
        "phone": phone,
        "title": title,
        "seniority": seniority,
        "department": department,
        "company_name": company.name,
        "industry": company.industry,
        "employees": company.employees,
        "country": company.country,
        "technologies": ["Salesforce", "Slack"],
        "note": entry.message,
        "campaign": campaign.name,
        "touchpoints": _signals(entry.campaign, at),
    }
    return Arrival(external_id, at, campaign, payload, company, entry.buyer, phone)


def _signals(key: str, at: datetime) -> list[dict[str, str]]:
    kinds = SIGNALS[key]
    asset = {"form": "Partner referral" if key == "partner" else "Webinar registration"}
    return [
        {
            "kind": kind,
            "asset": ASSETS.get(kind) or asset[kind],
            "occurred_at": (at - (len(kinds) - 1 - place) * 7 * MINUTE).isoformat(),
        }
        for place, kind in enumerate(kinds)
    ]


def _arrive(story: "Story", arrival: Arrival, at: datetime) -> None:
    """The lead arrives, and is the rep's: in turn, or from the manager. It waits there, as nobody else reacts to it."""
    ids = story.take_in([arrival], at)
    handoff = Handoff.objects.filter(lead_id__in=ids, ended_at=None).exclude(owner=_rep(story)).first()
    if handoff:
        _hand_over(story, handoff, at + timedelta(seconds=20))


def _take_over_verdict(story: "Story", _anchor: datetime, at: datetime) -> None:
    """A colleague's lead that was touched: the rep owes a verdict."""
    handoff = _open(story, states.WORKING).first()
    if handoff:
        _hand_over(story, handoff, at)


def _take_over_next_step(story: "Story", anchor: datetime, at: datetime) -> None:
    """A colleague's accepted lead: the rep writes, and will call back in a moment."""
    handoff = _open(story, states.ACCEPTED).first()
    if handoff is None:
        return
    own, rep = _hand_over(story, handoff, at), _rep(story)
    touched_at = at + 3 * MINUTE
    touching.touch(own, touching.Attempt("email", "sent", "Introduced myself."), by=rep, at=touched_at)
    due_at = anchor + 25 * MINUTE
    touching.plan_next_step(own, text="Call back with the offer for 40 seats", due_at=due_at, by=rep, at=touched_at)


def _open(story: "Story", state: str) -> QuerySet[Handoff]:
    rows = Handoff.objects.filter(ended_at=None, lead__state=state, in_team_queue=False)
    return rows.exclude(owner=_rep(story)).order_by("-handed_off_at")


def _hand_over(story: "Story", handoff: Handoff, at: datetime) -> Handoff:
    manager = story.world.members[cast.MANAGER.key]
    return giving.hand_over(handoff, to=_rep(story), why=words.HANDED_OVER, by=manager, at=at)


def _rep(story: "Story") -> Member:
    return story.world.members[cast.REP.key]
