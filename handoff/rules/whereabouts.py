"""What time it is where the buyer is."""

from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as phone_zones


def zone_of(timezone: str, phone: str | None) -> ZoneInfo | None:
    """The buyer's zone: as told, else that of the phone number (E.164) where it belongs to one only; None if unknown."""
    if timezone:
        try:
            return ZoneInfo(timezone)
        except (KeyError, ValueError, OSError):
            return None
    return _zone_of_phone(phone) if phone else None


def _zone_of_phone(phone: str) -> ZoneInfo | None:
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(phone))
        return ZoneInfo(zones[0]) if len(zones) == 1 else None
    except (phonenumbers.NumberParseException, KeyError, ValueError, OSError):
        return None
