"""Reading leads."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from leads.models import AlternativeFact, Lead, Score
from leads.queries import listing
from quotarider import tenancy


class Page(NamedTuple):
    """Leads, and the id to ask the following page with, if there is one."""

    leads: list[Lead]
    following: UUID | None


class Seen(NamedTuple):
    """Who answers for a lead, and what policies see of it: band, source's slug, campaign's name, country's code."""

    owner_id: int
    band: str
    source: str
    campaign: str
    country: str


def seen(ids: Iterable[int]) -> dict[int, Seen]:
    """What policies see of these leads, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.id, l.owner_id, l.band, s.slug, coalesce(k.name, ''), coalesce(nullif(c.country, ''), p.country)
              FROM leads_lead l
              JOIN leads_person p ON p.workspace_id = l.workspace_id AND p.id = l.person_id
              JOIN leads_source s ON s.workspace_id = l.workspace_id AND s.id = l.source_id
              LEFT JOIN leads_company c ON c.workspace_id = l.workspace_id AND c.id = l.company_id
              LEFT JOIN leads_campaign k ON k.workspace_id = l.workspace_id AND k.id = l.campaign_id
             WHERE l.workspace_id = %s AND l.id = ANY(%s::bigint[])
             ORDER BY l.id
            """,
            [tenancy.current().workspace_id, list(ids)],
        )
        return {pk: Seen(*rest) for pk, *rest in cursor.fetchall()}


def by_id(ids: Iterable[int]) -> QuerySet[Lead]:
    """Leads with what scoring, routing and policies see of them, in id order."""
    return whole().filter(pk__in=list(ids)).order_by("pk")


def whole() -> QuerySet[Lead]:
    """All leads with person, company, campaign, source and owner."""
    return Lead.objects.select_related("person", "company", "campaign", "source", "owner__user", "definition")


def lead_for(public_id: UUID) -> Lead:
    """One lead of the workspace in scope. Raises: Lead.DoesNotExist for an unknown or foreign id."""
    return whole().get(public_id=public_id)


def state_of(lead_id: int) -> str:
    """Where a lead is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM leads_lead WHERE workspace_id = %s AND id = %s",
            [tenancy.current().workspace_id, lead_id],
        )
        return str(cursor.fetchone()[0])


def score_of(lead: Lead) -> Score | None:
    """The lead's latest score with its definition's version."""
    return (
        Score.objects.select_related("definition").defer("definition__body").filter(lead=lead).order_by("-id").first()
    )


def scores_of(lead: Lead, most: int = 20) -> list[Score]:
    """The lead's scores, newest first."""
    rows = Score.objects.select_related("definition").defer("definition__body").filter(lead=lead)
    return list(rows.order_by("-id")[:most])


def alternatives_of(lead: Lead) -> list[AlternativeFact]:
    """The values told beside ours that nobody has settled yet, newest first, with their person or company."""
    rows = AlternativeFact.objects.select_related("person", "company").filter(settled_at=None)
    of_person = rows.filter(person_id=lead.person_id)
    found = [*of_person, *rows.filter(company_id=lead.company_id)] if lead.company_id else list(of_person)
    return sorted(found, key=lambda fact: fact.learned_at, reverse=True)


def alternative_for(lead: Lead, public_id: UUID) -> AlternativeFact:
    """One value told beside ours, of the lead's person or company. Raises: AlternativeFact.DoesNotExist."""
    fact = AlternativeFact.objects.select_related("person", "company").get(public_id=public_id, settled_at=None)
    if fact.person_id != lead.person_id and (fact.company_id is None or fact.company_id != lead.company_id):
        raise AlternativeFact.DoesNotExist
    return fact


def others_of(lead: Lead) -> list[Lead]:
    """The person's other leads, newest first, at most 50."""
    rows = Lead.objects.select_related("campaign", "owner__user").filter(person_id=lead.person_id).exclude(pk=lead.pk)
    return list(rows.order_by("-arrived_at")[:50])


def api_page(*, state: str, recorded_since: datetime | None, cursor: UUID | None, limit: int) -> Page:
    """A page of leads, newest arrival first. Raises: Lead.DoesNotExist for an unknown cursor."""
    rows = whole()
    if state:
        rows = rows.filter(state=state)
    if recorded_since:
        rows = rows.filter(recorded_at__gte=recorded_since)
    found = list(listing.following(rows, cursor)[: limit + 1])
    following = found[limit - 1].public_id if len(found) > limit else None
    return Page(found[:limit], following)
