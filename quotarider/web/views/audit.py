"""Who did what, and when."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quotarider.audit import queries as audit
from quotarider.web.partials import render
from quotarider.web.permissions import requires

PAGE = 50
SALT = "audit page"


@require_safe
@requires("view_audit")
def entries(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, a page at a time; the cursor is signed, because ids don't leave the house."""
    before = _opened(request.GET.get("before", ""))
    found = list(audit.entries(before_id=before, limit=PAGE + 1))
    shown = found[:PAGE]
    following = signing.dumps(shown[-1].pk, salt=SALT) if len(found) > PAGE else ""
    return render(request, "settings/audit.html", {"entries": shown, "following": following, "is_first": not before})


def _opened(cursor: str) -> int | None:
    try:
        return int(signing.loads(cursor, salt=SALT)) if cursor else None
    except signing.BadSignature as forged:
        raise Http404 from forged
