"""Who is next: fair over the whole history, told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Candidate:
    """A rep's place in the rotation: how many leads were given so far, and the last time (None: never)."""

    member_id: int
    name: str
    given: int
    last_given_at: datetime | None
    is_out: bool
    seat_id: int = 0


@dataclass(frozen=True)
class Choice:
    """Who gets a lead, or nobody (member_id None), and why."""

    member_id: int | None
    seat_id: int | None
    why: str


def share_out(candidates: Sequence[Candidate], count: int, *, at: datetime) -> list[Choice]:
    """Shares `count` leads among those who are in: fewest given first, then the longest wait, then the oldest seat.

    Counts are updated as it goes, so a batch is as fair as one by one. Nobody in: everything stays in the team's queue.
    """
    present = [c for c in candidates if not c.is_out]
    if not present:
        why = "Nobody of the team is in; the manager answers for it" if candidates else "The team has no reps yet"
        return [Choice(None, None, why)] * count
    out = len(candidates) - len(present)
    choices = []
    for _ in range(count):
        # never-given seats come first; ties fall to the oldest seat
        best = min(present, key=lambda c: (c.given, c.last_given_at.timestamp() if c.last_given_at else 0.0, c.seat_id))
        choices.append(Choice(best.member_id, best.seat_id, _why(best, len(present), out)))
        best.given += 1
        best.last_given_at = at
    return choices


def _why(best: Candidate, present: int, out: int) -> str:
    away = f", {out} out of office" if out else ""
    return f"{best.name} was next in turn ({best.given} given before) among {present} available{away}"
