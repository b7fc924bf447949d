"""The server's time to the browser, the member's zone to the templates, and what users did wrong to the users."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.defaults import page_not_found
from django_htmx.http import reswap, trigger_client_event

from quotarider.errors import DomainError
from quotarider.web import partials

Handler = Callable[[HttpRequest], HttpResponse]


class ServerTimeMiddleware:
    """`X-Server-Now`: the scope's instant, by which fuses burn and client clocks are corrected."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        now = getattr(request, "now", None)
        if now is not None:
            response["X-Server-Now"] = now.isoformat()
        return response


class MemberZoneMiddleware:
    """Templates show instants in the member's zone, else the workspace's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = getattr(request, "member", None)
        if member is None:
            return self.get_response(request)
        with timezone.override(ZoneInfo(member.timezone or member.workspace.timezone)):
            return self.get_response(request)


class DomainErrorMiddleware:
    """A DomainError becomes a toast over the page that is there, or a page of its own. Unknown objects are 404."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answers DomainError (its status) and a query's DoesNotExist (404); the rest is Django's."""
        if isinstance(exception, ObjectDoesNotExist):
            return page_not_found(request, Http404())
        return refusal(request, exception) if isinstance(exception, DomainError) else None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The error as a toast that swaps nothing (htmx), or as templates/problem.html."""
    if partials.is_piece(request):
        response = HttpResponse(error.message, status=error.status, content_type="text/plain; charset=utf-8")
        return reswap(trigger_client_event(response, "toast", {"text": error.message}), "none")
    return render(request, "problem.html", {"error": error, "back": _back(request)}, status=error.status)


def _back(request: HttpRequest) -> str:
    """The page of ours that the request came from, or the start."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return referer if referer.startswith(own) else "/"
