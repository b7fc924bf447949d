"""The four invariants as questions to the database: each answers with the rows that break it, so with none.

They run as the app role inside one workspace's scope. Each is one statement, hence true of one moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.apps import apps

from quotarider.tenancy.constraints import SameWorkspace
from quotarider.tenancy.models import TenantRow

OPEN: Final = "('nurturing', 'held', 'returned', 'handed_off', 'working', 'accepted', 'opportunity')"
SALES: Final = "('handed_off', 'working', 'accepted', 'opportunity')"
CLOSED: Final = "('won', 'lost', 'disqualified', 'closed_unknown')"
RUNNING: Final = "c.met_at IS NULL AND c.cancelled_at IS NULL"


@dataclass(frozen=True)
class Check:
    """One question: of which invariant, its name, and SQL that selects `id` and `detail` of the rows that break it."""

    invariant: int
    name: str
    sql: str


EXISTS_ONCE: Final = (
    Check(
        1,
        "an accepted payload has its lead",
        """SELECT i.id, 'lead ' || coalesce(i.lead_id::text, 'none') AS detail FROM leads_intakerecord i
           LEFT JOIN leads_lead l ON l.workspace_id = i.workspace_id AND l.id = i.lead_id
           WHERE i.workspace_id = %(workspace)s AND i.status = 'accepted' AND l.id IS NULL""",
    ),
    Check(
        1,
        "a lead came in once",
        """SELECT lead_id AS id, count(*) || ' payloads made it' AS detail FROM leads_intakerecord
           WHERE workspace_id = %(workspace)s AND is_new_lead AND lead_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1""",
    ),
    Check(
        1,
        "one lead per sender's id",
        """SELECT min(id) AS id, string_agg(id::text, ', ' ORDER BY id) AS detail FROM leads_lead
           WHERE workspace_id = %(workspace)s AND external_id IS NOT NULL GROUP BY source_id, external_id
           HAVING count(*) > 1""",
    ),
    Check(
        1,
        "one open lead per person",
        f"""SELECT min(id) AS id, string_agg(id::text, ', ' ORDER BY id) AS detail FROM leads_lead
            WHERE workspace_id = %(workspace)s AND state IN {OPEN} GROUP BY person_id HAVING count(*) > 1""",
    ),
    Check(
        1,
        "one person per address",
        """SELECT min(id) AS id, string_agg(id::text, ', ' ORDER BY id) AS detail FROM leads_person
           WHERE workspace_id = %(workspace)s AND email_norm IS NOT NULL GROUP BY email_norm HAVING count(*) > 1""",
    ),
    Check(
        1,
        "an import's counts add up",
        """SELECT id, format('rows %%s of %%s: %%s created, %%s joined, %%s repeated, %%s refused',
                             next_row, total, created, joined, repeated, refused) AS detail
           FROM leads_importjob WHERE workspace_id = %(workspace)s AND state IN ('running', 'done')
             AND (created + joined + repeated + refused <> next_row OR (state = 'done' AND next_row <> total))""",
    ),
    Check(
        1,
        "each refused row is reported",
        """SELECT j.id, j.refused || ' refused, ' || count(p.id) || ' reported' AS detail FROM leads_importjob j
           LEFT JOIN leads_importproblem p ON p.workspace_id = j.workspace_id AND p.job_id = j.id AND NOT p.is_dry_run
           WHERE j.workspace_id = %(workspace)s AND j.state IN ('running', 'done')
           GROUP BY j.id, j.refused HAVING count(p.id) <> j.refused""",
    ),
)

NOTHING_AGES_IN_SILENCE: Final = (
    Check(
        2,
        "an open lead has an active owner",
        f"""SELECT l.id, 'owner ' || coalesce(l.owner_id::text, 'none') AS detail FROM leads_lead l
            LEFT JOIN accounts_member m ON m.workspace_id = l.workspace_id AND m.id = l.owner_id
            WHERE l.workspace_id = %(workspace)s AND l.state IN {OPEN}
              AND (m.id IS NULL OR NOT m.is_active AND NOT l.is_flagged)""",
    ),
    Check(
        2,
        "an open lead has a running clock",
        f"""SELECT l.id, l.state AS detail FROM leads_lead l
            WHERE l.workspace_id = %(workspace)s AND l.state IN {OPEN} AND NOT EXISTS (
                SELECT FROM sla_clock c WHERE c.workspace_id = l.workspace_id AND c.lead_id = l.id AND {RUNNING})""",
    ),
    Check(
        2,
        "a closed lead has no running clock",
        f"""SELECT c.id, 'lead ' || l.id || ', ' || l.state AS detail FROM sla_clock c
            JOIN leads_lead l ON l.workspace_id = c.workspace_id AND l.id = c.lead_id
            WHERE c.workspace_id = %(workspace)s AND {RUNNING} AND l.state IN {CLOSED}""",
    ),
    Check(
        2,
        "one running clock per lead and kind",
        f"""SELECT min(c.id) AS id, c.kind || ' of lead ' || c.lead_id AS detail FROM sla_clock c
            WHERE c.workspace_id = %(workspace)s AND {RUNNING} GROUP BY c.lead_id, c.kind HAVING count(*) > 1""",
    ),
    Check(
        2,
        "the ledger adds up to what arrived",
        f"""SELECT id, state AS detail FROM leads_lead
            WHERE workspace_id = %(workspace)s AND state NOT IN {OPEN} AND state NOT IN {CLOSED}""",
    ),
    Check(
        2,
        "a lead of sales has one open hand-off, of its owner",
        f"""SELECT l.id, l.state || ', open hand-offs: ' || count(h.id) AS detail FROM leads_lead l
            LEFT JOIN handoff_handoff h ON h.workspace_id = l.workspace_id AND h.lead_id = l.id AND h.ended_at IS NULL
            WHERE l.workspace_id = %(workspace)s
            GROUP BY l.id, l.state, l.owner_id
            HAVING count(h.id) <> (l.state IN {SALES})::int OR (count(h.id) = 1 AND min(h.owner_id) <> l.owner_id)""",
    ),
    Check(
        2,
        "the queue knows the nearest deadline",
        f"""SELECT h.id, 'act by ' || coalesce(h.act_by::text, 'none') AS detail FROM handoff_handoff h
            WHERE h.workspace_id = %(workspace)s AND h.ended_at IS NULL AND h.act_by IS DISTINCT FROM (
                SELECT min(c.due_at) FROM sla_clock c
                 WHERE c.workspace_id = h.workspace_id AND c.lead_id = h.lead_id AND {RUNNING}
                   AND c.kind IN ('first_touch', 'verdict', 'next_step'))""",
    ),
)

STEPS_HAPPEN_ONCE: Final = (
    Check(
        3,
        "steps are recorded once, in order, up to the next one",
        """SELECT c.id, 'next ' || c.next_step || ', recorded ' || count(s.id) AS detail FROM sla_clock c
           LEFT JOIN sla_step s ON s.workspace_id = c.workspace_id AND s.clock_id = c.id
           WHERE c.workspace_id = %(workspace)s GROUP BY c.id, c.next_step
           HAVING count(s.id) <> c.next_step OR count(DISTINCT s.step) <> c.next_step
               OR coalesce(max(s.step) + 1, 0) <> c.next_step""",
    ),
    Check(
        3,
        "a recorded step is the one that the clock says",
        """SELECT s.id, 'clock ' || c.id || ', step ' || s.step AS detail FROM sla_step s
           JOIN sla_clock c ON c.workspace_id = s.workspace_id AND c.id = s.clock_id
           WHERE s.workspace_id = %(workspace)s
             AND (s.kind IS DISTINCT FROM c.steps[s.step + 1] OR s.due_at IS DISTINCT FROM c.step_at[s.step + 1])""",
    ),
    Check(
        3,
        "the next step is the one that the clock waits for",
        """SELECT id, 'next ' || coalesce(next_step_at::text, 'none') AS detail FROM sla_clock
           WHERE workspace_id = %(workspace)s AND next_step_at IS DISTINCT FROM
                 CASE WHEN met_at IS NULL AND cancelled_at IS NULL THEN step_at[next_step + 1] END""",
    ),
    Check(
        3,
        "steps fall due in order, late at the deadline",
        """SELECT id, array_to_string(steps, ', ') AS detail FROM sla_clock c
           WHERE workspace_id = %(workspace)s
             AND (cardinality(steps) <> cardinality(step_at) OR due_at IS DISTINCT FROM step_at[array_position(steps, 'late')]
                  OR EXISTS (SELECT FROM generate_subscripts(step_at, 1) i WHERE step_at[i] > step_at[i + 1]))""",
    ),
    Check(
        3,
        "no step happened before its time",
        """SELECT s.id, 'clock ' || s.clock_id || ', due ' || s.due_at || ', noticed ' || s.noticed_at AS detail
           FROM sla_step s WHERE s.workspace_id = %(workspace)s AND s.noticed_at < s.due_at""",
    ),
    Check(
        3,
        "no step happened after its clock ended",
        """SELECT s.id, 'clock ' || c.id || ', ended ' || c.end_recorded_at || ', noticed ' || s.noticed_at AS detail
           FROM sla_step s JOIN sla_clock c ON c.workspace_id = s.workspace_id AND c.id = s.clock_id
           WHERE s.workspace_id = %(workspace)s AND s.noticed_at > c.end_recorded_at""",
    ),
    Check(
        3,
        "steps were noticed in order",
        """SELECT b.id, 'clock ' || b.clock_id AS detail FROM sla_step a
           JOIN sla_step b ON b.workspace_id = a.workspace_id AND b.clock_id = a.clock_id AND b.step = a.step + 1
           WHERE a.workspace_id = %(workspace)s AND b.noticed_at < a.noticed_at""",
    ),
    Check(
        3,
        "a breach is recorded where the late step is, and dated at the deadline",
        """SELECT id, 'breached ' || coalesce(breached_at::text, 'never') AS detail FROM sla_clock
           WHERE workspace_id = %(workspace)s AND breached_at IS DISTINCT FROM
                 CASE WHEN array_position(steps, 'late') <= next_step THEN due_at END""",
    ),
    Check(
        3,
        "a lateness is withdrawn where the touch proves it wrong",
        """SELECT id, 'withdrawn ' || coalesce(withdrawn_at::text, 'never') AS detail FROM sla_clock
           WHERE workspace_id = %(workspace)s
             AND (withdrawn_at IS NOT NULL) <> (breached_at IS NOT NULL AND met_at IS NOT NULL AND met_at <= due_at)""",
    ),
    Check(
        3,
        "a clock ends after it starts",
        """SELECT id, 'started ' || started_at AS detail FROM sla_clock
           WHERE workspace_id = %(workspace)s AND coalesce(met_at, cancelled_at) < started_at""",
    ),
)

NO_WITHOUT_REASON: Final = (
    Check(
        4,
        "a returned lead was rejected with a reason",
        """SELECT l.id, 'reason ' || coalesce(nullif(l.reason, ''), 'none') AS detail FROM leads_lead l
           WHERE l.workspace_id = %(workspace)s AND l.state = 'returned' AND (l.reason = '' OR NOT EXISTS (
               SELECT FROM feedback_verdict v WHERE v.workspace_id = l.workspace_id AND v.lead_id = l.id
                  AND v.kind = 'rejected' AND v.reason_id IS NOT NULL))""",
    ),
    Check(
        4,
        "a lost or disqualified lead has its reason, a won one its outcome",
        """SELECT l.id, l.state AS detail FROM leads_lead l
           WHERE l.workspace_id = %(workspace)s AND l.state IN ('won', 'lost', 'disqualified')
             AND (l.state <> 'won' AND l.reason = '' OR NOT EXISTS (
               SELECT FROM feedback_outcome o WHERE o.workspace_id = l.workspace_id AND o.lead_id = l.id
                  AND o.kind = l.state AND (o.kind = 'won' OR o.reason_id IS NOT NULL)))""",
    ),
    Check(
        4,
        "a rejection has a reason",
        """SELECT id, 'lead ' || lead_id AS detail FROM feedback_verdict
           WHERE workspace_id = %(workspace)s AND kind = 'rejected' AND reason_id IS NULL""",
    ),
)

OVERDUE: Final = f"""
SELECT c.id, 'overdue since ' || c.next_step_at AS detail FROM sla_clock c
 WHERE c.workspace_id = %(workspace)s AND {RUNNING} AND c.parked_at IS NULL
   AND c.next_step_at < app_now() - make_interval(secs => %(alarm)s)
