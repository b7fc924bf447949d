"""What a lead did and what was done about it, in words."""

from typing import Final

SIGNALS: Final = {
    "page_visit": "Visited",
    "pricing_visit": "Looked at prices",
    "download": "Downloaded",
    "webinar": "Attended",
    "form": "Filled in",
    "mail_open": "Opened",
    "mail_click": "Clicked in",
    "demo_request": "Asked for a demo",
    "event": "Met at",
    "trial": "Started a trial",
    "other": "Engaged with",
}
WITHOUT_ASSET: Final = {
    "page_visit": "Visited a page",
    "download": "Downloaded something",
    "webinar": "Attended a webinar",
    "form": "Filled in a form",
    "mail_open": "Opened a mail",
    "mail_click": "Clicked in a mail",
    "event": "Met at an event",
    "other": "Something else",
}
RESULTS_OF: Final = {
    "call": ("reached", "voicemail", "no_answer", "wrong_person"),
    "email": ("sent", "replied", "bounced"),
    "message": ("sent", "replied", "wrong_person"),
    "meeting": ("booked", "reached", "no_answer"),
}
"""The results that a kind of touch can have, the likeliest first."""


def engagement(kind: str, asset: str) -> str:
    """What the lead did, without the asset's name where there is one: it follows."""
    if asset:
        return SIGNALS.get(kind) or kind.replace("_", " ").capitalize()
    return WITHOUT_ASSET.get(kind) or SIGNALS.get(kind) or kind.replace("_", " ").capitalize()
