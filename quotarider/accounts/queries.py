"""Reads over the global tables."""

import hashlib
import hmac
from uuid import UUID

from django.db.models import QuerySet

from quotarider.accounts.models import ApiKey, Invitation, Member, User, Workspace


def digest(secret: str) -> str:
    """SHA-256 of a high-entropy secret, hex; no slow hash is needed for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seat(user: User, slug: str) -> Member | None:
    """The user's active seat in the workspace of that slug, or None."""
    seats = Member.objects.select_related("workspace", "user")
    return seats.filter(user_id=user.pk, workspace__slug=slug, is_active=True, user__is_active=True).first()


def seats_of(user: User) -> QuerySet[Member]:
    """All active seats of a user, by workspace name."""
    return (
        Member.objects.select_related("workspace").filter(user=user, is_active=True).order_by("workspace__name", "id")
    )


def members(workspace_id: int) -> QuerySet[Member]:
    """The workspace's members, with their users, oldest first."""
    return Member.objects.select_related("user").filter(workspace_id=workspace_id).order_by("id")


def member_for(workspace_id: int, public_id: UUID) -> Member:
    """One member of the workspace. Raises Member.DoesNotExist."""
    return members(workspace_id).get(public_id=public_id)


def accountable(workspace_id: int, *wanted: str) -> Member:
    """Who answers when nobody else does: the first active member of the wanted roles, else revops or admin, else anyone.

    In a new workspace its creator is the catch-all owner.
    """
    order = [*wanted, "revops", "admin"]
    candidates = list(Member.objects.filter(workspace_id=workspace_id, is_active=True))
    return min(candidates, key=lambda m: (order.index(m.role) if m.role in order else len(order), m.pk))


def open_invitations(workspace_id: int) -> QuerySet[Invitation]:
    """Invitations neither accepted nor revoked, newest first."""
    open_ones = Invitation.objects.filter(workspace_id=workspace_id, accepted_at=None, revoked_at=None)
    return open_ones.order_by("-id")


def invitation_for(token: str) -> Invitation | None:
    """The open invitation a token belongs to, or None; expiry is the action's to judge."""
    found = Invitation.objects.select_related("workspace").filter(digest=digest(token))
    return found.filter(accepted_at=None, revoked_at=None).first()


def keys(workspace_id: int) -> QuerySet[ApiKey]:
    """The workspace's API keys, newest first."""
    return ApiKey.objects.filter(workspace_id=workspace_id).order_by("-id")


def key_for(token: str) -> ApiKey | None:
    """The unrevoked key that a bearer token `qr_<prefix>_<secret>` proves, or None."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != "qr" or not (6 <= len(parts[1]) <= 12) or not parts[1].isalnum():
        return None
    key = ApiKey.objects.select_related("workspace").filter(prefix=parts[1], revoked_at=None).first()
    return key if key and hmac.compare_digest(key.digest, digest(token)) else None


def workspaces() -> QuerySet[Workspace]:
    """Every workspace, for the drivers that visit each in turn."""
    return Workspace.objects.order_by("id")
