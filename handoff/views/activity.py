"""What sales did with a lead, for the lead's page."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from handoff import queries
from handoff.rules import listing
from leads.queries import leads
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest


@require_safe
@requires("view_leads")
def lead_activity(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """Hand-offs with why this owner, touches and next steps, newest first."""
    lead = leads.lead_for(lead_id)
    handoffs = list(queries.handoffs_of(lead.pk))
    current = next((handoff for handoff in handoffs if handoff.ended_at is None), None)
    context = {
        "lead": lead,
        "handoffs": handoffs,
        "current": current,
        "owed": listing.OWED.get(current.act_on, "") if current else "",
        "can_open": current is not None
        and (current.owner_id == request.member.pk or request.member.may("view_any_queue")),
        "touches": queries.touches_of(lead.pk),
        "steps": queries.steps_of(lead.pk),
    }
    return render(request, "handoff/activity.html", context, partial="activity")
