"""The business calendar: weekly hours in a time zone, public holidays, own days off."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from re import ASCII, fullmatch
from types import MappingProxyType
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays

from sla.rules import InvalidRule

Window = tuple[str, str]
Hours = Mapping[int, tuple[Window, ...]]
Span = tuple[timedelta, timedelta]

FIELDS = ("timezone", "hours", "holiday_country", "holiday_subdivision", "days_off")
DAYS = range(7)


class InvalidCalendar(InvalidRule):
    """A calendar that cannot be meant; `field`, `problem` and `remedy` say it in words for the person."""


@dataclass(frozen=True)
class Calendar:
    """When a team works, by the clock on its wall.

    `hours` maps a weekday (0 is Monday) to windows of local time, half-open, "HH:MM" to "HH:MM" or "24:00";
    a weekday that is missing is closed. `holiday_country` and `holiday_subdivision` are ISO 3166 codes ("DE", "BE").
    Hashable, and equal to any other calendar that says the same.

    Raises: InvalidCalendar, so that no wrong calendar exists.
    """

    timezone: str
    hours: Hours
    holiday_country: str | None = None
    holiday_subdivision: str | None = None
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _check_timezone(self.timezone)
        object.__setattr__(self, "hours", _ordered_hours(self.hours))
        object.__setattr__(self, "days_off", frozenset(self.days_off))
        _check_holidays(self.holiday_country, self.holiday_subdivision)

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by value: neither the read-only hours nor a process's hash may travel."""
        return Calendar.from_json, (self.to_json(),)

    @classmethod
    def always_open(cls) -> Self:
        """The calendar in which business time is wall time: every hour of every day, in UTC."""
        return cls("UTC", dict.fromkeys(DAYS, (("00:00", "24:00"),)))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The calendar that `to_json` wrote: weekdays as "0" to "6", windows as pairs, days as ISO dates.

        Raises: InvalidCalendar.
        """
        if not isinstance(value, Mapping):
            raise InvalidCalendar("calendar", "is not an object", f"Give an object with {', '.join(FIELDS)}")
        for name in value:
            if name not in FIELDS:
                raise InvalidCalendar(str(name), "is not known", f"Use only {', '.join(FIELDS)}")
        return cls(
            timezone=value.get("timezone", ""),
            hours=_hours_from_json(value.get("hours", {})),
            holiday_country=value.get("holiday_country"),
            holiday_subdivision=value.get("holiday_subdivision"),
            days_off=_days_from_json(value.get("days_off", [])),
        )

    def to_json(self) -> dict[str, Any]:
        """The calendar as plain JSON values, the same for equal calendars."""
        return {
            "timezone": self.timezone,
            "hours": {str(day): [list(window) for window in windows] for day, windows in self.hours.items()},
            "holiday_country": self.holiday_country,
            "holiday_subdivision": self.holiday_subdivision,
            "days_off": [day.isoformat() for day in sorted(self.days_off)],
        }

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone by which the wall clock is read."""
        return ZoneInfo(self.timezone)

    def spans_on(self, on: date) -> tuple[Span, ...]:
        """The open windows of a local date, as distances of the wall clock from its midnight; none on a day off."""
        if not self._week[on.weekday()] or on in self.days_off or self.is_holiday(on):
            return ()
        return self._week[on.weekday()]

    def is_holiday(self, on: date) -> bool:
        """Whether a local date is a public holiday of the calendar's country or region."""
        if self.holiday_country is None:
            return False
        return on in public_holidays(self.holiday_country, self.holiday_subdivision, (on.year,))

    @cached_property
    def _week(self) -> tuple[tuple[Span, ...], ...]:
        return tuple(
            tuple((_since_midnight(opens), _since_midnight(closes)) for opens, closes in self.hours.get(day, ()))
            for day in DAYS
        )

    @cached_property
    def _hash(self) -> int:
        hours = tuple(self.hours.items())
        return hash((self.timezone, hours, self.holiday_country, self.holiday_subdivision, self.days_off))


@lru_cache(maxsize=1024)
def public_holidays(country: str, subdivision: str | None, years: tuple[int, ...]) -> frozenset[date]:
    """The public holidays of a country, and of one of its regions if given, in some years.

    Raises: NotImplementedError for a country or region that is not known.
    """
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years))


