"""What templates/shell.html shows around each page of a workspace."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from quotarider.accounts import queries as accounts
from quotarider.notifications import queries as notifications
from quotarider.web import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, switch, bell and banner. All lazy: a fragment without the shell costs no query, nor does a guest."""
    member = getattr(request, "member", None)
    if member is None:
        return {"public_url": settings.PUBLIC_URL}
    values: dict[str, Any] = {
        "navigation": navigation.groups,
        "settings_tabs": lambda request: navigation.places(request, navigation.SETTINGS),
        "workspaces": _workspaces,
        "unread": lambda _request: notifications.unread_count(member),
        "account_links": _account_links,
        **navigation.extras(),
    }
    lazy = {name: SimpleLazyObject(partial(value, request)) for name, value in values.items()}
    slug = {"workspace": member.workspace.slug}
    return {
        **lazy,
        "member": member,
        "workspace": request.workspace,  # type: ignore[attr-defined]
        "server_now": request.now,  # type: ignore[attr-defined]
        "home_url": reverse("workspace-home", kwargs=slug),
        "notifications_url": reverse("notifications:list", kwargs=slug),
        "public_url": settings.PUBLIC_URL,
    }


def _workspaces(request: HttpRequest) -> list[dict[str, Any]]:
    current = request.workspace.pk  # type: ignore[attr-defined]
    return [
        {
            "name": seat.workspace.name,
            "url": reverse("workspace-home", kwargs={"workspace": seat.workspace.slug}),
            "is_current": seat.workspace_id == current,
        }
        for seat in accounts.seats_of(request.user)  # type: ignore[arg-type]
    ]


def _account_links(request: HttpRequest) -> list[dict[str, str]]:
    slug = {"workspace": request.workspace.slug}  # type: ignore[attr-defined]
    return [
        {"label": gettext("Your profile"), "url": reverse("settings:profile", kwargs=slug)},
        {"label": gettext("Second factor"), "url": reverse("mfa_index")},
        {"label": gettext("New workspace"), "url": reverse("workspace-new")},
    ]
