"""Working hours, as the queue tells them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.queries import agreement as agreements
from sla.rules import business_time

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Hours:
    """Whether business time passes, until when that holds (wall clock of the calendar's zone; None: beyond two weeks),
    and the zone's city."""

    is_open: bool
    until: datetime | None
    city: str


def hours(at: datetime) -> Hours:
    """The working hours around an instant, by the Agreement in force."""
    calendar = agreements.terms(agreements.in_force(at)).calendar
    is_open = business_time.is_open(calendar, at)
    first = next(business_time.open_intervals(calendar, at, at + AHEAD), None)
    until = first[is_open] if first else None
    if until is not None and until >= at + AHEAD:
        until = None
    city = calendar.timezone.rpartition("/")[2].replace("_", " ")
    return Hours(is_open, until and until.astimezone(calendar.zone), city)
