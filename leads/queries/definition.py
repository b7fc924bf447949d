"""The lead definition in force."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from leads.models import LeadDefinition
from leads.rules import definition as rules
from quotarider import tenancy

# versions never change: each is read once per process
_versions: dict[UUID, LeadDefinition] = {}
_parsed: dict[UUID, rules.Definition] = {}


def in_force(at: datetime) -> LeadDefinition:
    """The version in force at an instant; before the first one began, the first one.

    Raises: LeadDefinition.DoesNotExist in a workspace without any.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id FROM leads_leaddefinition WHERE workspace_id = %s ORDER BY in_force_from <= %s DESC, "
            "CASE WHEN in_force_from <= %s THEN -version ELSE version END LIMIT 1",
            [tenancy.current().workspace_id, at, at],
        )
        found = cursor.fetchone()
    if found is None:
        raise LeadDefinition.DoesNotExist("No lead definition in this workspace.")
    if found[0] not in _versions:
        _versions[found[0]] = LeadDefinition.objects.get(public_id=found[0])
    return _versions[found[0]]


def parsed(version: LeadDefinition) -> rules.Definition:
    """The version's text as typed values. Raises: leads.rules.definition.InvalidDefinition."""
    if version.public_id not in _parsed:
        _parsed[version.public_id] = rules.Definition.from_json(version.body)
    return _parsed[version.public_id]
