"""Answers where no view can: problem details under /api/, pages elsewhere."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from quotarider.api import problems
from quotarider.errors import DomainError

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class TooMuch(DomainError):
    """The request is larger than the server takes."""

    status = 413


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a body that is too large."""
    if isinstance(exception, TOO_MUCH):
        return _too_much(request)
    return problems.response(400) if _is_api(request) else defaults.bad_request(request, exception)


def _too_much(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return problems.response(413, "The body is too large: send less at a time.")
    error = TooMuch(_("That is more than can be sent at once. Send it in smaller parts, or import a file."))
    return render(request, "problem.html", {"error": error, "back": "/"}, status=413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return problems.response(403) if _is_api(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return problems.response(404) if _is_api(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; nothing of the request was kept."""
    return problems.response(500) if _is_api(request) else defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
