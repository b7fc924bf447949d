"""Northwind's Agreement over half a year: what it says from when on."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from leads.rules.definition import Definition
from sla.rules import business_time
from sla.rules.calendar import Calendar
from sla.rules.ladder import Ladder, Rung
from sla.rules.terms import Promise, Terms

ZONE: Final = "Europe/Berlin"
DAY: Final = 9 * 60  # business minutes
ALIVE_BEFORE, ALIVE_AFTER = timedelta(minutes=70), timedelta(minutes=40)
LONG_DAY, ROUND_THE_CLOCK = ("07:00", "22:00"), ("00:00", "24:00")

_SALES: Final = ["head of sales", "sales director", "vp sales", "cro", "vertriebsleiter"]
_OWNERS: Final = ["ceo", "founder", "managing director", "geschäftsführer"]
_OPERATIONS: Final = ["revops", "revenue operations", "sales operations", "operations manager"]
_FINANCE: Final = ["cfo", "head of finance", "controller"]
TRIGGERS: Final = ("New funding", "New head of sales", "Hiring sales reps", "Opened a new region")


@dataclass(frozen=True)
class Version:
    """A version to be put in force: how long before the demo's present, and what it says."""

    age: timedelta
    summary: str
    definition: Definition
    terms: Terms


def _fit(name: str, points: int, fact: str, op: str, *values: Any) -> dict[str, Any]:
    predicate = {"fact": fact, "op": op, "values": list(values)}
    return {"kind": "fit", "name": name, "points": points, "predicate": predicate}


def _signal(name: str, signal: str, points: int, cap: int, half_life: int, asset: str | None = None) -> dict[str, Any]:
    rule = {"kind": "engagement", "name": name, "signal": signal, "points": points, "cap": cap}
    return rule | {"half_life_days": half_life} | ({"asset": asset} if asset else {})


def _persona(name: str, roles: list[str], *texts: str) -> dict[str, Any]:
    fields = ("responsibilities", "challenges", "motivations", "next_step", "likely_objection")
    return {"name": name, "roles": roles} | dict(zip(fields, texts, strict=True))


_ICP: Final[dict[str, Any]] = {
    "size_min": 200,
    "size_max": 5000,
    "industries": ["Software", "IT services", "Financial services", "Manufacturing", "Logistics", "Retail"],
    "countries": ["DE", "AT", "CH", "NL", "GB", "FR", "SE", "PL", "IT", "ES"],
    "technologies": ["Salesforce", "HubSpot", "Microsoft Dynamics"],
    "growth_stages": ["Series B", "Series C", "Established"],
    "personas": [
        _persona(
            "Head of sales",
            _SALES,
            "The target, the forecast, the weekly numbers.",
            "Finds out in week eleven that the quarter is gone.",
            "A forecast that the board stops arguing about.",
            "Offer to rebuild last quarter's forecast with their own numbers.",
            "The reps won't fill in one more thing.",
        ),
        _persona(
            "Revenue operations",
            _OPERATIONS,
            "Systems, data, the process between teams.",
            "Two CRMs after an acquisition, two sets of numbers.",
            "One source that both sides believe.",
            "Send the integration overview, then a technical call.",
            "It has to fit the CRM we have.",
        ),
        _persona(
            "Owner or CEO",
            _OWNERS,
            "Revenue, hiring, where the money goes.",
            "Too few hours; sees the pipeline too late to change it.",
            "Growth that doesn't hang on one person.",
            "Offer a 20-minute call about their numbers.",
            "No time for one more tool.",
        ),
        _persona(
            "Finance",
            _FINANCE,
            "Plan, budget, liquidity.",
            "Sales plans in another language than finance.",
            "A plan that survives the quarter.",
            "Show the plan against actuals view.",
            "We have that in the ERP.",
        ),
    ],
    "trigger_events": [
        {"name": TRIGGERS[0], "next_step": "Congratulate, ask about hiring plans."},
        {"name": TRIGGERS[1], "next_step": "Offer help with the first 90 days."},
        {"name": TRIGGERS[2], "next_step": "Ask how new reps get their targets."},
        {"name": TRIGGERS[3], "next_step": "Ask who plans the new region."},
    ],
    "disqualifiers": [
        {
            "reason": "Student or job seeker",
            "predicate": {"fact": "title", "op": "contains_any", "values": ["student", "intern", "praktikant"]},
        },
        {"reason": "Fewer than 5 people", "predicate": {"fact": "employees", "op": "at_most", "values": [4]}},
    ],
}


