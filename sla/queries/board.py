"""The SLA board: figures of a period, computed in the database from stored instants, so that no sweep can bend them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from handoff.models import Seat, Team
from leads.rules import states
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member

BUCKETS = (300, 900, 3600, 14_400)  # business seconds: up to 5 min, 15 min, 1 h, 4 h, and longer

LEDGER = "SELECT state, count(*) FROM leads_lead WHERE workspace_id = %s GROUP BY state"
FIRST_TOUCHES = """
WITH owed AS (
    SELECT owner_id, taken_seconds, met_at, extract(epoch FROM met_at - started_at) AS wall_seconds,
           coalesce(met_at, cancelled_at, %(now)s) > due_at AS is_late,
           extract(isodow FROM (due_at - interval '1 microsecond') AT TIME ZONE %(zone)s)::int AS weekday,
           extract(hour FROM (due_at - interval '1 microsecond') AT TIME ZONE %(zone)s)::int AS hour
      FROM sla_clock
     WHERE workspace_id = %(workspace)s AND kind = 'first_touch' AND started_at >= %(since)s AND started_at <= %(now)s
       AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))
)
SELECT owner_id, weekday, hour,
       count(*) FILTER (WHERE met_at IS NOT NULL OR is_late),
       count(*) FILTER (WHERE met_at IS NOT NULL AND NOT is_late),
       percentile_cont(ARRAY[.5, .9]) WITHIN GROUP (ORDER BY taken_seconds),
       percentile_cont(ARRAY[.5, .9]) WITHIN GROUP (ORDER BY wall_seconds),
       ARRAY[
           count(*) FILTER (WHERE taken_seconds <= 300),
           count(*) FILTER (WHERE taken_seconds > 300 AND taken_seconds <= 900),
           count(*) FILTER (WHERE taken_seconds > 900 AND taken_seconds <= 3600),
           count(*) FILTER (WHERE taken_seconds > 3600 AND taken_seconds <= 14400),
           count(*) FILTER (WHERE taken_seconds > 14400)]::int[]
  FROM owed GROUP BY GROUPING SETS ((), (owner_id), (weekday, hour))
"""
WORKLOADS = """
SELECT owner_id, sum(given)::int, sum(open)::int, sum(late)::int FROM (
    SELECT owner_id, count(*) AS given, 0 AS open, 0 AS late FROM handoff_handoff
     WHERE workspace_id = %(workspace)s AND handed_off_at >= %(since)s AND handed_off_at <= %(now)s GROUP BY 1
    UNION ALL
    SELECT owner_id, 0, count(*), 0 FROM handoff_handoff
     WHERE workspace_id = %(workspace)s AND ended_at IS NULL GROUP BY 1
    UNION ALL
    SELECT owner_id, 0, 0, count(*) FROM sla_clock
     WHERE workspace_id = %(workspace)s AND met_at IS NULL AND cancelled_at IS NULL AND due_at < %(now)s
       AND handoff_id IS NOT NULL GROUP BY 1) w
 WHERE (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))
 GROUP BY owner_id
"""
DELIVERED = """
SELECT (SELECT count(DISTINCT lead_id) FROM handoff_handoff
         WHERE workspace_id = %(workspace)s AND handed_off_at >= %(month)s AND handed_off_at <= %(now)s
           AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))),
       count(DISTINCT lead_id) FILTER (WHERE accepted_at IS NOT NULL),
       count(DISTINCT lead_id) FILTER (WHERE accepted_at IS NOT NULL OR ended_as = 'rejected')
  FROM handoff_handoff
 WHERE workspace_id = %(workspace)s AND handed_off_at >= %(since)s AND handed_off_at <= %(now)s
   AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))
"""


@dataclass(frozen=True)
class Period:
    """What the board looks at: from `since` to `now`, of these owners (None: everybody). `zone` reads hours."""

    since: datetime
    now: datetime
    zone: str
    owners: tuple[int, ...] | None = None

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone that hours are read in."""
        return ZoneInfo(self.zone)

    @property
    def parameters(self) -> dict[str, Any]:
        """For SQL, the workspace in scope included."""
        owners = None if self.owners is None else list(self.owners)
        workspace = tenancy.current().workspace_id
        return {"workspace": workspace, "since": self.since, "now": self.now, "zone": self.zone, "owners": owners}