"""
"""Steps that nobody recorded in time: a violation while a heart beats, the clock's lag while none does."""


def references() -> Iterator[Check]:
    """No row refers to a row of another workspace, or to none: one question for each composite key of the models."""
    for model in apps.get_models():
        if issubclass(model, TenantRow):
            for constraint in model._meta.constraints:
                if isinstance(constraint, SameWorkspace):
                    yield _reference(model, constraint)


def _reference(model: type[TenantRow], constraint: SameWorkspace) -> Check:
    child, parent = model._meta.db_table, model._meta.get_field(constraint.field).related_model._meta.db_table  # type: ignore[union-attr]
    column = model._meta.get_field(constraint.field).column  # type: ignore[union-attr]
    own = {field.column for field in model._meta.concrete_fields}
    return Check(
        4,
        constraint.name,
        f"""SELECT x.{"id" if "id" in own else column} AS id, '{child}.{column} ' || x.{column} AS detail FROM {child} x
            LEFT JOIN {parent} p ON p.workspace_id = x.workspace_id AND p.id = x.{column}
            WHERE x.workspace_id = %(workspace)s AND x.{column} IS NOT NULL AND p.id IS NULL""",
    )


def all_checks() -> list[Check]:
    """Every question about one workspace but the one that depends on the heartbeat."""
    return [*EXISTS_ONCE, *NOTHING_AGES_IN_SILENCE, *STEPS_HAPPEN_ONCE, *NO_WITHOUT_REASON, *references()]
