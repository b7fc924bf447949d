"""Every refusal of the API in one shape: problem details, RFC 9457."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from quotarider.errors import DomainError

MEDIA_TYPE = "application/problem+json"
OWN_TYPE = "urn:quotarider:problem:"  # + the error's name, for senders that decide by it


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: None leaves an error of ours to become a 500."""
    if isinstance(error, DomainError):
        return _of_domain_error(error)
    known = _as_api_exception(error)
    return _of_api_exception(known) if known else None


def problem(status: int, detail: str = "", *, kind: str = "about:blank", title: str = "") -> dict[str, Any]:
    """The members of a problem; `title` is the same for each problem of a kind."""
    body = {"type": kind, "title": title or HTTPStatus(status).phrase, "status": status}
    return body | ({"detail": detail} if detail else {})


def response(status: int, detail: str = "") -> HttpResponse:
    """A problem where DRF is not involved."""
    return HttpResponse(json.dumps(problem(status, detail)), status=status, content_type=MEDIA_TYPE)


def _of_domain_error(error: DomainError) -> Response:
    words = re.findall(r"[A-Z]+[a-z0-9]*", type(error).__name__) or ["refused"]
    title, kind = " ".join(words).capitalize(), OWN_TYPE + "-".join(words).lower()
    body = problem(error.status, error.message, kind=kind, title=title)
    if error.field:
        body["errors"] = [{"field": error.field, "message": error.message}]
    return Response(body, status=error.status, content_type=MEDIA_TYPE)


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return exceptions.NotFound()
    if isinstance(error, DjangoPermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, UnreadablePostError):
        return exceptions.ParseError("The body broke off.")
    if isinstance(error, RequestDataTooBig):
        found = exceptions.APIException("The body is too large: send less at a time.")
        found.status_code = 413
        return found
    return None


def _of_api_exception(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        body = problem(422, "The body was read, but not all of it can be taken.")
        body["errors"] = list(_flat(error.detail))
    else:
        body = problem(error.status_code, str(error.detail))
    return Response(body, status=body["status"], headers=_headers(error), content_type=MEDIA_TYPE)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """One entry per fault; fields by their path: `leads.3.email`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            key = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, [path, key])))
    elif isinstance(detail, list):
        nested = any(isinstance(inner, dict | list) for inner in detail)
        for number, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{number}".lstrip(".") if nested else path)
    else:
        yield {"field": path, "message": str(detail)}
