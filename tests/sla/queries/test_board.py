"""The board's figures, exact, and that each is read through an index."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from feedback.actions import verdicts
from feedback.models import Reason
from handoff.actions import giving, touching
from handoff.models import Handoff
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.actions import enforcing
from sla.models import Clock
from sla.queries import board, clocks, running
from sla.queries.board import Delivered, Period, Workload
from tests.factories import leads

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = "Europe/Berlin"


@pytest.fixture
def story(
    acme: Workspace, hand_off: Callable[..., Lead], rep: Member, manager: Member, tuesday: datetime
) -> Iterator[dict[str, Lead]]:
    """Hand-offs of a Tuesday at 10: touched after 4, 10 and 40 minutes; one untouched, one taken away late, one early."""
    with tenancy.scope(acme.pk) as scope:
        made = {
            name: hand_off(at=tuesday, full_name=name)
            for name in ("4", "10", "40", "none", "taken late", "taken early")
        }
        of = {name: Handoff.objects.get(lead_id=lead.pk) for name, lead in made.items()}
        for minutes in (4, 10, 40):
            call = touching.Attempt(kind="call", result="reached")
            touching.touch(of[str(minutes)], call, by=rep, at=tuesday + minutes * MINUTE)
        giving.hand_over(of["taken early"], to=manager, why="", by=manager, at=tuesday + 5 * MINUTE)
        giving.hand_over(of["taken late"], to=manager, why="", by=manager, at=tuesday + 20 * MINUTE)
        made["nurtured"] = leads.lead(at=tuesday, **leads.NURTURED)
        enforcing.sweep(at=tuesday + HOUR, workspace_id=scope.workspace_id)
        yield made


@pytest.fixture
def hour_later(tuesday: datetime) -> Period:
    return Period(tuesday - DAY, tuesday + HOUR, BERLIN)


class TestFirstTouches:
    def test_of_a_rep(self, story: dict[str, Lead], hour_later: Period, rep: Member) -> None:
        """Decided: 4 and 10 in time; 40, none and taken late are late. Taken away in time decides nothing."""
        speed = board.first_touches(hour_later).by_owner[rep.pk]
        assert (speed.decided, speed.in_time, speed.late, speed.share) == (5, 2, 3, 0.4)
        assert (speed.business_p50, speed.wall_p50) == (600, 600)
        assert speed.business_p90 == pytest.approx(600 + 0.8 * 1800)
        assert speed.buckets == (1, 1, 1, 0, 0)

    def test_of_all(self, story: dict[str, Lead], hour_later: Period) -> None:
        """The manager's two, taken at :05 and :20, are late as well."""
        speed = board.first_touches(hour_later).whole
        assert (speed.decided, speed.in_time) == (7, 2)

    def test_by_the_hour_they_were_due(self, story: dict[str, Lead], hour_later: Period) -> None:
        by_hour = board.first_touches(hour_later).by_hour
        assert {key: (speed.decided, speed.late) for key, speed in by_hour.items()} == {(2, 10): (7, 5)}

    def test_at_closing_time_is_of_the_hour_before(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime
    ) -> None:
        with tenancy.scope(acme.pk):
            hand_off(at=tuesday + 7 * HOUR + 45 * MINUTE)  # due 18:00
            by_hour = board.first_touches(Period(tuesday, tuesday + DAY, BERLIN)).by_hour
        assert list(by_hour) == [(2, 17)]

    def test_business_time_is_not_wall_time(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime, rep: Member
    ) -> None:
        with tenancy.scope(acme.pk):
            lead = hand_off(at=tuesday + 8 * HOUR - 10 * MINUTE)  # 17:50
            handoff = Handoff.objects.get(lead_id=lead.pk)
            call = touching.Attempt(kind="call", result="reached")
            touching.touch(handoff, call, by=rep, at=tuesday + 23 * HOUR + 2 * MINUTE)  # 09:02
            speed = board.first_touches(Period(tuesday, tuesday + DAY, BERLIN)).whole
        assert (speed.business_p50, speed.wall_p50, speed.in_time) == (12 * 60, 15 * 3600 + 12 * 60, 1)

    def test_nothing_yet(self, acme: Workspace, hour_later: Period) -> None:
        with tenancy.scope(acme.pk):
            speed = board.first_touches(hour_later).whole
        assert (speed.decided, speed.share, speed.business_p50) == (0, None, None)

    def test_only_of_the_period_and_the_owners(
        self, story: dict[str, Lead], hour_later: Period, manager: Member, tuesday: datetime
    ) -> None:
        mine = Period(hour_later.since, hour_later.now, BERLIN, (manager.pk,))
        assert board.first_touches(mine).whole.decided == 2
        assert board.first_touches(Period(tuesday + MINUTE, hour_later.now, BERLIN)).whole.decided == 2

    def test_a_withdrawn_lateness_counts_as_in_time(
        self, acme: Workspace, hand_off: Callable[..., Lead], tuesday: datetime, rep: Member
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            handoff = Handoff.objects.get(lead_id=hand_off(at=tuesday).pk)
            enforcing.sweep(at=tuesday + 16 * MINUTE, workspace_id=scope.workspace_id)
            call = touching.Attempt(kind="call", result="reached", opened_at=tuesday + 14 * MINUTE)
            touching.touch(handoff, call, by=rep, at=tuesday + 20 * MINUTE)
            speed = board.first_touches(Period(tuesday, tuesday + HOUR, BERLIN)).whole
        assert (speed.decided, speed.in_time) == (1, 1)


class TestRows:
    @pytest.mark.parametrize(
        ("outcome", "names"),
        [
            ("late", {"40", "none", "taken late", "taken early"}),
            ("in_time", {"4", "10"}),
            ("running", {"none", "taken late", "taken early"}),
        ],
    )
    def test_are_those_behind_the_figure(
        self, story: dict[str, Lead], hour_later: Period, outcome: str, names: set[str]
    ) -> None:
        found = clocks.behind(hour_later, outcome=outcome)
        assert {line.clock.lead.person.full_name for line in found} == names

    def test_are_as_many_as_were_counted(self, story: dict[str, Lead], hour_later: Period) -> None:
        speed = board.first_touches(hour_later).whole
        assert len(clocks.behind(hour_later, outcome="decided")) == speed.decided
        assert len(clocks.behind(hour_later, outcome="late", weekday=2, hour=10)) == speed.late
        assert clocks.behind(hour_later, weekday=2, hour=11) == []


class TestLedger:
    def test_arrived_is_the_sum_of_its_columns(self, story: dict[str, Lead]) -> None:
        counted = board.ledger()
        assert counted["arrived"] == 7 == sum(count for column, count in counted.items() if column != "arrived")
        assert (counted["nurtured"], counted["in_queue"], counted["in_work"]) == (1, 3, 3)

    def test_holds_no_lead_of_another_workspace(self, story: dict[str, Lead]) -> None:
        assert board.ledger()["arrived"] == Lead.objects.count() == 7

    def test_is_zero_in_a_new_workspace(self, rival: Workspace) -> None:
        with tenancy.scope(rival.pk):
            assert set(board.ledger().values()) == {0}


class TestWorkloads:
    def test_counts_what_was_given_what_is_open_and_what_is_late(
        self, story: dict[str, Lead], hour_later: Period, rep: Member, manager: Member
    ) -> None:
        found = board.workloads(hour_later)
        assert found == {rep.pk: Workload(given=6, open=4, late=1), manager.pk: Workload(given=2, open=2, late=2)}


class TestDelivered:
    def test_counts_leads_once_and_what_sales_made_of_them(
        self, story: dict[str, Lead], hour_later: Period, rep: Member, tuesday: datetime
    ) -> None:
        at = tuesday + 50 * MINUTE
        reason = Reason.objects.filter(use="reject", asks="")[0]
        verdicts.reject(
            Handoff.objects.get(lead_id=story["4"].pk, ended_at=None), verdicts.Rejection(reason), by=rep, at=at
        )
        step = verdicts.Acceptance({}, "Call again", at + DAY)
        for name in ("10", "40"):
            verdicts.accept(Handoff.objects.get(lead_id=story[name].pk, ended_at=None), step, by=rep, at=at)
        found = board.delivered(hour_later, month=tuesday - DAY)
        assert found == Delivered(month=6, accepted=2, judged=3)
        assert found.accepted_share == pytest.approx(2 / 3)
        assert board.delivered(hour_later, month=tuesday + MINUTE).month == 2


class TestNow:
    def test_lists_the_late_oldest_first_and_what_is_due_soon(
        self, story: dict[str, Lead], tuesday: datetime, rep: Member
    ) -> None:
        at = tuesday + 18 * MINUTE
        found = running.now(Period(tuesday, at, BERLIN))
        assert [(due.who, due.obligation) for due in found.late] == [("none", "First touch")]
        assert [due.who for due in found.soon] == ["taken early", "taken late"]
        assert (found.late_count, found.soon_count) == (1, 2)
        assert (found.late[0].owner, found.late[0].told) == ("Rep", "Manager told")

    def test_says_how_many_more_there_are(
        self, story: dict[str, Lead], tuesday: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "SHOWN", 1)
        found = running.now(Period(tuesday, tuesday + HOUR, BERLIN))
        assert (len(found.late), found.late_count) == (1, 3)

    def test_the_deadline_itself_is_not_late(self, story: dict[str, Lead], tuesday: datetime) -> None:
        assert running.late_count(tuesday + 15 * MINUTE) == 0
        assert running.late_count(tuesday + 15 * MINUTE + timedelta(microseconds=1)) == 1


class TestLag:
    def test_is_from_due_to_noticed(self, story: dict[str, Lead], tuesday: datetime) -> None:
        """Swept at 11:00: warned due 10:12, 10:17, 10:32 and late due 10:15, 10:20, 10:35, of three clocks."""
        found = running.lag(tuesday + 2 * HOUR)
        assert (found.steps, found.parked, found.beat_at) == (6, 0, None)
        assert found.noticed is not None and found.told is not None
        assert (found.noticed[2], found.told[2]) == (48 * 60, 45 * 60)

    def test_of_the_last_day_only(self, story: dict[str, Lead], tuesday: datetime) -> None:
        assert running.lag(tuesday + 25 * HOUR + MINUTE).steps == 0


class TestOfLead:
    def test_tells_each_step_and_the_verdict(self, story: dict[str, Lead], tuesday: datetime) -> None:
        verdict, touch = clocks.of_lead(story["40"].pk, tuesday + HOUR)
        assert (verdict.label, verdict.state, touch.label, touch.state) == (
            "Verdict",
            "running",
            "First touch",
            "met_late",
        )
        assert touch.by == 25 * MINUTE
        assert touch.steps == []

    def test_shows_what_is_to_come(self, story: dict[str, Lead], tuesday: datetime) -> None:
        (line,) = clocks.of_lead(story["none"].pk, tuesday + HOUR)
        assert (line.state, line.is_running, line.ahead) == ("late", True, [])
        assert [(step.label, step.lag) for step in line.steps] == [
            ("Warn the owner", 48 * MINUTE),
            ("Mark late, tell owner and manager", 45 * MINUTE),
        ]

    def test_what_was_taken_away_in_time_was_no_longer_owed(self, story: dict[str, Lead], tuesday: datetime) -> None:
        states = [line.state for line in clocks.of_lead(story["taken early"].pk, tuesday + HOUR)]
        assert states == ["late", "cancelled"]
        assert [line.state for line in clocks.of_lead(story["taken late"].pk, tuesday + HOUR)] == ["late", "late"]


class TestPlans:
    """With sequential scans made dear, none is left: each question has an index that row-level security lets through."""

    BIG = {"sla_clock", "sla_step", "handoff_handoff", "leads_lead"}

    def scans(self, sql: str, parameters: Any) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
            answer = cursor.fetchone()[0]
        plan = answer if isinstance(answer, list) else json.loads(answer)
        return {
            node["Relation Name"] for node in self.nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"
        } & self.BIG

    def nodes(self, plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield plan
        for child in plan.get("Plans", ()):
            yield from self.nodes(child)

    @pytest.mark.parametrize("name", ["FIRST_TOUCHES", "WORKLOADS", "DELIVERED", "DUE", "LAG"])
    def test_use_indexes(self, acme: Workspace, hour_later: Period, name: str) -> None:
        sql = getattr(board, name, None) or getattr(running, name)
        with tenancy.scope(acme.pk):
            parameters = {**hour_later.parameters, "month": hour_later.since, "until": hour_later.now, "shown": 50}
            assert self.scans(sql, parameters) == set()

    def test_the_ledger_too(self, acme: Workspace) -> None:
        with tenancy.scope(acme.pk):
            assert self.scans(board.LEDGER, [acme.pk]) == set()

    def test_the_late_count_too(self, acme: Workspace, hour_later: Period) -> None:
        with tenancy.scope(acme.pk):
            rows = Clock.objects.filter(met_at=None, cancelled_at=None, due_at__lt=hour_later.now)
            sql, parameters = rows.query.sql_with_params()
            assert self.scans(sql, parameters) == set()
