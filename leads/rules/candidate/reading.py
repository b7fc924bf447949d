"""Reading a payload, whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leads.rules import normalise
from leads.rules.candidate.parts import MAX_TOUCHPOINTS, OUTCOMES, Candidate, InvalidLead, SentTouchpoint
from leads.rules.candidate.reader import Reader, is_text
from leads.rules.definition import facts as known_facts


def read(payload: object, *, default_country: str, at: datetime) -> Candidate:
    """Checks and normalises one payload (flat JSON object). Unknown names are ignored; the raw payload is kept elsewhere.

    Raises: InvalidLead with every problem found.
    """
    if not isinstance(payload, Mapping):
        raise InvalidLead([("", "Send one JSON object per lead.")])
    reader = Reader(payload, at)
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


def _phone(reader: Reader, country: str) -> tuple[str, str | None]:
    given = reader.text("phone", 60)
    if not given:
        return "", None
    try:
        return given, normalise.phone(given, country or None)
    except normalise.InvalidValue as invalid:
        # a local number without a country can still be dialled by a person: kept, not compared
        if _is_dialled(given):
            return given, None
        return reader.refuse("phone", invalid.message, ("", None))


def _is_dialled(text: str) -> bool:
    digits = [char for char in text if char in "0123456789"]
    is_plain = all(char in "0123456789 ()/.-+" for char in text) and text[0] not in "-."
    return is_plain and len(digits) >= 5 and len(set(digits)) > 1


def _full_name(reader: Reader) -> str:
    full = reader.through("full_name", normalise.name)
    parts = [reader.through("first_name", normalise.name), reader.through("last_name", normalise.name)]
    return full or " ".join(part for part in parts if part)


def _zone(reader: Reader) -> str:
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


def _touchpoints(reader: Reader) -> tuple[SentTouchpoint, ...]:
    sent = reader.payload.get("touchpoints")
    if sent is None:
        return ()
    if not isinstance(sent, list) or len(sent) > MAX_TOUCHPOINTS:
        return reader.refuse("touchpoints", f"Send a list of at most {MAX_TOUCHPOINTS} touchpoints.", ())
    found = (touchpoint(item, reader, f"touchpoints[{place}].") for place, item in enumerate(sent))
    return tuple(one for one in found if one is not None)


def touchpoint(item: object, reader: Reader, path: str = "") -> SentTouchpoint | None:
    """One touchpoint out of a payload; problems go to the reader under `path`."""
    if not isinstance(item, Mapping):
        return reader.refuse(path.rstrip("."), "Send one JSON object per touchpoint.", None)
    kind = item.get("kind")
    if kind not in known_facts.SIGNAL_KINDS:
        return reader.refuse(f"{path}kind", f"Send one of: {', '.join(known_facts.SIGNAL_KINDS)}.", None)
    texts: dict[str, str] = {}
    for name, limit in (("asset", 200), ("detail", 300), ("campaign", 120), ("external_id", 200)):
        value = "" if item.get(name) is None else item[name]
        if not isinstance(value, str) or len(value) > limit or not is_text(value):
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


def _check_whole(candidate: Candidate, reader: Reader) -> None:
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
    reader = Reader(payload if isinstance(payload, Mapping) else {}, at)
    found = touchpoint(payload, reader)
    if reader.problems or found is None:
        raise InvalidLead(reader.problems or [("", "Send one JSON object per touchpoint.")])
    return found
