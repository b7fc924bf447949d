"""Writing notices and outward messages, in the transaction of what caused them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from quotarider.accounts.models import Member
from quotarider.notifications.delivery import deliver
from quotarider.notifications.models import Notification, Outbox

__all__ = ["deliver", "mail", "mark_read", "tell"]


@transaction.atomic
def tell(member_ids: Iterable[int], *, kind: str, key: str, text: str, path: str, at: datetime) -> None:
    """One line in the app for each member; saying it again under the same `key` changes nothing. One statement.

    `path`: the page it leads to, such as `/w/acme/leads/…/`.
    """
    notices = [
        Notification(member_id=member_id, kind=kind, key=key, text=text[:300], path=path, told_at=at)
        for member_id in dict.fromkeys(member_ids)
    ]
    Notification.objects.bulk_create(notices, ignore_conflicts=True)


@transaction.atomic
def mail(to: str, subject: str, text: str, *, key: str, at: datetime) -> None:
    """A mail that leaves after commit, at least once; the same `key` is written once.

    The key becomes the Message-ID, by which a receiver can drop a repeat.
    """
    payload = {"to": to, "subject": " ".join(subject.split()), "text": text}
    _put("mail", key=key, payload=payload, at=at)


def _put(kind: str, *, key: str, payload: dict[str, Any], at: datetime) -> None:
    row = Outbox(kind=kind, key=key, payload=payload, created_at=at, next_attempt_at=at)
    Outbox.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def mark_read(member: Member, public_ids: Iterable[UUID] | None, *, at: datetime) -> int:
    """Marks the member's notices of those public ids as read, all of them for None; returns how many were unread."""
    unread = Notification.objects.filter(member=member, read_at=None)
    if public_ids is not None:
        unread = unread.filter(public_id__in=list(public_ids))
    return int(unread.update(read_at=at))
