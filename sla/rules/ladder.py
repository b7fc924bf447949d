"""The ladder: what happens at which part of a promise's time, and after it has run out."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self, get_args

from sla.rules import InvalidRule, business_time
from sla.rules.business_time import Absences
from sla.rules.calendar import Calendar

RungKind = Literal["remind", "warn", "late", "tell_manager", "reassign", "tell_revops"]

KINDS: tuple[RungKind, ...] = get_args(RungKind)
SECOND = timedelta(seconds=1)
LONGEST = timedelta(days=366)
FIELDS = ("kind", "share", "after_seconds")


class InvalidLadder(InvalidRule):
    """A ladder that cannot be meant; `field`, `problem` and `remedy` say it in words for the person."""


@dataclass(frozen=True)
class Rung:
    """One step: at a `share` of the promised business time (0 < share <= 1), or `after` the deadline.

    `after` is business time in whole seconds, more than none. A promise is late at its deadline and at no other time.

    Raises: InvalidLadder.
    """

    kind: RungKind
    share: float | None = None
    after: timedelta | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidLadder("kind", f"{self.kind!r} is not known", f"Use one of {', '.join(KINDS)}")
        if (self.share is None) == (self.after is None):
            raise InvalidLadder("share", "and after must not both be given or both be missing", "Give one of them")
        if self.share is not None and not 0 < self.share <= 1:
            raise InvalidLadder("share", f"{self.share} is not a part of the time", "Give more than 0, up to 1")
        if self.after is not None and (not timedelta(0) < self.after <= LONGEST or self.after.microseconds):
            raise InvalidLadder("after", f"{self.after} is out of range", "Give whole seconds, 1 or more, up to a year")
        if self.kind == "late" and self.share != 1:
            raise InvalidLadder("share", "of late is not the deadline", "Give 1")

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The rung that `to_json` wrote.

        Raises: InvalidLadder.
        """
        if not isinstance(value, Mapping):
            raise InvalidLadder("rung", f"{value!r} is not an object", 'Write it as {"kind": "warn", "share": 0.8}')
        for name in value:
            if name not in FIELDS:
                raise InvalidLadder(str(name), "is not known", f"Use only {', '.join(FIELDS)}")
        share, after = value.get("share"), value.get("after_seconds")
        if share is not None and (isinstance(share, bool) or not isinstance(share, int | float)):
            raise InvalidLadder("share", f"{share!r} is not a number", "Give more than 0, up to 1")
        if after is not None and (isinstance(after, bool) or not isinstance(after, int)):
            raise InvalidLadder("after_seconds", f"{after!r} is not a whole number", "Give seconds, 1 or more")
        if after is not None and not 0 < after <= LONGEST // SECOND:
            raise InvalidLadder("after_seconds", f"{after} is out of range", f"Give 1 to {LONGEST // SECOND}")
        return cls(value.get("kind", ""), share, None if after is None else timedelta(seconds=after))

    def to_json(self) -> dict[str, Any]:
        """The rung as plain JSON values: its kind, and either `share` or `after_seconds`."""
        if self.after is None:
            return {"kind": self.kind, "share": self.share}
        return {"kind": self.kind, "after_seconds": self.after // SECOND}

    def business(self, promised: timedelta) -> timedelta:
        """The business time from the start of a promise to this rung."""
        if self.after is not None:
            return promised + self.after
        return promised * (self.share or 0)

    @property
    def rank(self) -> tuple[float, timedelta, int]:
        """Sorts rungs as they come; at the same time, the milder first."""
        return self.share or 1, self.after or timedelta(0), KINDS.index(self.kind)


@dataclass(frozen=True)
class Ladder:
    """The rungs of a promise in the order of their times, whatever order they were given in; one of them is late.

    Raises: InvalidLadder.
    """

    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rungs", tuple(sorted(self.rungs, key=lambda rung: rung.rank)))
        for rung, following in itertools.pairwise(self.rungs):
            if rung == following:
                raise InvalidLadder("rungs", f"{rung.kind} is there twice at the same time", "Remove one of them")
        if not any(rung.kind == "late" for rung in self.rungs):
            raise InvalidLadder("rungs", "never become late", 'Add {"kind": "late", "share": 1}')

    @classmethod
    def default(cls) -> Self:
        """Remind at 50 %, warn at 80 %, late at 100 % (which tells the manager), reassign 15 min past, RevOps 60 min."""
        return cls(
            (
                Rung("remind", share=0.5),
                Rung("warn", share=0.8),
                Rung("late", share=1),
                Rung("reassign", after=timedelta(minutes=15)),
                Rung("tell_revops", after=timedelta(minutes=60)),
            )
        )

    @classmethod
    def from_json(cls, value: list[Any]) -> Self:
        """The ladder that `to_json` wrote: a list of rungs; errors name the rung by its place, as in `rungs.0.share`.

        Raises: InvalidLadder.
        """
        if not isinstance(value, list | tuple):
            raise InvalidLadder("rungs", "are not a list", 'Write them as [{"kind": "late", "share": 1}]')
        return cls(tuple(_rung_at(place, rung) for place, rung in enumerate(value)))

    def to_json(self) -> list[dict[str, Any]]:
        """The rungs in order as plain JSON values."""
        return [rung.to_json() for rung in self.rungs]


def instants(
    calendar: Calendar, start: datetime, business: timedelta, ladder: Ladder, absences: Absences = ()
) -> tuple[datetime, ...]:
    """The instant of each rung, in the ladder's order and never decreasing, for a promise that starts at `start`.

    `business` is the promised business time. The rung at 100 % is exactly `business_time.deadline`.

    Raises: NoOpenTime when a rung is not within three years.
    """
    return tuple(business_time.deadline(calendar, start, rung.business(business), absences) for rung in ladder.rungs)


def _rung_at(place: int, value: Any) -> Rung:
    try:
        return Rung.from_json(value)
    except InvalidLadder as error:
        raise InvalidLadder(f"rungs.{place}.{error.field}", error.problem, error.remedy) from None
