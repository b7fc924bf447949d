"""The workspace's catalogue of reasons, within the fixed categories."""

from datetime import datetime

from django.db import transaction

from feedback.models import Reason
from feedback.rules.categories import CATEGORIES, DEFAULTS


@transaction.atomic
def found(*, at: datetime) -> None:
    """The usual reasons of a new workspace."""
    Reason.objects.bulk_create(
        Reason(use=use, category=category, label=label, asks=asks, position=place)
        for use, rows in DEFAULTS.items()
        for place, (category, label, asks) in enumerate(rows)
    )


def for_told(text: str, use: str) -> Reason:
    """The reason that an imported text means: by label, by category, else a new one in category other."""
    wanted = text.strip()[:80]
    for reason in Reason.objects.filter(use=use).order_by("position", "id"):
        if wanted.casefold() in (reason.label.casefold(), reason.category, CATEGORIES[reason.category].casefold()):
            return reason
    return Reason.objects.get_or_create(
        use=use, label=wanted or CATEGORIES["other"], defaults={"category": "other", "position": 99}
    )[0]
