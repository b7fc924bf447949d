"""What PostgreSQL itself refuses about clocks, whoever writes: raw SQL as the app role, committed for real."""

from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg2
import psycopg2.errors
import pytest
from django.db import connections

from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from sla.actions import enforcing
from sla.models import Clock, Step

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

RUNNING = "open_lead_has_a_running_clock"


@pytest.fixture
def lead(hand_off: Callable[..., Lead], tuesday: datetime) -> Lead:
    return hand_off(at=tuesday)


@pytest.fixture
def app(acme: Workspace) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(**connections["default"].get_connection_params())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace', %s, false)", [str(acme.pk)])
        connection.commit()
        yield cursor
    connection.close()


def refused(cursor: psycopg2.extensions.cursor) -> str | None:
    """The constraint that refused the commit."""
    with pytest.raises(psycopg2.errors.CheckViolation) as refusal:
        cursor.connection.commit()
    return refusal.value.diag.constraint_name


class TestOpenLead:
    @pytest.mark.parametrize("column", ["met_at", "cancelled_at"])
    def test_keeps_its_last_running_clock(
        self, app: psycopg2.extensions.cursor, lead: Lead, clock_of: Callable[..., Clock], column: str
    ) -> None:
        app.execute(
            f"UPDATE sla_clock SET {column} = app_now(), end_recorded_at = app_now() WHERE lead_id = %s", [lead.pk]
        )
        assert refused(app) == RUNNING
        assert getattr(clock_of(lead), column) is None

    def test_keeps_it_from_being_deleted(self, app: psycopg2.extensions.cursor, lead: Lead) -> None:
        app.execute("DELETE FROM sla_clock WHERE lead_id = %s", [lead.pk])
        assert refused(app) == RUNNING

    def test_keeps_it_from_being_given_away(
        self, app: psycopg2.extensions.cursor, lead: Lead, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        other = hand_off(at=tuesday)
        app.execute("UPDATE sla_clock SET lead_id = %s, kind = 'verdict' WHERE lead_id = %s", [other.pk, lead.pk])
        assert refused(app) == RUNNING

    def test_does_not_arrive_without_one(self, app: psycopg2.extensions.cursor, lead: Lead) -> None:
        app.execute("UPDATE leads_lead SET state = 'closed_unknown', ended_at = app_now() WHERE id = %s", [lead.pk])
        app.execute(
            "INSERT INTO leads_lead (workspace_id, person_id, source_id, state, owner_id, in_team_queue, is_flagged, band,"
            " persona, missing_facts, trigger_events, note, reason, arrived_at, recorded_at)"
            " SELECT workspace_id, person_id, source_id, 'nurturing', owner_id, false, false, '', '', '{}', '{}', '', '',"
            " app_now(), app_now() FROM leads_lead WHERE id = %s", [lead.pk],
        )  # fmt: skip
        assert refused(app) == RUNNING

    def test_may_swap_one_for_another(self, app: psycopg2.extensions.cursor, lead: Lead) -> None:
        app.execute(
            "UPDATE sla_clock SET cancelled_at = app_now(), end_recorded_at = app_now() WHERE lead_id = %s RETURNING id",
            [lead.pk],
        )
        app.execute(
            "INSERT INTO sla_clock (workspace_id, lead_id, handoff_id, kind, owner_id, agreement_id, policy, started_at,"
            " business_seconds, due_at, step_at, steps, next_step, next_step_at, failures)"
            " SELECT workspace_id, lead_id, handoff_id, 'verdict', owner_id, agreement_id, policy, started_at,"
            " business_seconds, due_at, step_at, steps, 0, due_at, 0 FROM sla_clock WHERE lead_id = %s", [lead.pk],
        )  # fmt: skip
        app.connection.commit()

    def test_may_end_with_its_clock(self, app: psycopg2.extensions.cursor, lead: Lead) -> None:
        app.execute(
            "UPDATE sla_clock SET cancelled_at = app_now(), end_recorded_at = app_now() WHERE lead_id = %s", [lead.pk]
        )
        app.execute("UPDATE leads_lead SET state = 'closed_unknown', ended_at = app_now() WHERE id = %s", [lead.pk])
        app.connection.commit()

    def test_has_an_owner(self, app: psycopg2.extensions.cursor, lead: Lead) -> None:
        with pytest.raises(psycopg2.errors.CheckViolation, match="lead_open_has_an_owner"):
            app.execute("UPDATE leads_lead SET owner_id = NULL WHERE id = %s", [lead.pk])


class TestClock:
    def test_runs_once_per_lead_and_kind(self, app: psycopg2.extensions.cursor, lead: Lead) -> None:
        with pytest.raises(psycopg2.errors.UniqueViolation, match="clock_one_running_per_lead_and_kind"):
            app.execute(
                "INSERT INTO sla_clock (workspace_id, lead_id, kind, owner_id, agreement_id, policy, started_at,"
                " business_seconds, due_at, step_at, steps, next_step, failures)"
                " SELECT workspace_id, lead_id, kind, owner_id, agreement_id, policy, started_at, business_seconds, due_at,"
                " step_at, steps, 0, 0 FROM sla_clock WHERE lead_id = %s", [lead.pk],
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("kind = 'guess'", "clock_kind_is_known"),
            ("breached_at = due_at + interval '1 second'", "clock_breach_is_dated_at_the_deadline"),
            ("met_at = app_now(), cancelled_at = app_now(), end_recorded_at = app_now()", "clock_ends_once"),
            ("met_at = app_now()", "clock_end_is_recorded"),
            ("end_recorded_at = app_now()", "clock_end_is_recorded"),
            ("taken_seconds = 5", "clock_took_time_only_when_met"),
        ],
    )
    def test_tells_no_nonsense(self, app: psycopg2.extensions.cursor, lead: Lead, change: str, constraint: str) -> None:
        with pytest.raises(psycopg2.errors.CheckViolation, match=constraint):
            app.execute(f"UPDATE sla_clock SET {change} WHERE lead_id = %s", [lead.pk])


