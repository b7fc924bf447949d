"""Whether the clock itself is on time, for whoever watches the watcher."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sla.queries import health


@never_cache
@require_safe
def healthz_clock(request: HttpRequest) -> HttpResponse:
    """200 while a heart beats and no step is overdue; else 503, with the seconds of both."""
    found = health.health()
    body = {
        "database": "ok" if found.is_reachable else "unreachable",
        "beat_age_seconds": found.beat_age,
        "overdue_seconds": found.overdue,
    }
    return JsonResponse(body, status=200 if found.is_well else 503)
