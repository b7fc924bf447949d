"""A form on a hand-off: in the queue's dialog, or as a page of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django_htmx.http import reswap, retarget

from handoff import queries
from handoff.actions import giving
from handoff.views import desk
from quotarider.errors import DomainError
from quotarider.web import partials
from quotarider.web.requests import WorkspaceRequest

TEMPLATE = "handoff/dialog.html"


def workable(request: WorkspaceRequest, handoff_id: UUID) -> Any:
    """The open hand-off that the member may work. Raises: DoesNotExist (404), HandoffEnded (409)."""
    handoff = queries.workable_handoff_for(request.member, handoff_id)
    giving.require_open(handoff)
    return handoff


def posted(request: WorkspaceRequest) -> Any:
    """The form's data; None for a GET."""
    return request.POST if request.method == "POST" else None


def require_fresh(request: WorkspaceRequest, handoff: Any) -> None:
    """Refuses a form that was opened before somebody else accepted the lead. Raises: HandoffEnded."""
    if request.POST.get("seen", _seen(handoff)) != _seen(handoff):
        raise giving.HandoffEnded(f"{handoff.owner.name}’s lead was accepted meanwhile. Reload to see where it is.")


def _seen(handoff: Any) -> str:
    return handoff.accepted_at.isoformat() if handoff.accepted_at else "open"


def attempt(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Acts if the form is valid; a refusal that its author can mend becomes an error of the field. Conflicts go on."""
    if not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        if error.status != 422:
            raise
        known = {*form.fields, *getattr(form, "aliases", ())}
        form.add_error(error.field if error.field in known else None, error.message)
        return False
    return True


def show(
    request: WorkspaceRequest,
    handoff: Any,
    form: forms.Form,
    *,
    title: str,
    submit: str = "",
    body: str = "components/fields.html",
    **extra: Any,
) -> HttpResponse:
    """The form, its errors in place (422). `body` is the template of its fields."""
    context = {"handoff": handoff, "form": form, "title": title, "submit": submit, "body": body, "action": request.path}
    context |= {"is_in_queue": desk.is_in_queue(request), "next": _next(request), "seen": _seen(handoff)}
    context |= extra
    response = partials.render(request, TEMPLATE, context, partial="dialog", status=422 if form.errors else 200)
    if form.errors and partials.is_piece(request):
        return reswap(retarget(response, "#dialog-body"), "innerHTML")
    return response


def _next(request: WorkspaceRequest) -> str:
    """Where the form leads back to when it was opened from another page than the queue."""
    if partials.is_piece(request) and not desk.is_in_queue(request):
        return request.htmx.current_url_abs_path or ""
    return request.POST.get("next") or request.GET.get("next", "")
