"""The Agreement in force."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from quotarider import tenancy
from sla.models import Agreement
from sla.rules.terms import Terms

# versions never change: each is read once per process
_versions: dict[UUID, Agreement] = {}
_parsed: dict[UUID, Terms] = {}


def in_force(at: datetime) -> Agreement:
    """The version in force at an instant; before the first one began, the first one. Raises: Agreement.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id FROM sla_agreement WHERE workspace_id = %s ORDER BY in_force_from <= %s DESC, "
            "CASE WHEN in_force_from <= %s THEN -version ELSE version END LIMIT 1",
            [tenancy.current().workspace_id, at, at],
        )
        found = cursor.fetchone()
    if found is None:
        raise Agreement.DoesNotExist("No Agreement in this workspace.")
    return known(found[0])


def known(public_id: UUID) -> Agreement:
    """One version with its definition. Raises: Agreement.DoesNotExist."""
    if public_id not in _versions:
        _versions[public_id] = Agreement.objects.select_related("definition").get(public_id=public_id)
    return _versions[public_id]


def versions() -> QuerySet[Agreement]:
    """All versions, newest first, with their definitions and authors."""
    return Agreement.objects.select_related("definition", "created_by__user").order_by("-version")


def version_for(number: int) -> Agreement:
    """One version by its number. Raises: Agreement.DoesNotExist."""
    return versions().get(version=number)


def terms(agreement: Agreement) -> Terms:
    """A version's terms as typed values."""
    if agreement.public_id not in _parsed:
        _parsed[agreement.public_id] = Terms.from_json(agreement.terms)
    return _parsed[agreement.public_id]
