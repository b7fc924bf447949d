"""The sweep: every step that has passed is recorded once, the highest is told, the clock moves on. One statement.

Runs as the clock role over all workspaces, in small transactions of its own. Two drivers call it, any number of each:
Celery's `enforce_deadlines` and `manage.py clock`. Whoever gets a row first records it; SKIP LOCKED lets the others go on.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, IntegrityError, InternalError, connections, transaction

log = logging.getLogger(__name__)

BATCH = 1000

# `next_step_at < at`, not `<=`: a touch wins a tie, so a deadline has passed only once its instant is over.
SWEEP = """
WITH due AS (
    SELECT id, next_step AS first, coalesce(%(at)s, app_now()) AS at,
           (SELECT count(*)::int FROM unnest(step_at) s WHERE s < coalesce(%(at)s, app_now())) AS upto
      FROM sla_clock
     WHERE met_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL
       AND next_step_at IS NOT NULL AND next_step_at < coalesce(%(at)s, app_now())
       AND (%(workspace)s::bigint IS NULL OR workspace_id = %(workspace)s)
       AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s::bigint[]))
     ORDER BY next_step_at
     LIMIT %(batch)s
       FOR UPDATE SKIP LOCKED
), advanced AS (
    UPDATE sla_clock c
       SET next_step = d.upto,
           next_step_at = c.step_at[d.upto + 1],
           breached_at = CASE WHEN 'late' = ANY(c.steps[1:d.upto]) THEN c.due_at ELSE c.breached_at END,
           failures = 0
      FROM due d
     WHERE c.id = d.id
    RETURNING c.*, d.first, d.at,
              CASE WHEN %(at)s IS NULL THEN clock_timestamp() + (d.at - statement_timestamp()) ELSE d.at END AS noticed_at
), passed AS (
    SELECT a.workspace_id, a.id AS clock_id, i - 1 AS step, a.steps[i] AS kind, a.step_at[i] AS due_at,
           i = a.next_step AS is_highest, a.at, a.noticed_at, a.owner_id, a.manager_id, a.lead_id, a.kind AS obligation
      FROM advanced a, generate_series(a.first + 1, a.next_step) AS i
), recorded AS (
    INSERT INTO sla_step (workspace_id, clock_id, step, kind, due_at, noticed_at, told_at)
    SELECT workspace_id, clock_id, step, kind, due_at, noticed_at, CASE WHEN is_highest AND %(tell)s THEN noticed_at END
      FROM passed
    ON CONFLICT (workspace_id, clock_id, step) DO NOTHING
    RETURNING clock_id, step
), telling AS (
    SELECT p.*, m.id AS member_id, m.id = p.owner_id AS is_owner, u.email, w.slug,
           coalesce(nullif(m.timezone, ''), w.timezone) AS zone, l.public_id AS lead_public_id,
           coalesce(nullif(pe.full_name, ''), nullif(pe.email, ''), 'A lead') AS who,
           coalesce(nullif(ow.name, ''), ow.email) AS owner_name
      FROM passed p
      JOIN recorded r USING (clock_id, step)
      JOIN accounts_member m ON m.workspace_id = p.workspace_id AND m.is_active
       AND ((p.kind IN ('remind', 'warn', 'late') AND m.id = p.owner_id)
         OR (p.kind IN ('late', 'tell_manager') AND m.id = p.manager_id)
         OR (p.kind = 'tell_revops' AND m.role IN ('revops', 'admin')))
      JOIN accounts_user u ON u.id = m.user_id
      JOIN accounts_workspace w ON w.id = p.workspace_id
      JOIN leads_lead l ON l.workspace_id = p.workspace_id AND l.id = p.lead_id
      JOIN leads_person pe ON pe.workspace_id = l.workspace_id AND pe.id = l.person_id
      JOIN accounts_member om ON om.id = p.owner_id
      JOIN accounts_user ow ON ow.id = om.user_id
     WHERE p.is_highest AND %(tell)s
), noticed AS (
    INSERT INTO notifications_notification (workspace_id, member_id, kind, key, text, path, told_at)
    SELECT workspace_id, member_id, kind, 'clock:' || clock_id || ':' || step,
           left(who || ': ' || CASE WHEN kind IN ('remind', 'warn') THEN 'due soon' ELSE 'late' END || ', '
                || replace(obligation, '_', ' ') || CASE WHEN is_owner THEN '' ELSE ' by ' || owner_name END, 300),
           '/w/' || slug || '/leads/' || lead_public_id || '/', at
      FROM telling
    ON CONFLICT DO NOTHING
), posted AS (
    INSERT INTO notifications_outbox (workspace_id, kind, key, payload, created_at, next_attempt_at, attempts, last_error)
    SELECT workspace_id, 'mail', 'clock:' || clock_id || ':' || step || ':' || member_id,
           jsonb_build_object('to', email, 'template', 'clock_step', 'step', kind, 'obligation', obligation,
                              'owner', owner_name, 'due_at', due_at, 'zone', zone,
                              'path', '/w/' || slug || '/leads/' || lead_public_id || '/'),
           at, at, 0, ''
      FROM telling
     WHERE kind NOT IN ('remind', 'warn')
    ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*) FROM advanced), (SELECT count(*) FROM passed), (SELECT count(*) FROM recorded)
