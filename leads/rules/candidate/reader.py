"""Taking single values out of a payload: types, lengths, characters, ranges."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from leads.rules import normalise
from leads.rules.candidate.parts import TEXT_LIMITS

TOLERATED_FUTURE: Final = timedelta(minutes=5)
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


def is_text(value: str) -> bool:
    """Whether a database can hold it: no NUL, no half of a surrogate pair."""
    return "\0" not in value and (value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value))


class Reader:
    """Takes values out of a payload and collects what is wrong with them."""

    def __init__(self, payload: Mapping[str, Any], at: datetime) -> None:
        self.payload = payload
        self.at = at
        self.problems: list[tuple[str, str]] = []

    def text(self, name: str, limit: int = 300) -> str:
        value = self.payload.get(name)
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            return self.refuse(name, "Send text.", "")
        if not is_text(value):
            return self.refuse(name, "Remove NUL and half characters (lone surrogates).", "")
        limit = TEXT_LIMITS.get(name, limit)
        if len(value) > limit:
            return self.refuse(name, f"Shorten it to {limit} characters.", "")
        return value.strip()

    def through(self, name: str, rule: Callable[[str], str], limit: int = 2000) -> str:
        """The text through a normalising rule, or blank if not given."""
        value = self.text(name, limit)
        if not value:
            return ""
        try:
            return rule(value)
        except normalise.InvalidValue as invalid:
            return self.refuse(name, invalid.message, "")

    def number(self, name: str, limit: int) -> int | None:
        value = self.payload.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
            return self.refuse(name, f"Send a whole number from 0 to {limit}.", None)
        return value

    def words(self, name: str, limit: int = 60, most: int = 50) -> tuple[str, ...]:
        value = self.payload.get(name)
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list) or len(value) > most or not all(isinstance(v, str) for v in value):
            return self.refuse(name, f"Send a list of at most {most} texts.", ())
        if any(len(v) > limit or not is_text(v) for v in value):
            return self.refuse(name, f"Shorten each entry to {limit} characters, without NUL.", ())
        return tuple(dict.fromkeys(v.strip() for v in value if v.strip()))

    def instant(self, name: str, source: Mapping[str, Any] | None = None, label: str | None = None) -> datetime | None:
        value = (self.payload if source is None else source).get(name)
        label = label or name
        if value is None or value == "":
            return None
        instant = value if isinstance(value, datetime) else _parsed(value)
        if instant is None:
            return self.refuse(label, "Send an ISO 8601 date and time with its zone, as 2026-03-01T09:30:00Z.", None)
        if instant > self.at + TOLERATED_FUTURE:
            return self.refuse(label, "This lies in the future. Send when it happened.", None)
        if instant < EARLIEST:
            return self.refuse(label, "This lies before 1990. Check the year.", None)
        return min(instant, self.at)

    def amount(self, name: str) -> Decimal | None:
        value = self.payload.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
                raise InvalidOperation
            amount = Decimal(str(value)).quantize(Decimal("0.01"))
            if not 0 <= amount < Decimal(10) ** 12:
                raise InvalidOperation
        except (InvalidOperation, ValueError):
            return self.refuse(name, "Send an amount from 0 to 999999999999.99.", None)
        return amount

    def choice(self, name: str, options: Sequence[str]) -> str:
        value = self.text(name).lower()
        if value and value not in options:
            return self.refuse(name, f"Send one of: {', '.join(options)}.", "")
        return value

    def refuse(self, name: str, message: str, nothing: Any) -> Any:
        self.problems.append((name, message))
        return nothing


def _parsed(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
