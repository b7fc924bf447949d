"""The definition that a new workspace starts from, as JSON: a proposal to argue about, not evidence."""

from typing import Final

_DECISION_MAKERS: Final = ["owner", "founder", "co-founder", "ceo", "managing director", "geschäftsführer"]
_SALES_LEADERS: Final = ["head of sales", "sales director", "vp sales", "cro", "vertriebsleiter"]
_OPERATIONS: Final = ["operations manager", "coo", "head of operations", "revops", "revenue operations"]


def _fit(name: str, points: int, fact: str, op: str, *values: str | int | bool) -> dict[str, object]:
    return {
        "kind": "fit",
        "name": name,
        "points": points,
        "predicate": {"fact": fact, "op": op, "values": list(values)},
    }


def _engagement(name: str, signal: str, points: int, cap: int, half_life_days: int) -> dict[str, object]:
    return {
        "kind": "engagement",
        "name": name,
        "signal": signal,
        "points": points,
        "cap": cap,
        "half_life_days": half_life_days,
    }


SMB_SOFTWARE: Final[dict[str, object]] = {
    "icp": {
        "size_min": 20,
        "size_max": 500,
        "industries": ["Software", "IT services", "Professional services", "Financial services", "E-commerce"],
        "growth_stages": ["Series A", "Series B", "Established"],
        "personas": [
            {
                "name": "Owner or CEO",
                "roles": _DECISION_MAKERS,
                "responsibilities": "Revenue, hiring, where the money goes.",
                "challenges": "Too few hours; sees the pipeline too late to change it.",
                "motivations": "Growth that doesn't hang on one person.",
                "next_step": "Offer a 20-minute call about their numbers.",
                "likely_objection": "No time for one more tool.",
            },
            {
                "name": "Head of sales",
                "roles": _SALES_LEADERS,
                "responsibilities": "The team's target, its forecast, its habits.",
                "challenges": "Leads of mixed quality; follow-up that nobody sees.",
                "motivations": "A forecast that holds.",
                "next_step": "Show the lead queue with their own process.",
                "likely_objection": "The reps won't use it.",
            },
            {
                "name": "Operations",
                "roles": _OPERATIONS,
                "responsibilities": "Systems, data, the process between teams.",
                "challenges": "Two teams, two sets of numbers.",
                "motivations": "One source that both sides believe.",
                "next_step": "Send the integration overview, then a technical call.",
                "likely_objection": "It must fit the systems we have.",
            },
        ],
        "trigger_events": [
            {"name": "New funding", "next_step": "Congratulate, ask about hiring plans."},
            {"name": "New head of sales", "next_step": "Offer help with the first 90 days."},
            {"name": "Hiring sales reps", "next_step": "Ask how new reps get their leads."},
        ],
        "disqualifiers": [
            {
                "reason": "Student or job seeker",
                "predicate": {
                    "fact": "title",
                    "op": "contains_any",
                    "values": ["student", "intern", "job seeker", "praktikant"],
                },
            },
            {"reason": "Fewer than 5 people", "predicate": {"fact": "employees", "op": "at_most", "values": [4]}},
        ],
    },
    "rules": [
        _fit("Company of 20 to 500", 20, "employees", "between", 20, 500),
        _fit("Company over 500", 5, "employees", "at_least", 501),
        _fit("Decision maker", 15, "title", "contains_any", *_DECISION_MAKERS, *_SALES_LEADERS),
        _fit("Operations role", 10, "title", "contains_any", *_OPERATIONS),
        _fit("Phone known", 5, "phone", "is_known"),
        _fit(
            "Buying trigger",
            10,
            "trigger_events",
            "contains_any",
            "New funding",
            "New head of sales",
            "Hiring sales reps",
        ),
        _fit("Free-mail address", -15, "free_mail", "in", True),
        _engagement("Asked for a demo", "demo_request", 40, 40, 30),
        _engagement("Started a trial", "trial", 30, 30, 21),
        _engagement("Looked at prices", "pricing_visit", 10, 20, 14),
        _engagement("Attended a webinar", "webinar", 12, 24, 30),
        _engagement("Met at an event", "event", 12, 24, 30),
        _engagement("Filled in a form", "form", 10, 20, 30),
        _engagement("Downloaded content", "download", 8, 16, 30),
        _engagement("Clicked in a mail", "mail_click", 3, 9, 14),
        _engagement("Visited pages", "page_visit", 1, 8, 7),
    ],
    "bands": {"hot": 80, "warm": 60},
    "threshold": 60,
    "required_facts": ["email", "company_name"],
}
