"""What the settings pages do: a deed on the global tables, its entry in the audit trail, and the mail it sends.

All run inside the workspace's scope.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from quotarider import events
from quotarider.accounts import actions as accounts
from quotarider.accounts.events import MemberLeft
from quotarider.accounts.models import ApiKey, Invitation, Member, User
from quotarider.audit import actions as audit
from quotarider.notifications import actions as notifications


@transaction.atomic
def invite(by: Member, *, email: str, role: str, at: datetime) -> tuple[Invitation, str]:
    """Offers a seat and mails the link; returns the invitation and the link's path, which is shown only this once.

    Raises: Conflict when the address already has a seat.
    """
    invitation, token = accounts.invite(by.workspace, email=email, role=role, by=by, at=at)
    path = reverse("join", kwargs={"token": token})
    link = settings.PUBLIC_URL.rstrip("/") + path
    text = render_to_string("emails/invitation.txt", {"by": by, "invitation": invitation, "link": link})
    subject = gettext("%(name)s invites you to %(workspace)s") % {"name": by.name, "workspace": by.workspace.name}
    notifications.mail(invitation.email, subject, text, key=f"invitation:{invitation.pk}", at=at)
    audit.record("invite member", subject="invitation", subject_id=invitation.pk, by=by, at=at, data={"role": role})
    return invitation, path


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Member, at: datetime) -> None:
    """Withdraws an open invitation."""
    accounts.revoke_invitation(invitation, at=at)
    audit.record("withdraw invitation", subject="invitation", subject_id=invitation.pk, by=by, at=at)


@transaction.atomic
def join(token: str, *, user: User, at: datetime) -> Member:
    """Accepts an invitation to the workspace in scope. Raises: InvitationInvalid."""
    member = accounts.accept_invitation(token, user=user, at=at)
    audit.record("join", subject="member", subject_id=member.pk, by=member, at=at, data={"role": member.role})
    return member


@transaction.atomic
def change_member(member: Member, *, role: str, is_active: bool, by: Member, at: datetime) -> Member:
    """Gives a seat another role, closes or reopens it. Raises: LastAdmin."""
    if (member.role, member.is_active) == (role, is_active):
        return member
    before = {"role_before": member.role, "was_active": member.is_active}
    side = member.side
    accounts.change_member(member, role=role, is_active=is_active)
    data = {"role": role, "is_active": is_active, **before}
    audit.record("change member", subject="member", subject_id=member.pk, by=by, at=at, data=data)
    if not is_active or member.side != side:
        events.publish(MemberLeft(member.workspace_id, at, member.pk, by.pk))
    return member


@transaction.atomic
def change_profile(member: Member, *, name: str, timezone: str, at: datetime) -> None:
    """Sets how the member is called, in all workspaces, and their zone in this one ("" is the workspace's)."""
    User.objects.filter(pk=member.user_id).update(name=name)
    Member.objects.filter(pk=member.pk).update(timezone=timezone)
    member.user.name, member.timezone = name, timezone
    audit.record("change profile", subject="member", subject_id=member.pk, by=member, at=at)


@transaction.atomic
def create_key(
    by: Member, *, name: str, scopes: list[str], source: str, is_trusted: bool, at: datetime
) -> tuple[ApiKey, str]:
    """Makes an API key; returns it and its token, which is shown only this once."""
    key, token = accounts.create_key(
        by.workspace, name=name, scopes=scopes, source=source, by=by, is_trusted=is_trusted
    )
    data = {"scopes": scopes, "is_trusted": is_trusted}
    audit.record("create key", subject="key", subject_id=key.pk, by=by, at=at, data=data)
    return key, token


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Member, at: datetime) -> None:
    """Ends a key at once."""
    accounts.revoke_key(key, at=at)
    audit.record("revoke key", subject="key", subject_id=key.pk, by=by, at=at)
