"""The sweep: every step that has passed is recorded once, the highest is told, the clock moves on. One statement.

Runs as the clock role over all workspaces, in small transactions of its own. Two drivers call it, any number of each:
Celery's `enforce_deadlines` and `manage.py clock`. Whoever gets a row first records it; SKIP LOCKED lets the others go on.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction

log = logging.getLogger(__name__)

BATCH = 1000

# `next_step_at < at`, not `<=`: a touch wins a tie, so a deadline has passed only once its instant is over.
SWEEP = """
WITH due AS (
    SELECT id, next_step AS first, coalesce(%(at)s, app_now()) AS at
      FROM sla_clock
     WHERE met_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL
       AND next_step_at IS NOT NULL AND next_step_at < coalesce(%(at)s, app_now())
       AND (%(workspace)s::bigint IS NULL OR workspace_id = %(workspace)s)
     ORDER BY next_step_at
     LIMIT %(batch)s
       FOR UPDATE SKIP LOCKED
), advanced AS (
    UPDATE sla_clock c
       SET next_step = p.upto,
           next_step_at = c.step_at[p.upto + 1],
           breached_at = CASE WHEN 'late' = ANY(c.steps[1:p.upto]) THEN c.due_at ELSE c.breached_at END
      FROM due d, LATERAL (
           SELECT count(*)::int AS upto FROM unnest((SELECT k.step_at FROM sla_clock k WHERE k.id = d.id)) s
            WHERE s < d.at) p
     WHERE c.id = d.id
    RETURNING c.*, d.first, d.at
), passed AS (
    SELECT a.workspace_id, a.id AS clock_id, i - 1 AS step, a.steps[i] AS kind, a.step_at[i] AS due_at,
           i = a.next_step AS is_highest, a.at, a.owner_id, a.manager_id, a.lead_id, a.kind AS obligation
      FROM advanced a, generate_series(a.first + 1, a.next_step) AS i
), recorded AS (
    INSERT INTO sla_step (workspace_id, clock_id, step, kind, due_at, noticed_at, told_at)
    SELECT workspace_id, clock_id, step, kind, due_at, clock_timestamp() + (at - statement_timestamp()),
           CASE WHEN is_highest THEN clock_timestamp() + (at - statement_timestamp()) END
      FROM passed
    ON CONFLICT (workspace_id, clock_id, step) DO NOTHING
    RETURNING clock_id, step
), telling AS (
    SELECT p.*, m.id AS member_id, m.id = p.owner_id AS is_owner, u.email, w.slug, l.public_id AS lead_public_id,
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
                              'owner', owner_name, 'due_at', due_at,
                              'path', '/w/' || slug || '/leads/' || lead_public_id || '/'),
           at, at, 0, ''
      FROM telling
     WHERE kind NOT IN ('remind', 'warn')
    ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*) FROM advanced), (SELECT count(*) FROM passed), (SELECT count(*) FROM recorded)
"""


class StepsDisagree(RuntimeError):
    """A step that passed was recorded before: an invariant is broken."""


@dataclass(frozen=True)
class Swept:
    """How many clocks moved on and how many steps were recorded."""

    clocks: int
    steps: int


def sweep(
    *, at: datetime | None = None, batch: int = BATCH, workspace_id: int | None = None, tell: bool = True
) -> Swept:
    """Records what has passed at `at` (the database's instant if None), at most `batch` clocks.

    `workspace_id` and `at` are for replays (the demo, tests); `tell=False` records without telling anybody.
    Raises: StepsDisagree, after rolling back.
    """
    alias = "clock" if at is None or workspace_id is None else "default"
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(SWEEP, {"at": at, "batch": batch, "workspace": workspace_id, "tell": tell})
        clocks, passed, recorded = cursor.fetchone()
        if passed != recorded:
            raise StepsDisagree(f"{passed} steps passed, {recorded} recorded")
    return Swept(clocks, recorded)


def sweep_all(*, limit: int = 100) -> Swept:
    """Sweeps until nothing is due, at most `limit` batches."""
    clocks = steps = 0
    for _ in range(limit):
        done = sweep()
        clocks, steps = clocks + done.clocks, steps + done.steps
        if done.clocks < BATCH:
            break
    return Swept(clocks, steps)


def beat(driver: str, *, swept: int) -> None:
    """The driver is alive."""
    with connections["clock"].cursor() as cursor:
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
