"""One page, whole or the piece that changed."""

from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """`template#partial` for htmx, `template` for everybody else (and for htmx restoring its history)."""
    name = f"{template}#{partial}" if partial and is_piece(request) else template
    response = shortcuts.render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def is_piece(request: HttpRequest) -> bool:
    """Whether the answer is swapped into a page that is already there."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted
