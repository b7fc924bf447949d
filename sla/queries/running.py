"""What is late now, what is due soon, which clocks are parked, and how late the clock itself is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from quotarider import tenancy
from sla.models import Clock
from sla.queries.board import Period
from sla.rules import kinds, wording

SHOWN = 50
SOON = timedelta(hours=1)

DUE = """
WITH due AS (
    SELECT id, lead_id, handoff_id, owner_id, public_id, kind, started_at, due_at, steps, next_step,
           due_at < %(now)s AS is_late, row_number() OVER (PARTITION BY due_at < %(now)s ORDER BY due_at, id) AS place,
           count(*) OVER (PARTITION BY due_at < %(now)s) AS of
      FROM sla_clock
     WHERE workspace_id = %(workspace)s AND met_at IS NULL AND cancelled_at IS NULL AND due_at < %(until)s
       AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))
)
SELECT d.is_late, d.of, d.public_id, d.kind, d.started_at, d.due_at, d.steps[d.next_step], d.owner_id,
       l.public_id, coalesce(nullif(p.full_name, ''), p.email), coalesce(c.name, ''), h.public_id,
       coalesce(nullif(u.name, ''), u.email)
  FROM due d
  JOIN leads_lead l ON l.workspace_id = %(workspace)s AND l.id = d.lead_id
  JOIN leads_person p ON p.workspace_id = %(workspace)s AND p.id = l.person_id
  LEFT JOIN leads_company c ON c.workspace_id = %(workspace)s AND c.id = l.company_id
  LEFT JOIN handoff_handoff h ON h.workspace_id = %(workspace)s AND h.id = d.handoff_id AND h.ended_at IS NULL
  JOIN accounts_member m ON m.id = d.owner_id
  JOIN accounts_user u ON u.id = m.user_id
 WHERE d.place <= %(shown)s
 ORDER BY d.due_at, d.id
"""
LAG = """
SELECT count(*), percentile_cont(ARRAY[.5, .99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM noticed_at - due_at)),
       percentile_cont(ARRAY[.5, .99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM told_at - due_at)),
       (SELECT count(*) FROM sla_clock WHERE workspace_id = %(workspace)s AND parked_at IS NOT NULL
           AND met_at IS NULL AND cancelled_at IS NULL),
       (SELECT max(beat_at) FROM sla_heartbeat)
  FROM sla_step WHERE workspace_id = %(workspace)s AND noticed_at >= %(since)s
"""


@dataclass(frozen=True)
class Due:
    """A running clock that is late or soon due. `step` is the last one that passed; `handoff_id` None: marketing's."""

    public_id: UUID
    kind: str
    started_at: datetime
    due_at: datetime
    step: str | None
    owner_id: int
    lead_id: UUID
    who: str
    company: str
    handoff_id: UUID | None
    owner: str

    @property
    def obligation(self) -> str:
        """What is owed, in words."""
        return kinds.KINDS[self.kind].label

    @property
    def told(self) -> str:
        """What happened last, in words."""
        return wording.STEP_PAST.get(self.step or "", "")


@dataclass(frozen=True)
class Pressing:
    """Late and soon due clocks, at most SHOWN of each, with how many there are of both."""

    late: list[Due]
    late_count: int
    soon: list[Due]
    soon_count: int


@dataclass(frozen=True)
class Lag:
    """How late the clock was in the last day: seconds from due to noticed and to told, as p50, p99 and the worst."""

    steps: int
    noticed: tuple[float, float, float] | None
    told: tuple[float, float, float] | None
    parked: int
    beat_at: datetime | None


def now(period: Period) -> Pressing:
    """Everything late, and what falls due within the hour."""
    late: list[Due] = []
    soon: list[Due] = []
    counts = {True: 0, False: 0}
    parameters: dict[str, Any] = {**period.parameters, "until": period.now + SOON, "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(DUE, parameters)
        for is_late, of, *row in cursor.fetchall():
            counts[is_late] = of
            (late if is_late else soon).append(Due(*row))
    return Pressing(late, counts[True], soon, counts[False])


def late_count(at: datetime) -> int:
    """How many clocks of the workspace are late: one index-only count."""
    return int(Clock.objects.filter(met_at=None, cancelled_at=None, due_at__lt=at).count())


def lag(at: datetime) -> Lag:
    """The clock's own lag over the last 24 hours."""
    with connection.cursor() as cursor:
        cursor.execute(LAG, {"workspace": tenancy.current().workspace_id, "since": at - timedelta(days=1)})
        steps, noticed, told, parked, beat_at = cursor.fetchone()
    return Lag(steps, _three(noticed), _three(told), parked, beat_at)


def _three(values: list[float | None] | None) -> tuple[float, float, float] | None:
    return None if not values or values[0] is None else tuple(float(value or 0) for value in values)  # type: ignore[return-value]


def parked() -> QuerySet[Clock]:
    """Clocks that the sweep gave up for now, longest first, with leads and owners."""
    rows = Clock.objects.filter(parked_at__isnull=False, met_at=None, cancelled_at=None)
    return rows.select_related("lead__person", "owner__user").order_by("parked_at")


def parked_for(public_id: UUID) -> Clock:
    """One clock of the workspace. Raises: Clock.DoesNotExist."""
    return Clock.objects.get(public_id=public_id)
