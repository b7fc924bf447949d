"""Business time: how much of it passed between two instants, and by which instant some of it will have passed.

An instant is open when the wall clock of the calendar's zone shows a time inside a window of the local date, and
no absence covers it. Nothing else is assumed about days, so that every change of the clocks is right by itself:
what the clock skips is never open, what it shows twice is open twice, a date that a zone leaves out does not exist.

Days are worked out once, by the date in UTC: in that order intervals never overlap, whatever the local clock does.
All instants are aware; those that come out are UTC. All intervals are half-open.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sla.rules.calendar import Calendar

Interval = tuple[datetime, datetime]
Absences = tuple[Interval, ...]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ZERO = timedelta(0)
HORIZON = timedelta(days=3 * 366)


class NoOpenTime(ValueError):
    """Not enough business time within the horizon of three years: the calendar or an absence leaves too little."""


def open_intervals(calendar: Calendar, start: datetime, until: datetime, absences: Absences = ()) -> Iterator[Interval]:
    """The open intervals between two instants in order, in UTC, as long as they can be.

    `absences` are intervals in which the member is away, in any order; one that does not end after it begins
    covers nothing. Yields nothing when `until` is not after `start`.
    """
    return _joined(_open_pieces(calendar, _utc(start), _utc(until), absences))


def deadline(calendar: Calendar, start: datetime, business: timedelta, absences: Absences = ()) -> datetime:
    """The earliest instant, in UTC, by which `business` time has passed since `start`.

    So a promise that is used up at closing time is due at closing time, not at the next opening; and no business
    time at all has passed at `start` itself, be it open or not.

    Raises: NoOpenTime when that instant is not within three years; ValueError for a negative duration.
    """
    if business < ZERO:
        raise ValueError(f"business time cannot be negative: {business}")
    start = _utc(start)
    if business == ZERO:
        return start
    missing = business
    for opens, closes in _open_pieces(calendar, start, start + HORIZON, absences):
        if missing <= closes - opens:
            return opens + missing
        missing -= closes - opens
    raise NoOpenTime(f"{business} of business time do not pass within {HORIZON.days} days of {start}")


def elapsed(calendar: Calendar, start: datetime, end: datetime, absences: Absences = ()) -> timedelta:
    """The business time between two instants; negative when `end` is before `start`."""
    start, end = _utc(start), _utc(end)
    if end < start:
        return -elapsed(calendar, end, start, absences)
    return sum((closes - opens for opens, closes in _open_pieces(calendar, start, end, absences)), ZERO)


def is_open(calendar: Calendar, at: datetime, absences: Absences = ()) -> bool:
    """Whether business time passes at an instant; at closing time it no longer does."""
    at = _utc(at)
    if any(begin <= at < end for begin, end in absences):
        return False
    return any(opens <= at < closes for opens, closes in _open_on(calendar, at.toordinal()))


def next_opening(calendar: Calendar, at: datetime, absences: Absences = ()) -> datetime:
    """The earliest open instant that is not before `at`, in UTC: `at` itself when it is open.

    Raises: NoOpenTime when there is none within three years.
    """
    at = _utc(at)
    for opens, _ in _open_pieces(calendar, at, at + HORIZON, absences):
        return opens
    raise NoOpenTime(f"nothing opens within {HORIZON.days} days of {at}")


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {instant}")
    return instant.astimezone(UTC)


def _open_pieces(calendar: Calendar, start: datetime, until: datetime, absences: Absences) -> Iterator[Interval]:
    """Open intervals in order, cut at midnight UTC: lazy, so that a short search ends on its first day."""
    pieces = _clipped(calendar, start, until)
    return _without(pieces, absences) if absences else pieces


def _clipped(calendar: Calendar, start: datetime, until: datetime) -> Iterator[Interval]:
    if until <= start:
        return
    for ordinal in range(start.toordinal(), until.toordinal() + 1):
        for opens, closes in _open_on(calendar, ordinal):
            if start < closes and opens < until:
                yield max(opens, start), min(closes, until)


def _without(pieces: Iterator[Interval], absences: Absences) -> Iterator[Interval]:
    away = sorted((_utc(begin), _utc(end)) for begin, end in absences if begin < end)
    for piece in pieces:
        opens, closes = piece
        for begin, end in away:
            if end <= opens:
                continue
            if closes <= begin:
                break
            if opens < begin:
                yield opens, begin
            opens = end
        if opens < closes:
            yield opens, closes


def _joined(pieces: Iterator[Interval]) -> Iterator[Interval]:
    """The same instants, with intervals that touch made one."""
    held: Interval | None = None
    for piece in pieces:
        if held is None:
            held = piece
        elif held[1] == piece[0]:
            held = held[0], piece[1]
        else:
            yield held
            held = piece
    if held is not None:
        yield held


@lru_cache(maxsize=16_384)
def _open_on(calendar: Calendar, ordinal: int) -> tuple[Interval, ...]:
    """The open intervals of a date in UTC, before absences."""
    midnight = _midnight(ordinal)
    return tuple(
        _joined(
            interval
            for begin, end, offset in _stretches(calendar.zone, midnight, midnight + DAY)
            for interval in _windows_in(calendar, begin, end, offset)
        )
    )


def _stretches(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Split an interval of whole seconds where the zone changes its offset from UTC.

    Looks inside only when the ends differ: no zone has changed there and back within a day.
    """
    offset = _offset(zone, begin)
    while offset != _offset(zone, end - SECOND):
        seconds = range((end - begin) // SECOND)
        change = begin + SECOND * bisect_left(seconds, True, key=lambda n: _offset(zone, begin + n * SECOND) != offset)
        yield begin, change, offset
        begin, offset = change, _offset(zone, change)
    yield begin, end, offset


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or ZERO


def _windows_in(calendar: Calendar, begin: datetime, end: datetime, offset: timedelta) -> Iterator[Interval]:
    """The open intervals of a stretch in which the wall clock runs evenly."""
    for ordinal in range((begin + offset).toordinal(), (end + offset).toordinal() + 1):
        midnight = _midnight(ordinal) - offset
        for opens, closes in calendar.spans_on(date.fromordinal(ordinal)):
            piece = max(midnight + opens, begin), min(midnight + closes, end)
            if piece[0] < piece[1]:
                yield piece


def _midnight(ordinal: int) -> datetime:
    return datetime.combine(date.fromordinal(ordinal), time.min, UTC)
