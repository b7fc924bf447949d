"""Single cells: instants and amounts as people and programs write them, and text made safe for a spreadsheet."""

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final

from leads.rules.normalise import InvalidValue

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199
MAX_DIGITS: Final = 15
_CELL_MAX: Final = 64

_TIME: Final = (
    r"(?:(?:[Tt]|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_YEAR_FIRST: Final = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME)
_COMPACT: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + _TIME)
_DOTTED: Final = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _TIME)
_EITHER: Final = re.compile(r"(?P<first>\d{1,2})[/-](?P<last>\d{1,2})[/-](?P<year>\d{4})" + _TIME)
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")

# Currency codes and signs; never a multiplier such as k, Mio or TSD, which would change the amount.
_UNIT: Final = (
    r"(?:(?!MIO|MRD|TSD|MIL)[A-Z]{3}|eur|usd|gbp|chf|brl|(?:US|AU|CA|NZ|HK|R|A|C|S)?\$|kr\.?|zł|Kč|Ft|lei|Fr\.?|Rs\.?"
    r"|[€£¥₹₽₩₺₴₪฿₫₦₱¢])?"
)
_AMOUNT: Final = re.compile(rf"(?P<sign>[+-]?)\s*{_UNIT}\s*(?P<inner>[+-]?)\s*(?P<number>[0-9][0-9.,' ]*?)\s*{_UNIT}")
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}([.,' ])\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def parse_instant(text: str, tz: tzinfo, field: str = "instant") -> datetime:
    """The aware UTC instant of a date or date with time; without an offset of its own it is read in `tz`.

    A date alone is its first moment. 10- and 13-digit numbers are Unix seconds and milliseconds. Raises: InvalidValue,
    also for a date whose day and month could be either way round.
    """
    cell = text.strip()
    if len(cell) > _CELL_MAX or not cell.isascii():
        raise _not_a_date(field)
    if _EPOCH.fullmatch(cell):
        return datetime.fromtimestamp(int(cell[:10]), UTC).replace(microsecond=int(cell[10:] or 0) * 1000)
    try:
        found = _instant(cell, tz, field).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise problem if isinstance(problem, InvalidValue) else _not_a_date(field) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise InvalidValue(field, f"The year {found.year} can't be right. Correct it.")
    return found


def parse_amount(text: str, field: str = "amount") -> Decimal:
    """The exact amount, without its currency: `1.234,56`, `1,234.56`, `€ 1 200`, `R$ 10`, `(5)` for -5.

    A single separator before three digits groups thousands (`1.234` and `1,234` are 1234), unless a 0 leads. Raises: InvalidValue.
    """
    cell = _plain(text)
    negative = cell.startswith("(") and cell.endswith(")")
    found = _AMOUNT.fullmatch(cell[1:-1].strip() if negative else cell) if len(cell) <= _CELL_MAX else None
    number = _number(found["number"]) if found and not (found["sign"] and found["inner"]) else None
    if found is None or number is None:
        raise InvalidValue(field, "Not an amount. Write it like 1234.56.")
    if len(number.as_tuple().digits) > MAX_DIGITS:
        raise InvalidValue(field, f"More than {MAX_DIGITS} digits. Correct it.")
    return -number if negative or "-" in (found["sign"], found["inner"]) else number


def guard_formula(text: str) -> str:
    """The text as a spreadsheet shows it instead of running it: one that starts like a formula gets a `'` in front.

    Source: OWASP, CSV Injection.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _not_a_date(field: str) -> InvalidValue:
    return InvalidValue(field, "Not a date. Write it like 2026-05-31 or 2026-05-31 14:30.")


def _instant(cell: str, tz: tzinfo, field: str) -> datetime:
    """Raises: ValueError where no such moment exists, InvalidValue where two readings do."""
    found = _YEAR_FIRST.fullmatch(cell) or _COMPACT.fullmatch(cell) or _DOTTED.fullmatch(cell)
    if found:
        return _moment(found, int(found["month"]), int(found["day"]), tz)
    either = _EITHER.fullmatch(cell)
    if not either:
        raise _not_a_date(field)
    first, last = int(either["first"]), int(either["last"])
    if first <= 12 and last <= 12 and first != last:
        raise InvalidValue(field, f"{first}/{last} can be read two ways. Write the date like 2026-05-31.")
    return _moment(either, min(first, last), max(first, last), tz)


def _moment(found: re.Match[str], month: int, day: int, tz: tzinfo) -> datetime:
    hour = _hour(int(found["hour"] or 0), (found["half"] or "").lower().replace(".", ""))
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    zone = _zone(found["zone"]) if found["zone"] else tz
    year, minute, second = int(found["year"]), int(found["minute"] or 0), int(found["second"] or 0)
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)


def _hour(hour: int, half: str) -> int:
    """The hour of 24. Raises: ValueError for an hour that a 12-hour clock doesn't have."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)


def _zone(text: str) -> tzinfo | None:
    if text[0] not in "+-":
        return UTC
    return datetime.strptime(text.replace(":", "").ljust(5, "0"), "%z").tzinfo


def _plain(text: str) -> str:
    """Unusual minus signs, apostrophes and spaces in their plain form."""
    spaced = "".join(" " if char.isspace() else char for char in text.strip())
    return spaced.translate({ord("−"): "-", ord("–"): "-", ord("’"): "'"})


def _number(written: str) -> Decimal | None:
    """The number in a run of digits and separators; None where these don't make sense."""
    whole, decimals = written, ""
    cut = max(written.rfind("."), written.rfind(","))
    if cut >= 0 and not _GROUPED.fullmatch(written):
        whole, decimals = written[:cut], written[cut + 1 :]
        if not decimals.isdigit() or written[cut] in whole:
            return None
    if not whole.isdigit() and not _GROUPED.fullmatch(whole):
        return None
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{decimals}" if decimals else digits)
