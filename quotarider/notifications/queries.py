"""Reading the notices of one member."""

from uuid import UUID

from django.db.models import QuerySet

from quotarider.accounts.models import Member
from quotarider.notifications.models import Notification, Outbox


def unread_count(member: Member) -> int:
    """How many notices the member has not read; one index-only count."""
    return Notification.objects.filter(member=member, read_at=None).count()


def newest(member: Member, *, before: UUID | None = None, limit: int = 50) -> list[Notification]:
    """The member's notices, newest first, `limit` of them, older than the one with the public id `before`."""
    rows: QuerySet[Notification] = Notification.objects.filter(member=member).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=rows.filter(public_id=before).values("id")[:1])
    return list(rows[:limit])


def dead_letters(limit: int = 50) -> list[Outbox]:
    """Messages of the workspace in scope that were given up, newest first."""
    return list(Outbox.objects.exclude(dead_at=None).order_by("-id")[:limit])
