"""The member's notices: a page, and the list under the bell."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from quotarider.notifications import actions, queries
from quotarider.notifications.models import Notification
from quotarider.web.partials import is_piece, render
from quotarider.web.permissions import requires

PAGE = 50
BELL = 8


@require_safe
@requires(None)
def page(request: HttpRequest) -> HttpResponse:
    """All notices, newest first, a page at a time."""
    return _page(request, _uuid(request.GET.get("before", "")))


@require_safe
@requires(None)
def bell(request: HttpRequest) -> HttpResponse:
    """The newest few, for the menu under the bell."""
    return render(request, "web/bell.html", {"notices": queries.newest(request.member, limit=BELL)}, partial="list")  # type: ignore[attr-defined]


@require_POST
@requires(None)
def read(request: HttpRequest) -> HttpResponse:
    """Marks the given notices as read, all without `id`; leads on to `next` (a path of ours) if given."""
    ids = [_required_uuid(value) for value in request.POST.getlist("id")]
    actions.mark_read(request.member, ids or None, at=request.now)  # type: ignore[attr-defined]
    if is_piece(request):
        return _page(request, None)
    return redirect("notifications:list", workspace=request.workspace.slug)  # type: ignore[attr-defined]


def _page(request: HttpRequest, before: UUID | None) -> HttpResponse:
    found: list[Notification] = queries.newest(request.member, before=before, limit=PAGE + 1)  # type: ignore[attr-defined]
    context = {
        "notices": found[:PAGE],
        "following": found[PAGE - 1].public_id if len(found) > PAGE else "",
        "is_first": before is None,
    }
    return render(request, "web/notifications.html", context, partial="page")


def _uuid(value: str) -> UUID | None:
    return _required_uuid(value) if value else None


def _required_uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as malformed:
        raise Http404 from malformed