"""


DUE = """
SELECT id FROM sla_clock
 WHERE met_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL
   AND next_step_at IS NOT NULL AND next_step_at < app_now()
 ORDER BY next_step_at LIMIT %s
"""
FAILED = """
UPDATE sla_clock SET failures = failures + 1, parked_at = CASE WHEN failures + 1 >= %s THEN app_now() END
 WHERE id = %s AND met_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL
RETURNING workspace_id, failures, parked_at IS NOT NULL
"""
FAILURES = 5  # then the clock is parked


class StepsDisagree(RuntimeError):
    """A step that passed was recorded before: an invariant is broken."""


POISON = (
    DataError,
    IntegrityError,
    InternalError,
    StepsDisagree,
)  # the row's own fault; what is not may pass by itself


@dataclass(frozen=True)
class Swept:
    """How many clocks moved on and how many steps were recorded."""

    clocks: int
    steps: int

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(self.clocks + other.clocks, self.steps + other.steps)


NOTHING = Swept(0, 0)


def sweep(
    *, at: datetime | None = None, batch: int = BATCH, workspace_id: int | None = None, tell: bool = True
) -> Swept:
    """Records what has passed at `at` (the database's instant if None), at most `batch` clocks.

    `workspace_id` and `at` are for replays (the demo, tests); `tell=False` records without telling anybody.
    In the bulk of all workspaces a clock that fails does not stop the others; after five failures it is parked.
    Raises: StepsDisagree in a replay, after rolling back.
    """
    if at is not None and workspace_id is not None:
        return _sweep("default", at=at, batch=batch, workspace=workspace_id, tell=tell)
    try:
        return _sweep("clock", at=at, batch=batch, workspace=workspace_id, tell=tell)
    except POISON as broken:
        log.error("batch failed, tried piece by piece: error=%s", type(broken).__name__)
        return _apart(_due_ids(batch))


def _sweep(
    alias: str,
    *,
    at: datetime | None = None,
    batch: int = BATCH,
    workspace: int | None = None,
    tell: bool = True,
    ids: list[int] | None = None,
) -> Swept:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(SWEEP, {"at": at, "batch": batch, "workspace": workspace, "tell": tell, "ids": ids})
        clocks, passed, recorded = cursor.fetchone()
        if passed != recorded:
            raise StepsDisagree(f"{passed} steps passed, {recorded} recorded")
    return Swept(clocks, recorded)


def _due_ids(limit: int) -> list[int]:
    with connections["clock"].cursor() as cursor:
        cursor.execute(DUE, [limit])
        return [row[0] for row in cursor.fetchall()]


def _apart(ids: list[int]) -> Swept:
    """Sweeps these clocks in ever smaller pieces, until those that fail stand alone."""
    if not ids:
        return NOTHING
    try:
        return _sweep("clock", ids=ids)
    except POISON as broken:
        if len(ids) == 1:
            _note_failure(ids[0], broken)
            return NOTHING
    middle = len(ids) // 2
    return _apart(ids[:middle]) + _apart(ids[middle:])


def _note_failure(clock_id: int, broken: Exception) -> None:
    with transaction.atomic(using="clock"), connections["clock"].cursor() as cursor:
        cursor.execute(FAILED, [FAILURES, clock_id])
        row = cursor.fetchone()
    if row:
        log.error(
            "clock failed: workspace=%s clock=%s failures=%s parked=%s error=%s",
            row[0], clock_id, row[1], row[2], type(broken).__name__,
        )  # fmt: skip


def sweep_all(*, limit: int = 100) -> Swept:
    """Sweeps until nothing is due, at most `limit` batches."""
    total = NOTHING
    for _ in range(limit):
        done = sweep()
        total += done
        if done.clocks < BATCH:
            break
    return total


def beat(driver: str, *, swept: int) -> None:
    """The driver is alive; those of yesterday are forgotten."""
    with transaction.atomic(using="clock"), connections["clock"].cursor() as cursor:
        cursor.execute("DELETE FROM sla_heartbeat WHERE beat_at < app_now() - interval '1 day'")
        cursor.execute(
            "INSERT INTO sla_heartbeat (driver, beat_at, swept) VALUES (%s, app_now(), %s) "
            "ON CONFLICT (driver) DO UPDATE SET beat_at = excluded.beat_at, swept = sla_heartbeat.swept + excluded.swept",
            [driver, swept],
        )


def next_due_in() -> float | None:
    """Seconds until the next step of any workspace falls due; None where no clock runs."""
    with connections["clock"].cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM next_step_at - app_now()) FROM sla_clock WHERE met_at IS NULL "
            "AND cancelled_at IS NULL AND parked_at IS NULL AND next_step_at IS NOT NULL ORDER BY next_step_at LIMIT 1"
        )
        row = cursor.fetchone()
    return float(row[0]) if row else None
