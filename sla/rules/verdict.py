"""The verdict on a promise: a function of stored instants, whenever it is asked for and whenever a sweep ran."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

VerdictKind = Literal["met", "met_late", "running", "late"]

OPENED_COUNTS_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Verdict:
    """Whether a promise was kept, and `by` how much wall time: to spare (met), left (running), or over (the others)."""

    kind: VerdictKind
    by: timedelta


def verdict(due_at: datetime, touched_at: datetime | None, at: datetime) -> Verdict:
    """The verdict on a promise due at `due_at`; `at` matters only while there is no touch.

    A touch wins a tie: at `due_at` itself it is met, and without one the promise is still running.
    """
    if touched_at is None:
        return Verdict("running", due_at - at) if at <= due_at else Verdict("late", at - due_at)
    if touched_at <= due_at:
        return Verdict("met", due_at - touched_at)
    return Verdict("met_late", touched_at - due_at)


def effective_touch(opened_at: datetime | None, completed_at: datetime) -> datetime:
    """The instant from which a touch counts.

    It is the opening of its action, if the touch was completed within 30 minutes after (exactly 30 included);
    else its completion: a page left open all morning proves nothing.
    """
    if opened_at is None or not timedelta(0) <= completed_at - opened_at <= OPENED_COUNTS_FOR:
        return completed_at
    return opened_at