def _definition(*, threshold: int, hot: int, facts: tuple[str, ...], audit: int, days: int) -> Definition:
    """`audit`: points for asking for the free audit; `days`: half-life of a look at the prices."""
    rules = [
        _fit("Company of 200 to 5,000", 20, "employees", "between", 200, 5000),
        _fit("Company of 50 to 199", 10, "employees", "between", 50, 199),
        _fit("Decision maker", 15, "title", "contains_any", *_SALES, *_OWNERS),
        _fit("Operations or finance role", 10, "title", "contains_any", *_OPERATIONS, *_FINANCE),
        _fit("CRM that we connect to", 5, "technologies", "contains_any", "Salesforce", "HubSpot"),
        _fit("Buying trigger", 10, "trigger_events", "contains_any", *TRIGGERS),
        _fit("Phone known", 5, "phone", "is_known"),
        _fit("Free-mail address", -15, "free_mail", "in", True),
        _signal("Asked for a demo", "demo_request", 40, 40, 30),
        _signal("Started a trial", "trial", 30, 30, 21),
        _signal("Recommended by a partner", "form", 25, 25, 30, "Partner referral"),
        _signal("Asked for the free audit", "form", audit, audit, 30, "Free audit"),
        _signal("Looked at prices", "pricing_visit", 10, 20, days),
        _signal("Attended a webinar", "webinar", 12, 24, 30),
        _signal("Met at an event", "event", 12, 24, 30),
        _signal("Filled in a form", "form", 10, 20, 30),
        _signal("Downloaded content", "download", 8, 16, 30),
        _signal("Clicked in a mail", "mail_click", 3, 9, 14),
        _signal("Visited pages", "page_visit", 1, 8, 7),
    ]
    bands = {"hot": hot, "warm": threshold}
    data = {"icp": _ICP, "rules": rules, "bands": bands, "threshold": threshold, "required_facts": list(facts)}
    return Definition.from_json(data)


def _terms(calendar: Calendar, *, hot: int, warm: int, share: int, handoffs: int, ladder: Ladder) -> Terms:
    return Terms(
        calendar=calendar,
        promises=(
            Promise("first_touch", hot, band="hot"),
            Promise("first_touch", warm),
            Promise("verdict", 2 * DAY),
            Promise("next_step", DAY),
            Promise("missing_facts", DAY),
            Promise("return_decision", 3 * DAY),
            Promise("nurture_review", 20 * DAY),
        ),
        ladder=ladder,
        marketing_ladder=Ladder((Rung("warn", share=0.8), Rung("late", share=1))),
        promised_share=share,
        monthly_handoffs=handoffs,
        accepted_share=60,
    )


def versions(anchor: datetime) -> list[Version]:
    """The versions in order; a last one keeps the doors open now, where the usual hours don't."""
    usual = Calendar(ZONE, dict.fromkeys(range(5), (("09:00", "18:00"),)), "DE")
    day_off = _summer_party(anchor)
    party = Calendar(ZONE, usual.hours, "DE", days_off=frozenset({day_off}))
    simple = Ladder((Rung("warn", share=0.8), Rung("late", share=1)))
    full = Ladder((Rung("warn", share=0.8), Rung("late", share=1), Rung("tell_revops", after=timedelta(minutes=60))))
    basic = ("email", "company_name")
    first = _definition(threshold=55, hot=75, facts=basic, audit=30, days=21)
    second = _definition(threshold=60, hot=80, facts=(*basic, "phone"), audit=25, days=14)
    third = _definition(threshold=60, hot=78, facts=(*basic, "phone"), audit=25, days=10)
    terms = [
        _terms(usual, hot=30, warm=240, share=85, handoffs=120, ladder=simple),
        _terms(party, hot=15, warm=120, share=90, handoffs=140, ladder=full),
        _terms(party, hot=15, warm=120, share=90, handoffs=150, ladder=full),
    ]
    found = [
        Version(timedelta(weeks=26), "First Agreement: who we sell to, 30 minutes for hot leads", first, terms[0]),
        Version(timedelta(weeks=18), "15 minutes for hot leads, no hand-off without a phone number", second, terms[1]),
        Version(timedelta(weeks=8), "Looks at the prices fade sooner, hot from 78", third, terms[2]),
    ]
    if not is_alive(party, anchor):
        found.append(_open_now(anchor, third, terms[2]))
    return found


def is_alive(calendar: Calendar, anchor: datetime) -> bool:
    """Whether the calendar is open all around the present, so that the queue of the demo has something to do."""
    begin, end = anchor - ALIVE_BEFORE, anchor + ALIVE_AFTER
    return business_time.elapsed(calendar, begin, end) == end - begin


def _open_now(anchor: datetime, definition: Definition, terms: Terms) -> Version:
    """Longer hours from this morning on, every day of the week; round the clock where even these are too short."""
    for (opens, closes), country in (
        (LONG_DAY, "DE"),
        (ROUND_THE_CLOCK, "DE"),
        (LONG_DAY, None),
        (ROUND_THE_CLOCK, None),
    ):
        calendar = Calendar(ZONE, dict.fromkeys(range(7), ((opens, closes),)), country)
        if is_alive(calendar, anchor):
            break
    hours = "round the clock" if (opens, closes) == ROUND_THE_CLOCK else f"{opens} to {closes}"
    summary = f"Launch week: on call {hours}, every day"
    return Version(timedelta(hours=6), summary, definition, replace(terms, calendar=calendar))


def _summer_party(anchor: datetime) -> date:
    """The company's own day off: a Thursday about six weeks ago."""
    around = (anchor - timedelta(weeks=6)).date()
    return around - timedelta(days=(around.weekday() - 3) % 7)


def midday(on: date, calendar: Calendar, clock: time = time(12)) -> datetime:
    """A local time of a day as an instant."""
    return datetime.combine(on, clock, tzinfo=calendar.zone)
