"""How the queue is told: what is owed on each lead, how many are late and due soon, and whether it changed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

SOON_BEFORE: Final = timedelta(minutes=15)
STEP_SOON: Final = timedelta(hours=2)
SOON_SHARE: Final = 0.25
OWED: Final = {"first_touch": "First touch", "verdict": "Verdict", "next_step": "Next step"}


@dataclass(frozen=True)
class Item:
    """One line of the queue: the hand-off, its tag and the tag's tone, since when the nearest clock has run, and below
    which share of its time it is soon."""

    handoff: Any
    tag: str
    tone: str
    started_at: datetime
    soon_share: float


@dataclass(frozen=True)
class Summary:
    """How many leads need their owner, of them already late, and due within 15 minutes."""

    count: int
    late: int
    soon: int


def item(handoff: Any, at: datetime) -> Item:
    """The line of one hand-off. First touches are told by their score; everything else by what is owed."""
    owed = OWED.get(handoff.act_on, "")
    if is_late(handoff.act_by, at):
        tag, tone = (f"Late · {owed.lower()}" if owed else "Late"), "late"
    elif handoff.in_team_queue:
        tag, tone = "Team’s queue", ""
    elif handoff.act_on in ("", "first_touch"):
        tag, tone = f"Score {handoff.score}", ""
    else:
        tag, tone = owed or handoff.act_on.replace("_", " ").capitalize(), ""
    started_at = _started_at(handoff)
    return Item(handoff, tag, tone, started_at, _soon_share(handoff, started_at))


def _soon_share(handoff: Any, started_at: datetime) -> float:
    """A quarter of the time; of a date that somebody chose, at most the last two hours."""
    if handoff.act_on != "next_step" or not handoff.act_by or handoff.act_by <= started_at:
        return SOON_SHARE
    return round(min(SOON_SHARE, STEP_SOON / (handoff.act_by - started_at)), 4) or 0.0001


def _started_at(handoff: Any) -> datetime:
    """A little approximate for clocks of a later stage: it only says how long the fuse is drawn."""
    if handoff.act_on == "first_touch":
        return handoff.handed_off_at
    if handoff.act_on == "next_step":
        return getattr(handoff, "step_planned_at", None) or handoff.accepted_at or handoff.handed_off_at
    return handoff.first_touch_at or handoff.handed_off_at


def is_late(act_by: datetime | None, at: datetime) -> bool:
    """Whether the deadline has passed; at the deadline itself it has not."""
    return act_by is not None and act_by < at


def summary(deadlines: Iterable[datetime | None], at: datetime) -> Summary:
    """Counts of a queue by its deadlines."""
    times = list(deadlines)
    late = sum(is_late(act_by, at) for act_by in times)
    soon = sum(act_by is not None and at <= act_by <= at + SOON_BEFORE for act_by in times)
    return Summary(len(times), late, soon)


Row = tuple[int, datetime | None, datetime]
"""What the pulse sees of an open hand-off: id, act_by, handed_off_at."""


def fingerprint(rows: Sequence[Row], at: datetime) -> str:
    """The same text for the same queue at the same lateness; 12 hexadecimal digits."""
    parts = [f"{pk}:{act_by.timestamp() if act_by else ''}:{is_late(act_by, at)}" for pk, act_by, _ in sorted(rows)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def basis(rows: Sequence[Row]) -> str:
    """Up to which hand-off a page shows the queue: the newest one's instant in microseconds; 0 for an empty queue."""
    newest = max((handed_off_at for _, _, handed_off_at in rows), default=None)
    return str(_micros(newest)) if newest else "0"


def newer(rows: Sequence[Row], than: str) -> int:
    """How many hand-offs came after that basis; an unreadable basis counts none."""
    if not (than.isascii() and than.isdigit()):
        return 0
    return sum(_micros(handed_off_at) > int(than) for _, _, handed_off_at in rows)


def _micros(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
