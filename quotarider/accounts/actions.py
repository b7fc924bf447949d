"""The only writers of the global tables. Auditing, which needs the workspace's scope, is done by whoever calls."""

import secrets
import string
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import slugify

from quotarider.accounts import queries
from quotarider.accounts.models import ApiKey, Invitation, Member, User, Workspace
from quotarider.errors import Conflict, DomainError

INVITATION_LIFETIME = timedelta(hours=72)


class InvitationInvalid(DomainError):
    """The link is used up, withdrawn, too old, or meant for another address."""


class LastAdmin(DomainError):
    """A workspace must keep at least one active admin or revops."""


@transaction.atomic
def open_workspace(
    user: User, *, name: str, timezone: str = "UTC", is_demo: bool = False, role: str = "admin", slug: str = ""
) -> Member:
    """Creates a workspace with a free slug and gives its creator the first seat."""
    workspace = Workspace.objects.create(name=name, slug=slug or _free_slug(name), timezone=timezone, is_demo=is_demo)
    return Member.objects.create(workspace=workspace, user=user, role=role)


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "workspace"
    if not Workspace.objects.filter(slug=base).exists():
        return base
    return f"{base}-{secrets.token_hex(3)}"


@transaction.atomic
def invite(workspace: Workspace, *, email: str, role: str, by: Member, at: datetime) -> tuple[Invitation, str]:
    """Offers a seat; returns the invitation and its token, which is shown once and stored only as a digest.

    Raises: Conflict when the address already has a seat.
    """
    email = email.strip().lower()
    if Member.objects.filter(workspace=workspace, user__email=email, is_active=True).exists():
        raise Conflict("This address already has a seat in the workspace.", field="email")
    Invitation.objects.filter(workspace=workspace, email=email, accepted_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=role,
        digest=queries.digest(token),
        invited_by=by,
        expires_at=at + INVITATION_LIFETIME,
    )
    return invitation, token


@transaction.atomic
def accept_invitation(token: str, *, user: User, at: datetime) -> Member:
    """Turns an open invitation into a seat (or wakes the user's former one).

    Raises: InvitationInvalid.
    """
    found = queries.invitation_for(token)
    if found is None or found.expires_at <= at:
        raise InvitationInvalid("This invitation is no longer valid. Ask for a new one.")
    if found.email != user.email:
        raise InvitationInvalid("This invitation is for another e-mail address. Sign in with that address.")
    taken = Invitation.objects.filter(pk=found.pk, accepted_at=None, revoked_at=None).update(accepted_at=at)
    if not taken:
        raise InvitationInvalid("This invitation was used a moment ago.")
    member, _ = Member.objects.update_or_create(
        workspace=found.workspace, user=user, defaults={"role": found.role, "is_active": True}
    )
    return member


@transaction.atomic
def change_member(member: Member, *, role: str, is_active: bool) -> Member:
    """Gives a seat another role, or closes or reopens it.

    Raises: LastAdmin when nobody would be left to run the workspace.
    """
    # the workspace's row serialises this: two admins can't step down at the same moment
    Workspace.objects.select_for_update().get(pk=member.workspace_id)
    owners = Member.objects.filter(workspace=member.workspace_id, is_active=True, role__in=["admin", "revops"])
    if not owners.exclude(pk=member.pk).exists() and not (is_active and role in {"admin", "revops"}):
        raise LastAdmin("Give somebody else the role Admin or RevOps first.", field="role")
    Member.objects.filter(pk=member.pk).update(role=role, is_active=is_active)
    member.role, member.is_active = role, is_active
    return member


def revoke_invitation(invitation: Invitation, *, at: datetime) -> None:
    """Withdraws an open invitation."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def create_key(
    workspace: Workspace, *, name: str, scopes: list[str], source: str, by: Member, is_trusted: bool = False
) -> tuple[ApiKey, str]:
    """Makes an API key; returns it and its token `qr_<prefix>_<secret>`, which is shown once."""
    alphabet = string.ascii_lowercase + string.digits
    prefix = "".join(secrets.choice(alphabet) for _ in range(10))
    token = f"qr_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        workspace=workspace,
        name=name,
        prefix=prefix,
        digest=queries.digest(token),
        scopes=scopes,
        source=source,
        is_trusted=is_trusted,
        created_by=by,
    )
    return key, token


def revoke_key(key: ApiKey, *, at: datetime) -> None:
    """Ends a key at once; what it sent stays."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)


def note_key_use(key: ApiKey, *, at: datetime) -> None:
    """Remembers the day of a key's last use; at most one write a day."""
    if key.last_used_on != at.date():
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=at.date())
