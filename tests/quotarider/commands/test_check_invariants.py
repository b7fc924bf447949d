"""`manage.py check_invariants` finds every way in which an invariant can be broken, past all that forbids it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from feedback.actions import outcomes, verdicts
from feedback.models import Reason
from handoff.actions import touching
from handoff.models import Handoff
from leads.models import ImportJob, Lead
from quotarider import invariants, tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.invariants import checks
from sla.actions import enforcing
from tests import database
from tests.factories import leads

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

MINUTE = timedelta(minutes=1)
FIND = "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"


@contextmanager
def unguarded(*lifted: str) -> Iterator[None]:
    """Without row-level security and triggers for the owner, and without these constraints or indexes; put back after."""
    restore: list[str] = []
    with database.owner() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "; ".join(f'ALTER TABLE "{t}" NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER' for t in tables)
        )
        for name in lifted:
            cursor.execute(FIND, [name])
            if found := cursor.fetchone():
                cursor.execute(f'ALTER TABLE {found[0]} DROP CONSTRAINT "{name}"')
                restore.append(f'ALTER TABLE {found[0]} ADD CONSTRAINT "{name}" {found[1]}')
            else:
                cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
                restore.append(cursor.fetchone()[0])
                cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        database.empty()
        with database.owner() as cursor:
            restore += [f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER' for table in tables]
            cursor.execute("; ".join(restore))


def by_owner(statement: str) -> int:
    with database.owner() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def run(*options: str) -> tuple[int, str]:
    """Exit code and output."""
    out = StringIO()
    try:
        call_command("check_invariants", *options, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def busy(
    acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime, rep: Member, outsider: Member
) -> dict[str, Lead]:
    """A lead late, one worked, one nurtured, one returned, one lost; and another workspace with a lead."""
    names = ("late", "worked", "returned", "lost")
    made = {name: hand_off(at=tuesday, full_name=name) for name in names}
    with tenancy.scope(acme.pk):
        made["nurtured"] = leads.lead(at=tuesday, **leads.NURTURED)
        of = {name: Handoff.objects.get(lead_id=made[name].pk) for name in names}
        enforcing.sweep(at=tuesday + 16 * MINUTE, workspace_id=acme.pk)
        for name in ("worked", "returned", "lost"):
            opened = touching.Attempt(kind="call", result="reached", opened_at=tuesday + 14 * MINUTE)
            touching.touch(of[name], opened, by=rep, at=tuesday + 17 * MINUTE)
        reject = Reason.objects.filter(use="reject", asks="")[0]
        verdicts.reject(of["returned"], verdicts.Rejection(reject), by=rep, at=tuesday + 20 * MINUTE)
        lost = Reason.objects.filter(use="lost")[0]
        outcomes.lose(of["lost"], reason=lost, note="", by=rep, at=tuesday + 30 * MINUTE)
        late = tuesday + timedelta(days=300)
        enforcing.sweep(at=late, workspace_id=acme.pk)
    with tenancy.scope(outsider.workspace_id):
        leads.lead(at=tuesday, **leads.NURTURED)
        enforcing.sweep(at=late, workspace_id=outsider.workspace_id)
    return made


class TestKept:
    def test_says_so(self, busy: dict[str, Lead]) -> None:
        code, text = run()
        assert text.endswith("All four invariants hold in 2 workspaces.\n")
        assert code == 0
        assert "acme: 5 leads, 5 payloads, 4 hand-offs, 9 clocks, " in text

    def test_one_workspace_as_json(self, busy: dict[str, Lead]) -> None:
        code, text = run("--workspace", "acme", "--json")
        found = json.loads(text)
        assert (code, found["is_kept"], found["catalogue"]) == (0, True, [])
        assert [(verdict["slug"], verdict["findings"]) for verdict in found["workspaces"]] == [("acme", [])]

    def test_an_unknown_workspace_is_an_error(self, acme: Workspace) -> None:
        with pytest.raises(CommandError):
            run("--workspace", "nowhere")

    def test_holds_in_a_new_workspace(self, acme: Workspace) -> None:
        assert run()[0] == 0


LATE = "(SELECT min(lead_id) FROM sla_clock WHERE breached_at IS NOT NULL AND met_at IS NULL AND kind = 'first_touch')"
LATE_CLOCK = "(SELECT min(id) FROM sla_clock WHERE breached_at IS NOT NULL AND met_at IS NULL AND kind = 'first_touch')"
MET_CLOCK = "(SELECT min(id) FROM sla_clock WHERE met_at IS NOT NULL AND kind = 'first_touch')"
COPY_LEAD = (
    "INSERT INTO leads_lead (workspace_id, person_id, source_id, external_id, state, owner_id, in_team_queue, is_flagged,"
    " band, persona, missing_facts, trigger_events, note, reason, arrived_at, recorded_at, ended_at)"
    " SELECT workspace_id, person_id, source_id, {external_id}, {state}, owner_id, false, false, '', '', '{{}}', '{{}}',"
    " '', 'fit', arrived_at, recorded_at, {ended_at} FROM leads_lead WHERE id = " + LATE
)

BREAKS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("an accepted payload has its lead", ("intake_accepted_has_its_lead",),
     ("UPDATE leads_intakerecord SET lead_id = NULL WHERE lead_id = " + LATE,)),
    ("a lead came in once", (),
     ("INSERT INTO leads_intakerecord (workspace_id, source_id, digest, payload, status, is_new_lead, lead_id, received_at)"
      " SELECT workspace_id, source_id, digest, payload, status, true, lead_id, received_at FROM leads_intakerecord"
      " WHERE lead_id = " + LATE,)),
    ("one lead per sender's id", ("lead_sent_once",),
     ("UPDATE leads_lead SET external_id = 'x' WHERE id = " + LATE,
      COPY_LEAD.format(external_id="'x'", state="'closed_unknown'", ended_at="arrived_at"))),
    ("one open lead per person", ("lead_one_open_per_person",),
     (COPY_LEAD.format(external_id="NULL", state="'nurturing'", ended_at="NULL"),)),
    ("one person per address", ("person_one_per_email",),
     ("UPDATE leads_person SET email_norm = 'same@x.com' WHERE workspace_id = (SELECT min(workspace_id) FROM sla_clock)",)),
    ("an open lead has an active owner", (),
     ("UPDATE accounts_member SET is_active = false WHERE id = (SELECT owner_id FROM leads_lead WHERE id = " + LATE + ")",)),
    ("an open lead has an active owner", ("lead_open_has_an_owner",),
     ("UPDATE leads_lead SET owner_id = NULL WHERE id = " + LATE,)),
    ("an open lead has a running clock", (),
     ("UPDATE sla_clock SET cancelled_at = due_at, end_recorded_at = now(), next_step_at = NULL WHERE id = " + LATE_CLOCK,)),
    ("a closed lead has no running clock", (),
     ("UPDATE leads_lead SET state = 'closed_unknown', ended_at = arrived_at WHERE id = " + LATE,)),
    ("one running clock per lead and kind", ("clock_one_running_per_lead_and_kind",),
     ("INSERT INTO sla_clock (workspace_id, lead_id, handoff_id, kind, owner_id, agreement_id, policy, started_at,"
      " business_seconds, due_at, step_at, steps, next_step, next_step_at, failures)"
      " SELECT workspace_id, lead_id, handoff_id, kind, owner_id, agreement_id, policy, started_at, business_seconds,"
      " due_at, step_at, steps, 0, step_at[1], 0 FROM sla_clock WHERE id = " + LATE_CLOCK,)),
    ("the ledger adds up to what arrived", ("lead_state_is_known", "lead_closed_has_an_end"),
     ("UPDATE leads_lead SET state = 'lurking' WHERE id = " + LATE,)),
    ("a lead of sales has one open hand-off, of its owner", (),
     ("UPDATE handoff_handoff SET ended_at = now(), ended_as = 'ended' WHERE lead_id = " + LATE,)),
    ("a lead of sales has one open hand-off, of its owner", (),
     ("UPDATE handoff_handoff SET owner_id = (SELECT min(id) FROM accounts_member) WHERE lead_id = " + LATE,)),
    ("the queue knows the nearest deadline", (),
     ("UPDATE handoff_handoff SET act_by = act_by + interval '1 hour' WHERE lead_id = " + LATE,)),
    ("steps are recorded once, in order, up to the next one", (),
     ("DELETE FROM sla_step WHERE step = 0 AND clock_id = " + LATE_CLOCK,)),
    ("steps are recorded once, in order, up to the next one", ("step_happens_once",),
     ("INSERT INTO sla_step (workspace_id, clock_id, step, kind, due_at, noticed_at) SELECT workspace_id, clock_id, step,"
      " kind, due_at, noticed_at FROM sla_step WHERE step = 0 AND clock_id = " + LATE_CLOCK,)),
    ("a recorded step is the one that the clock says", (),
     ("UPDATE sla_step SET kind = 'remind' WHERE step = 0 AND clock_id = " + LATE_CLOCK,)),
    ("the next step is the one that the clock waits for", (),
     ("UPDATE sla_clock SET next_step_at = due_at WHERE id = " + LATE_CLOCK,)),
    ("steps fall due in order, late at the deadline", (),
     ("UPDATE sla_clock SET step_at = ARRAY[step_at[2], step_at[1]] WHERE id = " + LATE_CLOCK,)),
    ("no step happened before its time", (),
     ("UPDATE sla_step SET noticed_at = due_at - interval '1 second' WHERE step = 0 AND clock_id = " + LATE_CLOCK,)),
    ("no step happened after its clock ended", (),
     ("UPDATE sla_step SET noticed_at = now() + interval '1 hour' WHERE clock_id = " + MET_CLOCK,)),
    ("steps were noticed in order", (),
     ("UPDATE sla_step SET noticed_at = noticed_at + interval '1 hour' WHERE step = 0 AND clock_id = " + LATE_CLOCK,)),
    ("a breach is recorded where the late step is, and dated at the deadline", (),
     ("UPDATE sla_clock SET breached_at = NULL WHERE id = " + LATE_CLOCK,)),
    ("a lateness is withdrawn where the touch proves it wrong", (),
     ("UPDATE sla_clock SET withdrawn_at = NULL WHERE id = " + MET_CLOCK,)),
    ("a clock ends after it starts", (),
     ("UPDATE sla_clock SET met_at = started_at - interval '1 second' WHERE id = " + MET_CLOCK,)),
    ("a returned lead was rejected with a reason", (),
     ("DELETE FROM feedback_verdict WHERE kind = 'rejected'",)),
    ("a lost or disqualified lead has its reason, a won one its outcome", (),
     ("DELETE FROM feedback_outcome",)),
    ("a rejection has a reason", ("verdict_no_has_a_reason",),
     ("UPDATE feedback_verdict SET reason_id = NULL WHERE kind = 'rejected'",)),
    ("lead_person_same_workspace", ("lead_person_same_workspace", "lead_one_open_per_person"),
     ("UPDATE leads_lead SET person_id = (SELECT max(p.id) FROM leads_person p WHERE p.workspace_id <>"
      " leads_lead.workspace_id) WHERE id = " + LATE,)),
    ("clock_owner_same_workspace", ("clock_owner_same_workspace",),
     ("UPDATE sla_clock SET owner_id = (SELECT max(m.id) FROM accounts_member m WHERE m.workspace_id <>"
      " sla_clock.workspace_id) WHERE id = " + LATE_CLOCK,)),
]  # fmt: skip


class TestBroken:
    @pytest.mark.parametrize(
        ("check", "lifted", "statements"), BREAKS, ids=[f"{i} {b[0]}" for i, b in enumerate(BREAKS)]
    )
    def test_is_found(
        self, busy: dict[str, Lead], check: str, lifted: tuple[str, ...], statements: tuple[str, ...]
    ) -> None:
        with unguarded(*lifted):
            assert [by_owner(statement) > 0 for statement in statements] == [True] * len(statements)
            verdict = invariants.of_workspace(Workspace.objects.get(slug="acme"))
            code, text = run()
        assert check in {finding.check for finding in verdict.findings}
        assert code == 1 and f"{check}: " in text and text.endswith("checks.\n")

    def test_every_check_is_broken_by_a_test(self) -> None:
        named = {check.name for check in checks.all_checks()} - {check.name for check in checks.references()}
        elsewhere = {"an import's counts add up", "each refused row is reported"}
        assert named - {name for name, *_ in BREAKS} == elsewhere

    @pytest.mark.parametrize(
        ("counts", "check"),
        [
            ("created = 1, next_row = 2, total = 2", "an import's counts add up"),
            ("created = 2, next_row = 2, total = 3", "an import's counts add up"),
            ("created = 1, refused = 1, next_row = 2, total = 2", "each refused row is reported"),
        ],
    )
    def test_imports_that_do_not_add_up(self, acme: Workspace, admin: Member, counts: str, check: str) -> None:
        with unguarded():
            with tenancy.scope(acme.pk) as scope:
                ImportJob.objects.create(name="f", data=b"", header=[], by=admin, created_at=scope.now, state="done")
            assert invariants.of_workspace(acme).findings == []
            by_owner(f"UPDATE leads_importjob SET {counts}")
            found = invariants.of_workspace(acme).findings
        assert [finding.check for finding in found] == [check]

    def test_tells_how_many_and_which(self, busy: dict[str, Lead]) -> None:
        with unguarded("lead_open_has_an_owner"):
            by_owner("UPDATE leads_lead SET owner_id = NULL WHERE id = " + LATE)
            found = {f.check: f for f in invariants.of_workspace(Workspace.objects.get(slug="acme")).findings}
        finding = found["an open lead has an active owner"]
        assert (finding.invariant, finding.count, finding.rows) == (2, 1, ((busy["late"].pk, "owner none"),))


class TestOverdue:
    def beat(self, before: timedelta) -> None:
        with connections["clock"].cursor() as cursor:
            cursor.execute("INSERT INTO sla_heartbeat VALUES ('one', app_now() - %s, 0)", [before])

    @pytest.fixture
    def overdue(self, hand_off: Callable[..., Lead], tuesday: datetime) -> Lead:
        return hand_off(at=tuesday)

    def test_is_lag_while_no_clock_runs(self, overdue: Lead, acme: Workspace) -> None:
        self.beat(timedelta(minutes=1))
        code, text = run()
        assert code == 0 and "1 steps wait: no clock runs" in text

    def test_is_broken_while_a_heart_beats(self, overdue: Lead, acme: Workspace) -> None:
        self.beat(timedelta(0))
        code, text = run()
        assert code == 1 and "each step is recorded when its time has passed: 1 rows" in text


class TestCatalogue:
    @pytest.mark.parametrize(
        ("damage", "repair", "check", "name"),
        [
            ("ALTER TABLE leads_lead DISABLE ROW LEVEL SECURITY", "ALTER TABLE leads_lead ENABLE ROW LEVEL SECURITY",
             "row-level security is on and forced", "leads_lead"),
            ("ALTER TABLE sla_step NO FORCE ROW LEVEL SECURITY", "ALTER TABLE sla_step FORCE ROW LEVEL SECURITY",
             "row-level security is on and forced", "sla_step"),
            ("CREATE POLICY open_door ON leads_person TO qr_app USING (true)", "DROP POLICY open_door ON leads_person",
             "one policy binds the app to its workspace", "leads_person"),
            ("ALTER POLICY workspace_only ON leads_person WITH CHECK (true)",
             "ALTER POLICY workspace_only ON leads_person WITH CHECK (workspace_id ="
             " (SELECT nullif(current_setting('app.workspace', true), '')::bigint))",
             "one policy binds the app to its workspace", "leads_person"),
            ("ALTER TABLE sla_clock DISABLE TRIGGER running_clock_of_an_open_lead_delete",
             "ALTER TABLE sla_clock ENABLE TRIGGER running_clock_of_an_open_lead_delete",
             "the guard of open leads is at its post", "running_clock_of_an_open_lead_delete"),
            ("ALTER TABLE sla_step RENAME CONSTRAINT step_clock_same_workspace TO gone",
             "ALTER TABLE sla_step RENAME CONSTRAINT gone TO step_clock_same_workspace",
             "composite keys hold references to their workspace", "step_clock_same_workspace"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_found(self, damage: str, repair: str, check: str, name: str) -> None:
        assert invariants.of_catalogue() == []
        by_owner(damage)
        try:
            found: list[Any] = [(finding.check, finding.rows) for finding in invariants.of_catalogue()]
        finally:
            by_owner(repair)
        assert found == [(check, ((0, name),))]
        assert invariants.of_catalogue() == []
