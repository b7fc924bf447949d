"""Who may call a view, decided before anything else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from quotarider.accounts import roles
from quotarider.tenancy.middleware import require_workspace

View = Callable[..., HttpResponse]


def requires(permission: str | None) -> Callable[[View], View]:
    """The view is for members whose role has the permission; None: for every member of the workspace.

    404 outside a workspace, 403 without the permission. The view does not get the URL's `workspace`: it is
    `request.workspace`. The permission stays readable as `view.permission`.
    """
    if permission is not None and permission not in roles.PERMISSIONS:
        raise LookupError(f"unknown permission {permission!r}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, workspace: str = "", **kwargs: Any) -> HttpResponse:
            require_workspace(request)
            if permission is not None and not request.member.may(permission):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
