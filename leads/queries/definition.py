"""The lead definition in force."""

from datetime import datetime

from leads.models import LeadDefinition
from leads.rules import definition as rules

_parsed: dict[int, rules.Definition] = {}


def in_force(at: datetime) -> LeadDefinition:
    """The version in force at an instant; before the first one began, the first one.

    Raises: LeadDefinition.DoesNotExist in a workspace without any.
    """
    versions = LeadDefinition.objects.all()
    found = versions.filter(in_force_from__lte=at).order_by("-version").first() or versions.order_by("version").first()
    if found is None:
        raise LeadDefinition.DoesNotExist("No lead definition in this workspace.")
    return found


def parsed(version: LeadDefinition) -> rules.Definition:
    """The version's text as typed values; read once per process, as versions never change.

    Raises: leads.rules.definition.InvalidDefinition.
    """
    if version.pk not in _parsed:
        _parsed[version.pk] = rules.Definition.from_json(version.body)
    return _parsed[version.pk]
