"""Writing a version of the lead definition, and bringing open leads up to it."""

from datetime import datetime

from django.db import transaction

from leads.actions import scoring
from leads.events import DefinitionRevised
from leads.models import Lead, LeadDefinition
from leads.rules import states
from leads.rules.definition import Definition
from quotarider import events, tenancy
from quotarider.accounts.models import Member


@transaction.atomic
def write(definition: Definition, *, version: int, by: Member | None, at: datetime) -> LeadDefinition:
    """Stores an immutable version, in force from `at`. The number is the Agreement's."""
    written = LeadDefinition.objects.create(
        version=version, body=definition.to_json(), in_force_from=at, created_at=at, created_by=by
    )
    events.publish(DefinitionRevised(tenancy.current().workspace_id, at, written.pk))
    return written


@transaction.atomic
def rescore_stale(*, before: datetime, version_id: int | None, limit: int, at: datetime, cause: str) -> int:
    """Scores the open leads again whose figures are older than `before` or of another version; returns how many.

    None where the definition can't be used: who goes on while a full piece comes back must come to an end.
    """
    stale = Lead.objects.filter(state__in=states.OPEN)
    stale = stale.exclude(definition_id=version_id) if version_id else stale.filter(as_of__lt=before)
    ids = list(stale.order_by("as_of").values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    scoring.score(ids, at=at, cause=cause)
    return Lead.objects.filter(pk__in=ids, as_of=at).count()
