"""Reading a date and time as a person writes it: "tomorrow 10", "in 2 days", "fri 14:30", "2026-03-05 10:00"."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MORNING: Final = time(9)
"""The time of a day that was named without one."""
EXAMPLES: Final = "tomorrow 10, in 2 days, fri 14:30, or 2026-03-05 10:00"

_DAYS: Final = {"today": 0, "heute": 0, "tomorrow": 1, "tmr": 1, "morgen": 1, "day after tomorrow": 2, "übermorgen": 2}
_WEEKDAYS: Final = {
    name: day
    for day, names in enumerate(
        (
            "mon monday mo montag",
            "tue tues tuesday di dienstag",
            "wed wednesday mi mittwoch",
            "thu thur thurs thursday do donnerstag",
            "fri friday fr freitag",
            "sat saturday sa samstag",
            "sun sunday so sonntag",
        )
    )
    for name in names.split()
}
_MONTHS: Final = {
    name: month
    for month, names in enumerate(
        ["jan", "feb", "mar|mär|mae", "apr", "may|mai", "jun", "jul", "aug", "sep", "oct|okt", "nov", "dec|dez"],
        start=1,
    )
    for name in names.split("|")
}
_UNITS: Final = {"m": "minute", "h": "hour", "s": "hour", "d": "day", "t": "day", "w": "week"}
_TIME: Final = (
    r"(?:(?:at|um|@)\s*)?(?:(?P<noon>noon|mittags)"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?\s*(?:uhr|h|o'clock)?)"
)
_MAYBE_TIME: Final = rf"(?:[\s,]+{_TIME})?"
_RELATIVE: Final = re.compile(
    r"(?:in\s+)?(?P<n>\d{1,4}|an?|one|eine[rmn]?)\s*"
    r"(?P<unit>m|min|mins|minutes?|minuten?|h|hrs?|hours?|stunden?|d|days?|tag|tagen?|w|weeks?|wochen?|months?|monate?n?)"
    + _MAYBE_TIME
)
_DAY: Final = re.compile(rf"(?P<day>{'|'.join(sorted(_DAYS, key=len, reverse=True))}){_MAYBE_TIME}")
_WEEKDAY: Final = re.compile(rf"(?:(?P<next>next|nächsten?)\s+)?(?:on\s+|am\s+)?(?P<name>[a-z]+){_MAYBE_TIME}")
_ISO: Final = re.compile(rf"(?P<on>\d{{4}}-\d\d-\d\d){_MAYBE_TIME}")
_DOTTED: Final = re.compile(rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.(?:\s?(?P<y>\d{{4}}))?{_MAYBE_TIME}")
_DAY_MONTH: Final = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<name>[a-zäöü]{{3,9}})\.?(?:\s+(?P<y>\d{{4}}))?{_MAYBE_TIME}"
)
_MONTH_DAY: Final = re.compile(
    rf"(?P<name>[a-zäöü]{{3,9}})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{{4}}))?(?:[\s,]+at\s|,)?{_MAYBE_TIME}"
)
_CLOCK: Final = re.compile(_TIME)


class UnreadableWhen(ValueError):
    """The text names no instant; the message says how to write one."""

    def __init__(self) -> None:
        super().__init__(f"This is no date that we can read. Write for example {EXAMPLES}.")


def parse(text: str, *, at: datetime, zone: ZoneInfo) -> datetime:
    """The instant (aware UTC) that the text means to somebody in `zone` at the instant `at`.

    A day without a time is its morning, 9:00; a time without a day is its next occurrence; a weekday, or a date without
    a year, is the next one to come. What the wall clock skips moves on by as much; what it shows twice is the first.
    It may lie in the past where the text says so. Raises: UnreadableWhen.
    """
    words = " ".join(text.casefold().split())
    here = at.astimezone(zone).replace(tzinfo=None)
    try:
        for read in (_stamp, _relative, _named, _weekday, _dated, _clock):
            found = read(words, here)
            if isinstance(found, timedelta):
                return at.astimezone(UTC) + found
            if found is not None:
                return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableWhen from None
    raise UnreadableWhen


def _stamp(words: str, here: datetime) -> datetime | None:
    """What a browser's date field or a program writes."""
    if match := _ISO.fullmatch(words):
        return datetime.combine(date.fromisoformat(match["on"]), _time_of(match))
    if re.match(r"\d{4}-\d\d-\d\d[t ]\d\d", words):
        return datetime.fromisoformat(words.upper())
    return None


def _relative(words: str, here: datetime) -> datetime | timedelta | None:
    match = _RELATIVE.fullmatch(words)
    if match is None or (not words.startswith("in ") and not match["n"].isdigit()):
        return None
    count = int(match["n"]) if match["n"].isdigit() else 1
    if match["unit"].startswith("mo"):
        return _at_time(match, _months_on(here, count))
    unit = _UNITS[match["unit"][0]]
    if unit in ("minute", "hour"):
        return None if _has_time(match) else timedelta(**{f"{unit}s": count})
    return _at_time(match, here + timedelta(days=count * (7 if unit == "week" else 1)))


def _named(words: str, here: datetime) -> datetime | None:
    if match := _DAY.fullmatch(words):
        return datetime.combine(here.date() + timedelta(days=_DAYS[match["day"]]), _time_of(match))
    return None


def _weekday(words: str, here: datetime) -> datetime | None:
    match = _WEEKDAY.fullmatch(words)
    if match is None or match["name"] not in _WEEKDAYS:
        return None
    days = (_WEEKDAYS[match["name"]] - here.weekday()) % 7
    found = datetime.combine(here.date() + timedelta(days=days), _time_of(match))
    is_past = found <= here or (match["next"] and days == 0)
    return found + timedelta(days=7) if is_past else found


def _dated(words: str, here: datetime) -> datetime | None:
    for pattern in (_DOTTED, _DAY_MONTH, _MONTH_DAY):
        match = pattern.fullmatch(words)
        month = _month(match) if match else None
        if match and month:
            return _in_year(match, int(match["d"]), month, here)
    return None


def _month(match: re.Match[str]) -> int | None:
    named = match.groupdict().get("name")
    return _MONTHS.get(named[:3]) if named else int(match["m"])


def _in_year(match: re.Match[str], day: int, month: int, here: datetime) -> datetime:
    if match["y"]:
        return datetime.combine(date(int(match["y"]), month, day), _time_of(match))
    for year in range(here.year, here.year + 9):  # 29 February comes at least every eighth year
        if (month, day) == (2, 29) and not _is_leap(year):
            continue
        found = datetime.combine(date(year, month, day), _time_of(match))
        if found > here:
            return found
    raise UnreadableWhen


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _clock(words: str, here: datetime) -> datetime | None:
    match = _CLOCK.fullmatch(words)
    if match is None:
        return None
    found = datetime.combine(here.date(), _time_of(match))
    return found if found > here else found + timedelta(days=1)


def _has_time(match: re.Match[str]) -> bool:
    return bool(match["noon"] or match["hour"])


def _time_of(match: re.Match[str]) -> time:
    if match["noon"]:
        return time(12)
    if not match["hour"]:
        return MORNING
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise UnreadableWhen
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    return time(hour, minute)


def _at_time(match: re.Match[str], day: datetime) -> datetime:
    return datetime.combine(day.date(), _time_of(match)) if _has_time(match) else day


def _months_on(here: datetime, count: int) -> datetime:
    years, month = divmod(here.month - 1 + count, 12)
    last = (date(here.year + years + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return here.replace(year=here.year + years, month=month + 1, day=min(here.day, last))
