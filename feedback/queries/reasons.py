"""The workspace's catalogue of reasons."""

from django.db.models import QuerySet

from feedback.models import Reason


def choices(use: str) -> QuerySet[Reason]:
    """The reasons in use for a reject, a loss or a disqualification, in the catalogue's order."""
    return Reason.objects.filter(use=use, retired_at=None).order_by("position", "id")
