"""The words by which leads are found."""

from collections.abc import Iterable

from django.db import connection

from leads.models import Company, Lead, Person
from leads.rules import normalise
from quotarider import tenancy

Found = tuple[int, Person, Company | None, str | None]
"""A lead's id, its person, its company and the sender's id."""


def index_again(of: Person | Company, *, most: int = 500) -> None:
    """Adds the words of the latest leads of a person or a company, after one of its facts was corrected."""
    rows = Lead.objects.filter(person=of) if isinstance(of, Person) else Lead.objects.filter(company=of)
    found = rows.select_related("person", "company").order_by("-id")[:most]
    index((lead.pk, lead.person, lead.company, lead.external_id) for lead in found)


def index(leads: Iterable[Found]) -> None:
    """Adds the words of these leads; words of former values stay, so that a lead is also found by them."""
    pairs = sorted({(token, found[0]) for found in leads for token in _words(*found[1:])})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leads_searchtoken (workspace_id, token, lead_id) "
            "SELECT %s, t, l FROM unnest(%s::text[], %s::bigint[]) AS x(t, l) ON CONFLICT DO NOTHING",
            [tenancy.current().workspace_id, [token for token, _ in pairs], [pk for _, pk in pairs]],
        )


def _words(person: Person, company: Company | None, external_id: str | None) -> frozenset[str]:
    return normalise.search_tokens(
        person.full_name,
        person.email_norm,
        person.phone_norm,
        company.name if company else None,
        company.domain if company else None,
        external_id,
    )
