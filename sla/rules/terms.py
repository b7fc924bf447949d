"""The terms of an Agreement beside the lead definition: business calendar, promises, ladders."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from sla.rules import InvalidRule
from sla.rules.calendar import Calendar
from sla.rules.kinds import KINDS
from sla.rules.ladder import Ladder, Rung

MAX_MINUTES: Final = 366 * 24 * 60
BANDS: Final = ("", "hot", "warm", "cold")


class InvalidTerms(InvalidRule):
    """Terms that can't be kept; says which and what to write instead."""


@dataclass(frozen=True)
class Promise:
    """One kind of clock's time in business minutes; blank conditions match every lead."""

    kind: str
    minutes: int
    band: str = ""
    source: str = ""
    campaign: str = ""
    country: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidTerms("kind", f"{self.kind!r} is not a kind of clock", f"Use one of {', '.join(KINDS)}")
        if isinstance(self.minutes, bool) or not isinstance(self.minutes, int) or not 1 <= self.minutes <= MAX_MINUTES:
            raise InvalidTerms("minutes", "must be whole business minutes", f"Write a number from 1 to {MAX_MINUTES}")
        if self.band not in BANDS:
            raise InvalidTerms("band", f"{self.band!r} is not a band", "Use hot, warm, cold or leave it empty")

    @property
    def name(self) -> str:
        """What is promised to whom, in words."""
        conditions = [c for c in (self.band, self.source, self.campaign, self.country) if c]
        return f"{KINDS[self.kind].label}: {', '.join(conditions) or 'every lead'}"

    def applies(self, *, band: str, source: str, campaign: str, country: str) -> bool:
        """Whether the promise is about such a lead."""
        pairs = ((self.band, band), (self.source, source), (self.campaign, campaign), (self.country, country))
        return all(not wanted or wanted.casefold() == given.casefold() for wanted, given in pairs)


@dataclass(frozen=True)
class Terms:
    """Calendar, promises in order (first match wins), the ladder of sales' clocks and that of all others.

    `promised_share` is the share of first touches in time that sales promises, in percent; `monthly_handoffs` and
    `accepted_share` (percent) are marketing's.
    """

    calendar: Calendar
    promises: tuple[Promise, ...]
    ladder: Ladder
    marketing_ladder: Ladder
    promised_share: int = 90
    monthly_handoffs: int = 100
    accepted_share: int = 60

    def promise(self, kind: str, *, band: str = "", source: str = "", campaign: str = "", country: str = "") -> Promise:
        """The promise for a clock of this kind. The last resort is a working day."""
        for promise in self.promises:
            if promise.kind == kind and promise.applies(band=band, source=source, campaign=campaign, country=country):
                return promise
        return Promise(kind, 480)

    def ladder_of(self, kind: str) -> Ladder:
        """The ladder of a kind of clock, by the side that owes."""
        return self.ladder if KINDS[kind].side == "sales" else self.marketing_ladder

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The terms that `to_json` wrote, or that a form built. Raises: InvalidRule with field, problem and remedy."""
        try:
            promises = tuple(Promise(**promise) for promise in data["promises"])
            return cls(
                calendar=Calendar.from_json(data["calendar"]),
                promises=promises,
                ladder=Ladder.from_json(data["ladder"]),
                marketing_ladder=Ladder.from_json(data["marketing_ladder"]),
                promised_share=_percent(data, "promised_share"),
                monthly_handoffs=_whole(data, "monthly_handoffs", 1_000_000),
                accepted_share=_percent(data, "accepted_share"),
            )
        except KeyError as missing:
            raise InvalidTerms(str(missing.args[0]), "is missing", "Write it") from None
        except TypeError as wrong:
            raise InvalidTerms(
                "promises", f"are not readable ({wrong})", "Write kind, minutes and conditions"
            ) from None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "calendar": self.calendar.to_json(),
            "promises": [vars(promise).copy() for promise in self.promises],
            "ladder": self.ladder.to_json(),
            "marketing_ladder": self.marketing_ladder.to_json(),
            "promised_share": self.promised_share,
            "monthly_handoffs": self.monthly_handoffs,
            "accepted_share": self.accepted_share,
        }

    def with_calendar(self, calendar: Calendar) -> "Terms":
        """The same terms under another calendar."""
        return replace(self, calendar=calendar)


def _percent(data: Mapping[str, Any], field: str) -> int:
    return _whole(data, field, 100)


def _whole(data: Mapping[str, Any], field: str, limit: int) -> int:
    value = data.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
        raise InvalidTerms(field, "is not a whole number in range", f"Write a number from 0 to {limit}")
    return value


def default_terms(timezone: str) -> Terms:
    """The first proposal of a new workspace: working days 9 to 18, 15 minutes for hot leads."""
    week = dict.fromkeys(range(5), (("09:00", "18:00"),))
    return Terms(
        calendar=Calendar(timezone=timezone, hours=week),
        promises=(
            Promise("first_touch", 15, band="hot"),
            Promise("first_touch", 60, band="warm"),
            Promise("first_touch", 240),
            Promise("verdict", 2 * 540),
            Promise("next_step", 540),
            Promise("missing_facts", 540),
            Promise("return_decision", 3 * 540),
            Promise("nurture_review", 20 * 540),
        ),
        ladder=Ladder((Rung("warn", share=0.8), Rung("late", share=1))),
        marketing_ladder=Ladder((Rung("late", share=1),)),
    )
