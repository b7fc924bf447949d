"""Leads as the API shows them, and what its lists are asked for."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import ValidationError

from leads.rules import states
from quotarider.api.schema import PROBLEM_SCHEMA

STATES = states.STATES
MOST = 200
USUAL = 50
CONFLICT = OpenApiResponse(
    {"application/problem+json": PROBLEM_SCHEMA}, description="The key was used for another payload."
)


class ListQuery(NamedTuple):
    """What a list is narrowed by."""

    state: str
    recorded_since: datetime | None
    cursor: UUID | None
    limit: int

    @classmethod
    def read(cls, params: QueryDict) -> "ListQuery":
        """Raises: ValidationError naming the parameter; a misspelt one would else show everything."""
        if unknown := set(params) - set(cls._fields):
            raise ValidationError({name: ["There is no such parameter. Leave it out."] for name in sorted(unknown)})
        return cls(
            state=_state(params.get("state")),
            recorded_since=_instant(params.get("recorded_since")),
            cursor=_uuid(params.get("cursor")),
            limit=_limit(params.get("limit")),
        )


def _state(given: str | None) -> str:
    if given is not None and given not in STATES:
        raise ValidationError({"state": [f"Send one of: {', '.join(STATES)}."]})
    return given or ""


def _instant(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        found = parse_datetime(given)
        found = found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise ValidationError({"recorded_since": ["Send an instant with its zone, as 2026-03-01T09:30:00Z."]})
    return found


def _uuid(given: str | None) -> UUID | None:
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise ValidationError({"cursor": ["Send `next` of the page before, or leave it out."]}) from None


def _limit(given: str | None) -> int:
    if given is None:
        return USUAL
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= MOST):
        raise ValidationError({"limit": [f"Send a whole number from 1 to {MOST}."]})
    return int(given)


def lead(lead: Any) -> dict[str, Any]:
    """A lead (person, company, campaign, source and owner loaded)."""
    return {
        "id": lead.public_id,
        "external_id": lead.external_id,
        "source": lead.source.slug,
        "campaign": lead.campaign.name if lead.campaign else None,
        "state": lead.state,
        "owner": {"id": lead.owner.public_id, "name": lead.owner.name} if lead.owner else None,
        "in_team_queue": lead.in_team_queue,
        "score": lead.score,
        "band": lead.band,
        "as_of": lead.as_of,
        "missing_facts": lead.missing_facts,
        "trigger_events": lead.trigger_events,
        "reason": lead.reason,
        "amount": None if lead.amount is None else str(lead.amount),
        "arrived_at": lead.arrived_at,
        "recorded_at": lead.recorded_at,
        "qualified_at": lead.qualified_at,
        "ended_at": lead.ended_at,
        "person": _person(lead.person),
        "company": _company(lead.company) if lead.company else None,
    }


def _person(person: Any) -> dict[str, Any]:
    names = ("full_name", "email", "phone", "title", "seniority", "department", "country")
    return {"id": person.public_id} | {name: getattr(person, name) for name in names}


def _company(company: Any) -> dict[str, Any]:
    names = ("name", "domain", "employees", "industry", "country")
    return {"id": company.public_id} | {name: getattr(company, name) for name in names}


def explanation(score: Any) -> dict[str, Any] | None:
    """A score with its lines, or None where there is none yet."""
    if score is None:
        return None
    return {
        "score": score.score,
        "fit": score.fit,
        "engagement": score.engagement,
        "definition_version": score.definition.version,
        "at": score.at,
        "disqualified_by": score.lines.get("disqualified_by"),
        "lines": [
            dict(zip(("rule", "points", "kind", "detail"), line, strict=True)) for line in score.lines.get("lines", [])
        ],
    }
