"""Reading leads."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from leads.models import Lead


def by_id(ids: Iterable[int]) -> QuerySet[Lead]:
    """Leads with what scoring, routing and policies see of them, in id order."""
    return whole().filter(pk__in=list(ids)).order_by("pk")


def whole() -> QuerySet[Lead]:
    """All leads with person, company, campaign, source and owner."""
    return Lead.objects.select_related("person", "company", "campaign", "source", "owner__user", "definition")


def lead_for(public_id: UUID) -> Lead:
    """One lead of the workspace in scope. Raises: Lead.DoesNotExist for an unknown or foreign id."""
    return whole().get(public_id=public_id)