def _check_timezone(name: object) -> None:
    try:
        if not isinstance(name, str) or not name:
            raise ValueError
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidCalendar(
            "timezone", f"{name!r} is not a time zone", 'Use a name such as "Europe/Berlin"'
        ) from None


def _check_holidays(country: object, subdivision: object) -> None:
    if country is None and subdivision is None:
        return
    if country is None:
        raise InvalidCalendar("holiday_country", "is missing", "Name the country of the region, or remove the region")
    _check_known("holiday_country", country, None)
    if subdivision is not None:
        _check_known("holiday_subdivision", country, subdivision)


def _check_known(field: str, country: object, subdivision: object) -> None:
    code = country if subdivision is None else subdivision
    try:
        if not isinstance(country, str) or not isinstance(subdivision, str | None) or not code:
            raise NotImplementedError
        public_holidays(country, subdivision, (2024,))
    except NotImplementedError:
        raise InvalidCalendar(
            field, f"{code!r} is not known", 'Use an ISO 3166 code such as "DE", with a region such as "BE", or none'
        ) from None


def _ordered_hours(hours: Hours) -> Hours:
    for day in hours:
        if isinstance(day, bool) or day not in DAYS:
            raise InvalidCalendar(f"hours.{day}", "is not a weekday", "Use 0 for Monday to 6 for Sunday")
    ordered = {day: _ordered_windows(f"hours.{day}", hours[day]) for day in sorted(hours) if hours[day]}
    if not ordered:
        raise InvalidCalendar("hours", "are never open", "Give at least one weekday a window")
    return MappingProxyType(ordered)


def _ordered_windows(field: str, windows: Iterable[Window]) -> tuple[Window, ...]:
    ordered = tuple(sorted(_checked_window(field, window) for window in windows))
    for (_, closes), (opens, until) in itertools.pairwise(ordered):
        if opens < closes:
            raise InvalidCalendar(field, f"{opens} to {until} overlaps the window before it", f"Begin it at {closes}")
    return ordered


def _checked_window(field: str, window: object) -> Window:
    if not isinstance(window, list | tuple) or len(window) != 2:
        raise InvalidCalendar(field, f"{window!r} is not a window", 'Give start and end, as in ["09:00", "17:00"]')
    opens, closes = window
    _check_time(field, opens, r"([01]\d|2[0-3]):[0-5]\d", "00:00 to 23:59")
    _check_time(field, closes, r"([01]\d|2[0-3]):[0-5]\d|24:00", "00:01 to 24:00")
    if closes <= opens:
        raise InvalidCalendar(
            field, f"{opens} to {closes} ends before it begins", "Split a window at midnight, with 24:00 as its end"
        )
    return opens, closes


def _check_time(field: str, value: object, pattern: str, allowed: str) -> None:
    if not isinstance(value, str) or not fullmatch(pattern, value, ASCII):
        raise InvalidCalendar(field, f"{value!r} is not a time", f"Write it as HH:MM, {allowed}")


def _since_midnight(value: str) -> timedelta:
    return timedelta(hours=int(value[:2]), minutes=int(value[3:]))


def _hours_from_json(value: object) -> Hours:
    if not isinstance(value, Mapping):
        raise InvalidCalendar("hours", "are not an object", 'Write them as {"0": [["09:00", "17:00"]]}')
    for day, windows in value.items():
        if day not in {str(known) for known in DAYS}:
            raise InvalidCalendar(f"hours.{day}", "is not a weekday", 'Use "0" for Monday to "6" for Sunday')
        if not isinstance(windows, list | tuple):
            raise InvalidCalendar(f"hours.{day}", "is not a list", 'Write it as [["09:00", "17:00"]]')
    return {int(day): tuple(windows) for day, windows in value.items()}


def _days_from_json(value: object) -> frozenset[date]:
    if not isinstance(value, list | tuple):
        raise InvalidCalendar("days_off", "are not a list", 'Write them as ["2025-12-24"]')
    return frozenset(_day_from_json(day) for day in value)


def _day_from_json(value: object) -> date:
    try:
        if not isinstance(value, str):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidCalendar("days_off", f"{value!r} is not a date", 'Write it as "2025-12-24"') from None
