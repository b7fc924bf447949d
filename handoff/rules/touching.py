"""From when a touch counts."""

from datetime import datetime, timedelta
from typing import Final

COMPLETED_WITHIN: Final = timedelta(minutes=30)


def effective_instant(opened_at: datetime | None, completed_at: datetime) -> datetime:
    """A touch counts from when its action was opened in the queue, if it was completed within 30 minutes of that."""
    if opened_at is None or not opened_at <= completed_at <= opened_at + COMPLETED_WITHIN:
        return completed_at
    return opened_at
