"""Finding the people and companies of a batch of leads."""

from collections.abc import Collection

from leads.models import Company, Person
from quotarider import tenancy
from quotarider.tenancy import bulk


def people(*, emails: Collection[str], phones: Collection[str], ids: Collection[int]) -> list[Person]:
    """The people with one of these normalised addresses, phone numbers or ids, locked, oldest first."""
    if not emails and not phones and not ids:
        return []
    rows = bulk.fetch(
        "SELECT {p} FROM leads_person p WHERE p.workspace_id = %s AND (p.email_norm = ANY(%s::varchar[]) "
        "OR p.phone_norm = ANY(%s::varchar[]) OR p.id = ANY(%s::bigint[])) ORDER BY p.id FOR NO KEY UPDATE",
        [tenancy.current().workspace_id, list(emails), list(phones), list(ids)],
        p=Person,
    )
    return [person for (person,) in rows]


def companies(*, domains: Collection[str], ids: Collection[int]) -> dict[int, Company]:
    """The companies of these domains or ids, locked, by id."""
    if not domains and not ids:
        return {}
    rows = bulk.fetch(
        "SELECT {c} FROM leads_company c WHERE c.workspace_id = %s "
        "AND (c.domain = ANY(%s::varchar[]) OR c.id = ANY(%s::bigint[])) ORDER BY c.id FOR NO KEY UPDATE",
        [tenancy.current().workspace_id, list(domains), list(ids)],
        c=Company,
    )
    return {company.pk: company for (company,) in rows}
