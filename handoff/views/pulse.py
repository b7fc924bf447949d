"""The pulse: whether a member's queue changed. Outside session and scope, one read of the cache while nothing did."""

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from handoff import queries
from handoff.actions import pulse as marks
from handoff.rules import listing
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member

SALT = "queue pulse"
LASTS_SECONDS = 12 * 3600


def url_of(member: Member) -> str:
    """The member's own address of the pulse, good for twelve hours."""
    return reverse("pulse", kwargs={"token": signing.dumps([member.workspace_id, member.pk], salt=SALT)})


@never_cache
@require_safe
def pulse(request: HttpRequest, token: str) -> HttpResponse:
    """204 unless the queue differs from `?version=`; else what live.js announces. Says nothing about anybody."""
    workspace_id, member_id = _opened(token)
    version, _, basis = request.GET.get("version", "").partition(".")
    mark = marks.seen(member_id)
    if mark and mark == version:
        return HttpResponse(status=204)
    return _looked(workspace_id, member_id, version, basis)


def _looked(workspace_id: int, member_id: int, version: str, basis: str) -> HttpResponse:
    with tenancy.scope(workspace_id) as scope:
        if not accounts.members(workspace_id).filter(pk=member_id, is_active=True, user__is_active=True).exists():
            raise PermissionDenied
        rows = queries.rows_of(member_id)
    found = listing.fingerprint(rows, scope.now)
    marks.remember(member_id, found)
    response = HttpResponse(status=204)
    if found != version:
        response = JsonResponse(_told(rows, found, basis))
    response["X-Server-Now"] = scope.now.isoformat()
    return response


def _told(rows: list[listing.Row], found: str, basis: str) -> dict[str, object]:
    new = listing.newer(rows, basis)
    title = ngettext("%(n)d new lead", "%(n)d new leads", new) % {"n": new}
    basis = basis or listing.basis(rows)
    return {"version": f"{found}.{basis}", "new": new, "title": title, "counts": {"queue": len(rows)}}


def _opened(token: str) -> tuple[int, int]:
    try:
        workspace_id, member_id = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        raise PermissionDenied from None
    return workspace_id, member_id
