"""The Agreement in force."""

from datetime import datetime

from django.db.models import QuerySet

from sla.models import Agreement
from sla.rules.terms import Terms

_parsed: dict[int, Terms] = {}


def in_force(at: datetime) -> Agreement:
    """The version in force at an instant; before the first one began, the first one. Raises: Agreement.DoesNotExist."""
    versions = Agreement.objects.select_related("definition")
    found = versions.filter(in_force_from__lte=at).order_by("-version").first() or versions.order_by("version").first()
    if found is None:
        raise Agreement.DoesNotExist("No Agreement in this workspace.")
    return found


def versions() -> QuerySet[Agreement]:
    """All versions, newest first, with their definitions and authors."""
    return Agreement.objects.select_related("definition", "created_by__user").order_by("-version")


def version_for(number: int) -> Agreement:
    """One version by its number. Raises: Agreement.DoesNotExist."""
    return versions().get(version=number)


def terms(agreement: Agreement) -> Terms:
    """A version's terms as typed values; read once per process, as versions never change."""
    if agreement.pk not in _parsed:
        _parsed[agreement.pk] = Terms.from_json(agreement.terms)
    return _parsed[agreement.pk]
