"""What the frame of every page shows of the clocks."""

from datetime import datetime

from django.http import HttpRequest

from sla.queries import health, running


def late_count(request: HttpRequest) -> tuple[int, bool]:
    """For the navigation: how many clocks are late; always urgent."""
    return running.late_count(request.now), True  # type: ignore[attr-defined]


def clock_late_since(request: HttpRequest) -> datetime | None:
    """For the banner: since when the clock itself is late; None while it is on time."""
    return health.late_since(request.now)  # type: ignore[attr-defined]
