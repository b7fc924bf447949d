"""One middleware opens the workspace scope around the whole response."""

from collections.abc import Callable

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.http import urlencode

from quotarider.accounts import queries
from quotarider.accounts.models import ApiKey, Member
from quotarider.tenancy import scopes


class WorkspaceMiddleware:
    """`/w/<workspace>/…` belongs to a signed-in member, `/api/v1/…` to a key; everything else has no workspace.

    Sets `request.workspace`, `request.member` or `request.api_key`, and `request.now`. A response of status 500 or
    above takes back everything that the request wrote. A foreign workspace and an unknown one are both 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/w/"):
            return self._for_member(request)
        if request.path.startswith("/api/v1/"):
            return self._for_key(request)
        return self.get_response(request)

    def _for_member(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect("/accounts/login/?" + urlencode({"next": request.get_full_path()}))
        member = queries.seat(request.user, _slug(request))
        if member is None:
            return self.get_response(_unknown(request))
        return self._scoped(request, member.workspace_id, member=member)

    def _for_key(self, request: HttpRequest) -> HttpResponse:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        key = queries.key_for(token.strip()) if kind.lower() == "bearer" and token.isascii() else None
        if key is None:
            return self.get_response(request)
        return self._scoped(request, key.workspace_id, key=key)

    def _scoped(
        self, request: HttpRequest, workspace_id: int, *, member: Member | None = None, key: ApiKey | None = None
    ) -> HttpResponse:
        with scopes.scope(workspace_id) as opened:
            request.now = opened.now  # type: ignore[attr-defined]
            request.member, request.api_key = member, key  # type: ignore[attr-defined]
            request.workspace = (member or key).workspace  # type: ignore[union-attr, attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def _slug(request: HttpRequest) -> str:
    try:
        return str(resolve(request.path_info).kwargs.get("workspace", ""))
    except Resolver404:
        return request.path_info.split("/")[2]


def _unknown(request: HttpRequest) -> HttpRequest:
    """The same request, with every workspace view answering 404."""
    request.workspace = None  # type: ignore[attr-defined]
    request.member = None  # type: ignore[attr-defined]
    return request


def require_workspace(request: HttpRequest) -> None:
    """Raises: Http404 where no workspace is in scope."""
    if getattr(request, "workspace", None) is None:
        raise Http404
