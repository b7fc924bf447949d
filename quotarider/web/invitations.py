"""The invitation that waits in the session while its guest signs up or in."""

from allauth.core import context
from django.http import HttpRequest

from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Invitation

SESSION_KEY = "invitation"


def keep(request: HttpRequest, token: str) -> None:
    """Remembers the token for this browser until it is taken."""
    request.session[SESSION_KEY] = token


def token(request: HttpRequest) -> str:
    """The waiting token, or ""."""
    return str(request.session.get(SESSION_KEY, ""))


def take(request: HttpRequest) -> str:
    """The waiting token, which then waits no longer, or ""."""
    return str(request.session.pop(SESSION_KEY, ""))


def waiting() -> Invitation | None:
    """The open invitation of the request that allauth is answering, or None."""
    request = context.request
    found = token(request) if request is not None else ""
    return accounts.invitation_for(found) if found else None
