"""Writing the trail, in the transaction of the deed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from quotarider.accounts.models import Member
from quotarider.audit.models import Entry


def record(
    action: str,
    *,
    subject: str,
    subject_id: int | None,
    by: Member | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """One deed. `data` holds ids, codes and numbers only."""
    record_many(action, subject=subject, subject_ids=[subject_id], by=by, at=at, data=data)


def record_many(
    action: str,
    *,
    subject: str,
    subject_ids: Iterable[int | None],
    by: Member | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """The same deed on many objects, one statement."""
    Entry.objects.bulk_create(
        Entry(at=at, member=by, action=action, subject=subject, subject_id=subject_id, data=data or {})
        for subject_id in subject_ids
    )
