"""The queue: the leads that need their owner now, the top one open beside the list."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from handoff import queries
from handoff.actions import giving
from handoff.views import desk
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.web import partials
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest


@require_safe
@requires("view_queue")
def page(request: WorkspaceRequest) -> HttpResponse:
    """One's own queue, or with `?rep=` that of a member. htmx asks for the list alone, or for list and panel."""
    listed = _listed(request)
    if partials.is_piece(request) and request.htmx.target == "queue-list":
        context = {**desk.lists(request, listed, *queries.queues(listed)), "oob_heading": True}
        response = partials.render(request, desk.TEMPLATE, context, partial="refreshed")
        return desk.fresh_pulse(response, context["pulse_version"])
    return partials.render(request, desk.TEMPLATE, desk.whole(request, listed), partial="queue")


@require_safe
@requires("view_queue")
def selected(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """The queue with one lead in focus; to htmx the panel alone."""
    handoff = queries.visible_handoff_for(request.member, handoff_id)
    giving.require_open(handoff)
    if partials.is_piece(request):
        context = desk.panel(request, handoff, is_chosen=True)
        return partials.render(request, desk.TEMPLATE, context, partial="focus")
    return partials.render(request, desk.TEMPLATE, desk.whole(request, _of(request, handoff), handoff))


def _listed(request: WorkspaceRequest) -> Member:
    wanted = request.GET.get("rep", "")
    if not wanted or not request.member.may("view_any_queue"):
        return request.member
    try:
        return accounts.member_for(request.workspace.pk, UUID(wanted))
    except ValueError:
        return request.member


def _of(request: WorkspaceRequest, handoff: Any) -> Member:
    """Whose list stands beside it: one's own for what waits in one's team's queue."""
    is_own = handoff.owner_id == request.member.pk or not request.member.may("view_any_queue")
    return request.member if is_own else handoff.owner
