"""Do the four invariants hold? Asked of the whole database, workspace by workspace, as the app that each is hidden from."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from quotarider import tenancy
from quotarider.accounts.models import Workspace
from quotarider.invariants import catalogue, checks
from quotarider.invariants.checks import Check

__all__ = ["Finding", "Verdict", "of_catalogue", "of_workspace"]

SHOWN = 20
BEAT_LASTS_SECONDS = 15
COUNTED = {
    "leads": "leads_lead",
    "payloads": "leads_intakerecord",
    "hand-offs": "handoff_handoff",
    "clocks": "sla_clock",
    "steps": "sla_step",
    "verdicts": "feedback_verdict",
    "outcomes": "feedback_outcome",
}

COUNTS = "SELECT " + ", ".join(
    f"(SELECT count(*) FROM {table} WHERE workspace_id = %(workspace)s)" for table in COUNTED.values()
)


@dataclass(frozen=True)
class Finding:
    """A broken check: how many rows, and the first of them as (id, detail)."""

    invariant: int
    check: str
    count: int
    rows: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Verdict:
    """One workspace: what was counted, what is broken, and how many steps wait while no clock runs."""

    slug: str
    counts: dict[str, int]
    findings: list[Finding] = field(default_factory=list)
    waiting: int = 0


def of_workspace(workspace: Workspace) -> Verdict:
    """Asks everything about one workspace, inside its scope."""
    with tenancy.scope(workspace.pk):
        findings = [found for check in checks.all_checks() if (found := _ask(check, workspace.pk))]
        overdue = _ask(Check(3, "each step is recorded when its time has passed", checks.OVERDUE), workspace.pk)
        is_alive = overdue is not None and _a_heart_beats()
        if overdue is not None and is_alive:
            findings.append(overdue)
        waiting = overdue.count if overdue is not None and not is_alive else 0
        return Verdict(workspace.slug, _counts(workspace.pk), findings, waiting)


def of_catalogue() -> list[Finding]:
    """What the database's own catalogue lacks."""
    found = ((check, catalogue.broken(check)) for check in catalogue.CHECKS)
    return [
        Finding(check.invariant, check.name, len(names), tuple((0, name) for name in names[:SHOWN]))
        for check, names in found
        if names
    ]


def _ask(check: Check, workspace_id: int) -> Finding | None:
    sql = f"SELECT count(*) OVER (), id, detail FROM ({check.sql}) AS broken ORDER BY id LIMIT {SHOWN}"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"workspace": workspace_id, "alarm": settings.DEADLINE_LAG_ALARM_SECONDS})
        rows = cursor.fetchall()
    if not rows:
        return None
    return Finding(check.invariant, check.name, rows[0][0], tuple((row_id, str(detail)) for _n, row_id, detail in rows))


def _a_heart_beats() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(beat_at) > app_now() - make_interval(secs => %s), false) FROM sla_heartbeat",
            [BEAT_LASTS_SECONDS],
        )
        return bool(cursor.fetchone()[0])


def _counts(workspace_id: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"workspace": workspace_id})
        return dict(zip(COUNTED, cursor.fetchone(), strict=True))
