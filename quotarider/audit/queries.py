"""Reading the trail."""

from django.db.models import QuerySet

from quotarider.audit.models import Entry


def entries(*, before_id: int | None = None, limit: int = 50) -> QuerySet[Entry]:
    """The newest entries of the workspace in scope, `limit` of them, older than `before_id`."""
    rows = Entry.objects.select_related("member__user").order_by("-id")
    return (rows.filter(id__lt=before_id) if before_id else rows)[:limit]


def entries_of(subject: str, subject_id: int) -> QuerySet[Entry]:
    """All deeds on one object, newest first."""
    return Entry.objects.select_related("member__user").filter(subject=subject, subject_id=subject_id).order_by("-id")
