"""What a readable lead consists of, and its limits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

OUTCOMES: Final = ("won", "lost", "unknown")
MAX_TOUCHPOINTS: Final = 200

TEXT_LIMITS: Final[dict[str, int]] = {
    "external_id": 200,
    "first_name": 100,
    "last_name": 100,
    "title": 200,
    "seniority": 60,
    "department": 60,
    "timezone": 64,
    "industry": 100,
    "growth_stage": 60,
    "campaign": 120,
    "channel": 60,
    "asset": 200,
    "utm_source": 120,
    "utm_medium": 120,
    "utm_campaign": 120,
    "note": 4000,
    "lost_reason": 80,
}


class InvalidLead(ValueError):
    """What is wrong with a lead as sent: (field, what to do) pairs, all of them at once."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class SentTouchpoint:
    """One engagement as sent. `occurred_at` is aware UTC."""

    kind: str
    occurred_at: datetime
    asset: str = ""
    detail: str = ""
    campaign: str = ""
    external_id: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A readable lead. Blank text, None and empty tuples mean not given; `*_norm` are the comparison forms."""

    external_id: str | None = None
    email: str = ""
    email_norm: str | None = None
    phone: str = ""
    phone_norm: str | None = None
    full_name: str = ""
    title: str = ""
    seniority: str = ""
    department: str = ""
    country: str = ""
    timezone: str = ""
    company_name: str = ""
    domain: str | None = None
    employees: int | None = None
    industry: str = ""
    technologies: tuple[str, ...] = ()
    growth_stage: str = ""
    revenue: int | None = None
    campaign: str = ""
    channel: str = ""
    asset: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    trigger_events: tuple[str, ...] = ()
    note: str = ""
    arrived_at: datetime | None = None
    outcome: str = ""
    ended_at: datetime | None = None
    amount: Decimal | None = None
    lost_reason: str = ""
    touchpoints: tuple[SentTouchpoint, ...] = field(default=())
