"""One lead as sent, checked and normalised, whatever door it came through."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from leads.rules import normalise
from leads.rules.definition import facts as known_facts

TOLERATED_FUTURE: Final = timedelta(minutes=5)
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
OUTCOMES: Final = ("won", "lost", "unknown")
MAX_TOUCHPOINTS: Final = 200

TEXT_LIMITS: Final[dict[str, int]] = {
    "external_id": 200,
    "first_name": 100,
    "last_name": 100,
    "title": 200,
    "seniority": 60,
    "department": 60,
    "timezone": 64,
    "industry": 100,
    "growth_stage": 60,
    "campaign": 120,
    "channel": 60,
    "asset": 200,
    "utm_source": 120,
    "utm_medium": 120,
    "utm_campaign": 120,
    "note": 4000,
    "lost_reason": 80,
}


class InvalidLead(ValueError):
    """What is wrong with a lead as sent: (field, what to do) pairs, all of them at once."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class SentTouchpoint:
    """One engagement as sent. `occurred_at` is aware UTC."""

    kind: str
    occurred_at: datetime
    asset: str = ""
    detail: str = ""
    campaign: str = ""
    external_id: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A readable lead. Blank text, None and empty tuples mean not given; `*_norm` are the comparison forms."""

    external_id: str | None = None
    email: str = ""
    email_norm: str | None = None
    phone: str = ""
    phone_norm: str | None = None
    full_name: str = ""
    title: str = ""
    seniority: str = ""
    department: str = ""
    country: str = ""
    timezone: str = ""
    company_name: str = ""
    domain: str | None = None
    employees: int | None = None
    industry: str = ""
    technologies: tuple[str, ...] = ()
    growth_stage: str = ""
    revenue: int | None = None
    campaign: str = ""
    channel: str = ""
    asset: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    trigger_events: tuple[str, ...] = ()
    note: str = ""
    arrived_at: datetime | None = None
    outcome: str = ""
    ended_at: datetime | None = None
    amount: Decimal | None = None
    lost_reason: str = ""
    touchpoints: tuple[SentTouchpoint, ...] = field(default=())


class _Reader:
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
        if "\x00" in value:
            return self.refuse(name, "Remove the NUL character.", "")
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
        if any(len(v) > limit or "\x00" in v for v in value):
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


def read(payload: object, *, default_country: str, at: datetime) -> Candidate:
    """Checks and normalises one payload (flat JSON object). Unknown names are ignored; the raw payload is kept elsewhere.

    Raises: InvalidLead with every problem found.
    """
    if not isinstance(payload, Mapping):
        raise InvalidLead([("", "Send one JSON object per lead.")])
    reader = _Reader(payload, at)
    country = reader.through("country", normalise.country)
    email = reader.text("email", 254)
    email_norm = reader.through("email", normalise.email) or None
    phone, phone_norm = _phone(reader, country or default_country)
    outcome = reader.choice("outcome", OUTCOMES)
    candidate = Candidate(
        external_id=reader.text("external_id") or None,
        email=email,
        email_norm=email_norm,
        phone=phone,
        phone_norm=phone_norm,
        full_name=_full_name(reader),
        title=reader.text("title"),
        seniority=reader.text("seniority"),
        department=reader.text("department"),
        country=country,
        timezone=_zone(reader),
        company_name=reader.through("company_name", normalise.company_name),
        domain=reader.through("domain", normalise.domain) or _domain_of(email_norm),
        employees=reader.number("employees", 10_000_000),
        industry=reader.text("industry"),
        technologies=reader.words("technologies"),
        growth_stage=reader.text("growth_stage"),
        revenue=reader.number("revenue", 10**15),
        campaign=reader.text("campaign"),
        channel=reader.text("channel"),
        asset=reader.text("asset"),
        utm_source=reader.text("utm_source"),
        utm_medium=reader.text("utm_medium"),
        utm_campaign=reader.text("utm_campaign"),
        trigger_events=reader.words("trigger_events", 80),
        note=reader.text("note"),
        arrived_at=reader.instant("arrived_at"),
        outcome=outcome or _implied_outcome(payload),
        ended_at=reader.instant("won_at") or reader.instant("lost_at"),
        amount=reader.amount("amount"),
        lost_reason=reader.text("lost_reason"),
        touchpoints=_touchpoints(reader),
    )
    _check_whole(candidate, reader)
    if reader.problems:
        raise InvalidLead(reader.problems)
    return candidate


def _phone(reader: _Reader, country: str) -> tuple[str, str | None]:
    given = reader.text("phone", 60)
    if not given:
        return "", None
    try:
        return given, normalise.phone(given, country or None)
    except normalise.InvalidValue as invalid:
        # a local number without a country can still be dialled by a person: kept, not compared
        if (
            sum(c.isdigit() for c in given) >= 5
            and all(c in "0123456789 ()/.-+" for c in given)
            and given[0] not in "-."
        ):
            return given, None
        return reader.refuse("phone", invalid.message, ("", None))


def _full_name(reader: _Reader) -> str:
    full = reader.through("full_name", normalise.name)
    parts = [reader.through("first_name", normalise.name), reader.through("last_name", normalise.name)]
    return full or " ".join(part for part in parts if part)


def _zone(reader: _Reader) -> str:
    zone = reader.text("timezone")
    if zone and not all(c.isalnum() or c in "_+-/" for c in zone):
        return reader.refuse("timezone", "Send an IANA time zone, as Europe/Berlin.", "")
    return zone


def _domain_of(email_norm: str | None) -> str | None:
    return normalise.company_domain(email_norm) if email_norm else None


def _implied_outcome(payload: Mapping[str, Any]) -> str:
    if payload.get("won_at"):
        return "won"
    return "lost" if payload.get("lost_at") or payload.get("lost_reason") else ""


def _touchpoints(reader: _Reader) -> tuple[SentTouchpoint, ...]:
    sent = reader.payload.get("touchpoints")
    if sent is None:
        return ()
    if not isinstance(sent, list) or len(sent) > MAX_TOUCHPOINTS:
        return reader.refuse("touchpoints", f"Send a list of at most {MAX_TOUCHPOINTS} touchpoints.", ())
    found = (touchpoint(item, reader, f"touchpoints[{place}].") for place, item in enumerate(sent))
    return tuple(one for one in found if one is not None)


def touchpoint(item: object, reader: _Reader, path: str = "") -> SentTouchpoint | None:
    """One touchpoint out of a payload; problems go to the reader under `path`."""
    if not isinstance(item, Mapping):
        return reader.refuse(path.rstrip("."), "Send one JSON object per touchpoint.", None)
    kind = item.get("kind")
    if kind not in known_facts.SIGNAL_KINDS:
        return reader.refuse(f"{path}kind", f"Send one of: {', '.join(known_facts.SIGNAL_KINDS)}.", None)
    texts: dict[str, str] = {}
    for name, limit in (("asset", 200), ("detail", 300), ("campaign", 120), ("external_id", 200)):
        value = item.get(name) or ""
        if not isinstance(value, str) or len(value) > limit or "\x00" in value:
            reader.refuse(f"{path}{name}", f"Send text of at most {limit} characters, without NUL.", None)
            value = ""
        texts[name] = value.strip()
    occurred_at = reader.instant("occurred_at", item, f"{path}occurred_at")
    return SentTouchpoint(
        kind=kind,
        occurred_at=occurred_at or reader.at,
        asset=texts["asset"],
        detail=texts["detail"],
        campaign=texts["campaign"],
        external_id=texts["external_id"] or None,
    )


def _check_whole(candidate: Candidate, reader: _Reader) -> None:
    refused = {name for name, _ in reader.problems}
    if not (candidate.email or candidate.phone or candidate.external_id) and not refused & {
        "email",
        "phone",
        "external_id",
    }:
        reader.refuse("email", "Send at least an e-mail address, a phone number or an external_id.", None)
    if candidate.outcome == "lost" and not candidate.lost_reason and "lost_reason" not in refused:
        reader.refuse("lost_reason", "A lost lead needs its reason: send its text or category.", None)
    started, ended = candidate.arrived_at, candidate.ended_at
    if started and ended and ended < started:
        reader.refuse("won_at" if candidate.outcome == "won" else "lost_at", "This lies before the lead arrived.", None)


def read_touchpoint(payload: object, *, at: datetime) -> SentTouchpoint:
    """Checks one touchpoint sent by itself. Raises: InvalidLead."""
    reader = _Reader(payload if isinstance(payload, Mapping) else {}, at)
    found = touchpoint(payload, reader)
    if reader.problems or found is None:
        raise InvalidLead(reader.problems or [("", "Send one JSON object per touchpoint.")])
    return found