class TestStep:
    @pytest.fixture
    def stepped(self, lead: Lead, acme: Workspace, tuesday: datetime) -> Lead:
        with tenancy.scope(acme.pk) as scope:
            enforcing.sweep(at=scope.now, workspace_id=acme.pk)
        return lead

    @pytest.mark.parametrize("statement", ["UPDATE sla_step SET told_at = NULL", "DELETE FROM sla_step"])
    def test_can_be_neither_changed_nor_deleted(
        self, app: psycopg2.extensions.cursor, stepped: Lead, statement: str, acme: Workspace
    ) -> None:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            app.execute(statement)
        with tenancy.scope(acme.pk):
            assert Step.objects.count() == 2

    def test_happens_once(self, app: psycopg2.extensions.cursor, stepped: Lead) -> None:
        with pytest.raises(psycopg2.errors.UniqueViolation, match="step_happens_once"):
            app.execute(
                "INSERT INTO sla_step (workspace_id, clock_id, step, kind, due_at, noticed_at)"
                " SELECT workspace_id, clock_id, step, kind, due_at, noticed_at FROM sla_step LIMIT 1"
            )

    def test_belongs_to_a_clock_of_the_same_workspace(
        self, app: psycopg2.extensions.cursor, stepped: Lead, rival: Workspace
    ) -> None:
        app.execute("SELECT set_config('app.workspace', %s, false)", [str(rival.pk)])
        with pytest.raises(psycopg2.errors.ForeignKeyViolation, match="step_clock_same_workspace"):
            app.execute(
                "INSERT INTO sla_step (workspace_id, clock_id, step, kind, due_at, noticed_at)"
                " VALUES (%s, %s, 7, 'late', app_now(), app_now())",
                [rival.pk, stepped.pk],
            )
