"""What a key may do."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from quotarider.accounts.models import ApiKey

if TYPE_CHECKING:  # it imports this module by its setting
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """The key has the view's `required_scope`: a scope, or a dict of them by method. A view without one is a mistake."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key: Any = request.auth
        if not isinstance(key, ApiKey):
            return False  # answered 401, since there is a way to authenticate
        wanted = scope_of(view, request.method or "")
        if wanted not in key.scopes:
            raise PermissionDenied(f"This key lacks the scope {wanted}. Make one that has it under Settings, API keys.")
        return True


def scope_of(view: "APIView", method: str) -> str:
    """The scope that the view asks for. Raises: ImproperlyConfigured where the view names none, or an unknown one."""
    wanted: Any = getattr(view, "required_scope", None)
    if isinstance(wanted, dict):
        wanted = wanted.get({"HEAD": "GET", "OPTIONS": "GET"}.get(method, method), next(iter(wanted.values())))
    if wanted not in ApiKey.SCOPES:
        raise ImproperlyConfigured(f"{type(view).__name__}.required_scope must be one of {', '.join(ApiKey.SCOPES)}.")
    return str(wanted)
