"""Founding a workspace: seat, scope, and everything the stages put into a new one."""

from dataclasses import dataclass

from quotarider import events
from quotarider.accounts import actions as accounts
from quotarider.accounts.models import Member, User
from quotarider.tenancy import scopes


@dataclass(frozen=True)
class WorkspaceFounded(events.Event):
    """A workspace began; its creator is the catch-all owner."""

    member_id: int


def found(user: User, *, name: str, timezone: str = "UTC", is_demo: bool = False, slug: str = "") -> Member:
    """Creates a workspace with its first Agreement, team and reasons; returns the creator's seat."""
    member = accounts.open_workspace(user, name=name, timezone=timezone, is_demo=is_demo, slug=slug)
    with scopes.scope(member.workspace_id) as scope:
        events.publish(WorkspaceFounded(scope.workspace_id, scope.now, member.pk))
    return member