@dataclass(frozen=True)
class Speed:
    """First touches that were owed: how many are decided, how many were in time, and how long they took in seconds."""

    decided: int = 0
    in_time: int = 0
    business_p50: float | None = None
    business_p90: float | None = None
    wall_p50: float | None = None
    wall_p90: float | None = None
    buckets: tuple[int, ...] = (0,) * (len(BUCKETS) + 1)

    @property
    def share(self) -> float | None:
        """The share in time, 0 to 1; None before the first is decided."""
        return self.in_time / self.decided if self.decided else None

    @property
    def late(self) -> int:
        """How many were late."""
        return self.decided - self.in_time


@dataclass(frozen=True)
class FirstTouches:
    """Speed as a whole, by owner, and by weekday (1 is Monday) and hour of the deadline."""

    whole: Speed
    by_owner: dict[int, Speed]
    by_hour: dict[tuple[int, int], Speed]


@dataclass(frozen=True)
class Workload:
    """Hand-offs of the period, open ones, and clocks of sales that are late now."""

    given: int = 0
    open: int = 0
    late: int = 0


@dataclass(frozen=True)
class Delivered:
    """Leads handed off in the month; of those handed off in the period, accepted and judged by sales."""

    month: int
    accepted: int
    judged: int

    @property
    def accepted_share(self) -> float | None:
        """Accepted of those judged, 0 to 1."""
        return self.accepted / self.judged if self.judged else None


@dataclass(frozen=True)
class Roster:
    """Members by id, teams by name, and who sits in which (the manager included)."""

    members: dict[int, Member]
    teams: Sequence[Team]
    seats: dict[int, frozenset[int]]


def ledger() -> dict[str, int]:
    """How many leads each column of the ledger holds, with `arrived`, their sum; of the whole workspace, now."""
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, [tenancy.current().workspace_id])
        counted = dict(cursor.fetchall())
    columns = dict.fromkeys(states.LEDGER_COLUMNS, 0)
    for state, count in counted.items():
        columns[states.ledger_column(state)] += count
    return {"arrived": sum(counted.values()), **columns}


def first_touches(period: Period) -> FirstTouches:
    """The first touches owed in the period, by the start of their clocks. A withdrawn lateness counts as in time."""
    whole, by_owner, by_hour = Speed(), {}, {}
    with connection.cursor() as cursor:
        cursor.execute(FIRST_TOUCHES, period.parameters)
        for owner_id, weekday, hour, decided, in_time, business, wall, buckets in cursor.fetchall():
            (b50, b90), (w50, w90) = business or (None, None), wall or (None, None)
            speed = Speed(decided, in_time, b50, b90, w50, w90, tuple(buckets))
            if owner_id is not None:
                by_owner[owner_id] = speed
            elif weekday is not None:
                by_hour[weekday, hour] = speed
            else:
                whole = speed
    return FirstTouches(whole, by_owner, by_hour)


def workloads(period: Period) -> dict[int, Workload]:
    """Workload by owner."""
    with connection.cursor() as cursor:
        cursor.execute(WORKLOADS, period.parameters)
        return {owner_id: Workload(*counts) for owner_id, *counts in cursor.fetchall()}


def delivered(period: Period, *, month: datetime) -> Delivered:
    """What marketing delivered since `month`, and what sales made of the period's hand-offs. A lead counts once."""
    with connection.cursor() as cursor:
        cursor.execute(DELIVERED, {**period.parameters, "month": month})
        return Delivered(*cursor.fetchone())


def roster() -> Roster:
    """Everybody and every team, in two statements."""
    members = {member.pk: member for member in accounts.members(tenancy.current().workspace_id)}
    seated = Seat.objects.filter(team_id=OuterRef("pk"), is_active=True).values("member_id")
    teams = list(Team.objects.annotate(seated=ArraySubquery(seated)).order_by("name", "id"))
    seats = {team.pk: frozenset([team.manager_id, *team.seated]) for team in teams}
    return Roster(members, teams, seats)
