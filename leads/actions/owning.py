"""Who answers for marketing's leads."""

from datetime import datetime

from django.db import transaction

from leads.events import LeadsReowned
from leads.models import Lead
from leads.rules import states
from quotarider import events, tenancy
from quotarider.accounts import queries as accounts


@transaction.atomic
def give_away(member_id: int, *, at: datetime) -> int:
    """The member's leads in marketing's hands go to whoever answers there; returns how many."""
    workspace_id = tenancy.current().workspace_id
    owner = accounts.accountable(workspace_id, "marketing_manager", "marketer")
    rows = Lead.objects.filter(owner_id=member_id, state__in=states.MARKETINGS)
    ids = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    if ids:
        Lead.objects.filter(pk__in=ids).update(owner=owner)
        events.publish(LeadsReowned(workspace_id, at, tuple(ids), owner.pk))
    return len(ids)
