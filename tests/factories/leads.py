"""Leads, through the door that all of them come through. Call inside a workspace's scope."""

import hashlib
import json
from datetime import datetime
from itertools import count
from typing import Any

from leads.actions import intake
from leads.models import Lead, Source
from leads.queries import intake as intake_queries
from leads.rules import candidate

_numbers = count(1)

NURTURED: dict[str, Any] = {"title": "Designer"}
QUALIFIED: dict[str, Any] = {
    "title": "CEO",
    "employees": 120,
    "phone": "+49 30 9012345",
    "touchpoints": [{"kind": "demo_request"}],
}
HELD: dict[str, Any] = {
    "email": "owner@gmail.com",
    "company_name": "",
    "title": "CEO",
    "touchpoints": [{"kind": "demo_request"}, {"kind": "trial"}],
}
DISQUALIFIED: dict[str, Any] = {"title": "Student"}


def payload(**given: Any) -> dict[str, Any]:
    """A lead as sent, of a person and a company of its own; blank values are left out."""
    n = next(_numbers)
    sent = {"email": f"person{n}@company{n}.com", "full_name": f"Person {n}", "company_name": f"Company {n}"} | given
    return {name: value for name, value in sent.items() if value not in ("", None)}


def arrival(sent: dict[str, Any], *, at: datetime, key: str | None = None) -> intake.Arrival:
    """A payload as read."""
    digest = hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
    return intake.Arrival(candidate.read(sent, default_country="", at=at), sent, digest, key)


def source(slug: str = "website") -> Source:
    """The source of API leads."""
    return intake_queries.source_of(slug, name=slug.capitalize(), kind="api")


def receive(*sent: dict[str, Any], at: datetime, treat_as: str = "new", slug: str = "website") -> list[intake.Received]:
    """What became of the payloads, as one batch."""
    return intake.receive([arrival(each, at=at) for each in sent], source=source(slug), at=at, treat_as=treat_as)


def lead(*, at: datetime, treat_as: str = "new", **given: Any) -> Lead:
    """One lead as stored: `lead(at=now, **QUALIFIED)`."""
    received = receive(payload(**given), at=at, treat_as=treat_as)[0]
    return Lead.objects.select_related("person", "company", "campaign", "owner").get(pk=received.lead_id)
