"""The SLA board: both sides' promises, who is late, where it breaks, and how late the clock itself is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotarider.web import partials
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest
from sla.actions import clocks as clock_actions
from sla.forms.filters import BoardFilter
from sla.queries import agreement as agreements
from sla.queries import board, clocks, running
from sla.views import figures


@require_safe
@requires("view_board")
def index(request: WorkspaceRequest) -> HttpResponse:
    """The whole board of a period, a team or a rep."""
    agreement = agreements.in_force(request.now)
    terms = agreements.terms(agreement)
    chosen = BoardFilter(request, board.roster())
    period = chosen.period(terms.calendar.timezone)
    touches = board.first_touches(period)
    delivered = board.delivered(period, month=figures.month_start(request.now, terms.calendar.zone))
    now = running.now(period)
    lag = running.lag(request.now)
    context: dict[str, Any] = {
        "agreement": agreement,
        "terms": terms,
        "chosen": chosen,
        "now": now,
        "ledger": figures.ledger(board.ledger(), _leads_url(request)),
        "leads_url": _leads_url(request),
        "kpis": figures.kpis(touches.whole, delivered, now, terms, chosen, at=request.now),
        "reps": figures.reps(touches, board.workloads(period), terms, chosen),
        "legend": figures.LEGEND,
        "heat": figures.heat(touches.by_hour, terms.calendar, chosen),
        "lag": lag,
        "parked": list(running.parked()) if lag.parked else [],
    }
    return partials.render(request, "sla/board.html", context, partial="page")


@require_safe
@requires("view_board")
def late(request: WorkspaceRequest) -> HttpResponse:
    """What is late and what is due soon, refreshed by itself; by itself it is no page."""
    if not partials.is_piece(request):
        return redirect("sla:board", workspace=request.workspace.slug)
    chosen = BoardFilter(request, board.roster())
    context = {"now": running.now(chosen.period("UTC")), "chosen": chosen, "leads_url": _leads_url(request)}
    return partials.render(request, "sla/board.html", context, partial="late")


@require_safe
@requires("view_board")
def rows(request: WorkspaceRequest) -> HttpResponse:
    """The first touches behind a figure of the board."""
    chosen = BoardFilter(request, board.roster())
    zone = agreements.terms(agreements.in_force(request.now)).calendar.timezone
    weekday, hour = chosen.hour
    found = clocks.behind(chosen.period(zone), outcome=chosen.outcome, weekday=weekday, hour=hour)
    context = {"lines": found, "chosen": chosen, "is_cut": len(found) == clocks.LIMIT, "leads_url": _leads_url(request)}
    return partials.render(request, "sla/rows.html", context, partial="page")


@require_POST
@requires("reassign")
def retry(request: WorkspaceRequest, clock_id: UUID) -> HttpResponse:
    """Puts a parked clock back into the sweep."""
    clock_actions.retry(running.parked_for(clock_id), by=request.member, at=request.now)
    messages.success(request, _("The clock runs again."))
    return redirect("sla:board", workspace=request.workspace.slug)


def _leads_url(request: WorkspaceRequest) -> str:
    return reverse("workspace-home", args=[request.workspace.slug]) + "leads/"
