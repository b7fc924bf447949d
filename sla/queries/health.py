"""Is the clock itself on time?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection, connections

from quotarider import tenancy

BEAT_LASTS = timedelta(seconds=15)

ALL = """
SELECT (SELECT extract(epoch FROM app_now() - max(beat_at)) FROM sla_heartbeat),
       (SELECT extract(epoch FROM app_now() - next_step_at) FROM sla_clock
         WHERE met_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL AND next_step_at < app_now()
         ORDER BY next_step_at LIMIT 1)
"""
OWN = """
SELECT (SELECT max(beat_at) FROM sla_heartbeat),
       (SELECT next_step_at FROM sla_clock
         WHERE workspace_id = %s AND met_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL
           AND next_step_at < %s ORDER BY next_step_at LIMIT 1)
"""


@dataclass(frozen=True)
class Health:
    """Seconds since the newest heartbeat (None: there never was one) and by which the oldest step is overdue."""

    is_reachable: bool
    beat_age: float | None = None
    overdue: float = 0

    @property
    def is_well(self) -> bool:
        """A heart beats, and no step is overdue by more than the alarm allows."""
        beats = self.beat_age is not None and self.beat_age < BEAT_LASTS.total_seconds()
        return self.is_reachable and beats and self.overdue <= settings.DEADLINE_LAG_ALARM_SECONDS


def health() -> Health:
    """Over all workspaces, as the clock role; unreachable where the database does not answer."""
    try:
        with connections["clock"].cursor() as cursor:
            cursor.execute(ALL)
            beat_age, overdue = cursor.fetchone()
    except Error:
        return Health(is_reachable=False)
    return Health(True, None if beat_age is None else float(beat_age), float(overdue or 0))


def late_since(at: datetime) -> datetime | None:
    """Since when the clock is late, as the workspace in scope sees it: a step is overdue, or no heart beats any more.

    None while it is on time; also where no driver ever ran and nothing is overdue.
    """
    alarm = at - timedelta(seconds=settings.DEADLINE_LAG_ALARM_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(OWN, [tenancy.current().workspace_id, alarm])
        beat_at, overdue_since = cursor.fetchone()
    if overdue_since is not None:
        return overdue_since
    return beat_at if beat_at is not None and at - beat_at > BEAT_LASTS else None
