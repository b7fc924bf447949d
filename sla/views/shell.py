"""What the frame of every page shows of the clocks."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sla.queries import health, running
from sla.queries import hours as working

HOURS_SECONDS = 60  # how old the words about working hours may be


def late_count(request: HttpRequest) -> tuple[int, bool]:
    """For the navigation: how many clocks are late; always urgent."""
    return running.late_count(request.now), True  # type: ignore[attr-defined]


def clock_late_since(request: HttpRequest) -> datetime | None:
    """For the banner: since when the clock itself is late; None while it is on time."""
    return health.late_since(request.now)  # type: ignore[attr-defined]


def working_hours(request: HttpRequest) -> str:
    """For the queue's head: "Working hours until 18:00, Berlin." """
    key = f"working-hours:{request.workspace.public_id}"  # type: ignore[attr-defined]
    now: datetime = request.now  # type: ignore[attr-defined]
    found: working.Hours | None = cache.get(key)
    if found is None or (found.until and found.until <= now):
        found = working.hours(now)
        cache.set(key, found, HOURS_SECONDS)
    return _in_words(found, now)


def _in_words(found: working.Hours, now: datetime) -> str:
    if found.until is None:
        return _("Working hours around the clock.") if found.is_open else ""
    is_near = found.until - now < timedelta(hours=12)
    words = {"until": date_format(found.until, "H:i" if is_near else "D H:i"), "city": found.city}
    if found.is_open:
        return _("Working hours until %(until)s, %(city)s.") % words
    return _("Outside working hours until %(until)s, %(city)s.") % words
