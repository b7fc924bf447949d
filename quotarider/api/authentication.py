"""A workspace's key as bearer token. WorkspaceMiddleware has already looked it up and opened the scope."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from quotarider.accounts import actions as accounts
from quotarider.accounts.models import ApiKey


class WorkspaceKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer qr_…`. There is no user: `request.auth` is the ApiKey."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        key: ApiKey | None = getattr(request._request, "api_key", None)
        if key is None:
            if request.headers.get("Authorization"):
                raise AuthenticationFailed(
                    "This key is unknown or was revoked. Make a new one under Settings, API keys."
                )
            return None
        accounts.note_key_use(key, at=request._request.now)  # type: ignore[attr-defined]
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="QuotaRider"'
