"""Pieces of other stages' pages: a lead's clocks, and why a hand-off is due now."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from handoff import queries as handoffs
from leads.queries import leads
from quotarider.web import partials
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest
from sla.queries import clocks


@require_safe
@requires("view_leads")
def lead_clocks(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """All clocks of a lead with their steps: when due, noticed, told."""
    lead = leads.lead_for(lead_id)
    context = {"lead": lead, "lines": clocks.of_lead(lead.pk, request.now)}
    return partials.render(request, "sla/lead_clocks.html", context, partial="clocks")


@require_safe
@requires("view_leads")
def clock_details(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """Why now, and what happens if nothing is done."""
    handoff = handoffs.open_handoff_for(request.member, handoff_id)
    context = {"handoff": handoff, "lines": clocks.of_lead(handoff.lead_id, request.now, is_running=True)}
    return partials.render(request, "sla/clock_details.html", context, partial="details")
