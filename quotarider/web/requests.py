"""What a request of a workspace carries, for the type checker."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from quotarider.accounts.models import Member, Workspace


class WorkspaceRequest(HttpRequest):
    """A request behind `requires`: a member's, in a workspace's scope, at the database's instant (aware UTC)."""

    htmx: HtmxDetails
    member: Member
    workspace: Workspace
    now: datetime
