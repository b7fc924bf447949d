from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from handoff.rules import listing

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def handoff(**given: Any) -> Any:
    usual = {
        "act_by": AT + MINUTE,
        "act_on": "first_touch",
        "score": 88,
        "in_team_queue": False,
        "step_planned_at": None,
    }
    return SimpleNamespace(
        **usual | {"handed_off_at": AT - MINUTE, "first_touch_at": None, "accepted_at": None} | given
    )


class TestItem:
    @pytest.mark.parametrize(
        "given, tag, tone",
        [
            ({}, "Score 88", ""),
            ({"act_by": AT}, "Score 88", ""),
            ({"act_by": AT - MINUTE}, "Late · first touch", "late"),
            ({"act_by": AT - MINUTE, "act_on": "verdict"}, "Late · verdict", "late"),
            ({"act_on": "verdict"}, "Verdict", ""),
            ({"act_on": "next_step"}, "Next step", ""),
            ({"in_team_queue": True}, "Team’s queue", ""),
            ({"act_by": None, "act_on": ""}, "Score 88", ""),
        ],
    )
    def test_says_what_is_owed(self, given: dict[str, Any], tag: str, tone: str) -> None:
        item = listing.item(handoff(**given), AT)
        assert (item.tag, item.tone) == (tag, tone)

    def test_runs_from_where_its_clock_began(self) -> None:
        touched, planned = AT + MINUTE, AT + 2 * MINUTE
        assert listing.item(handoff(), AT).started_at == AT - MINUTE
        assert listing.item(handoff(act_on="verdict", first_touch_at=touched), AT).started_at == touched
        assert listing.item(handoff(act_on="next_step", step_planned_at=planned), AT).started_at == planned


class TestSummary:
    def test_counts_late_and_due_within_15_minutes(self) -> None:
        times = [None, AT - MINUTE, AT, AT + 15 * MINUTE, AT + 16 * MINUTE]
        assert listing.summary(times, AT) == listing.Summary(count=5, late=1, soon=2)

    def test_of_nothing_is_zero(self) -> None:
        assert listing.summary([], AT) == listing.Summary(0, 0, 0)


class TestFingerprint:
    ROWS = [(1, AT, AT), (2, None, AT + MINUTE)]

    def test_is_the_same_in_any_order(self) -> None:
        assert listing.fingerprint(self.ROWS, AT) == listing.fingerprint(self.ROWS[::-1], AT)

    def test_differs_when_a_lead_comes_a_deadline_moves_or_passes(self) -> None:
        before = listing.fingerprint(self.ROWS, AT)
        others = [
            listing.fingerprint([*self.ROWS, (3, AT, AT)], AT),
            listing.fingerprint([(1, AT + MINUTE, AT), self.ROWS[1]], AT),
            listing.fingerprint(self.ROWS, AT + MINUTE),
        ]
        assert before not in others

    def test_counts_what_came_after_the_page(self) -> None:
        shown = listing.basis(self.ROWS)
        assert listing.newer(self.ROWS, shown) == 0
        assert listing.newer([*self.ROWS, (3, None, AT + 2 * MINUTE)], shown) == 1
        assert listing.newer(self.ROWS, listing.basis([])) == 2

    @pytest.mark.parametrize("forged", ["", "x", "-1", "1.5", "٣", "9" * 30])
    def test_takes_no_harm_from_a_forged_basis(self, forged: str) -> None:
        assert listing.newer(self.ROWS, forged) == 0


class TestSoon:
    def test_is_the_last_quarter_and_of_a_chosen_date_two_hours_at_most(self) -> None:
        day = {"act_on": "next_step", "step_planned_at": AT, "act_by": AT + timedelta(hours=20)}
        assert listing.item(handoff(), AT).soon_share == 0.25
        assert listing.item(handoff(**day), AT).soon_share == 0.1
        assert listing.item(handoff(**day | {"act_by": AT + timedelta(hours=2)}), AT).soon_share == 0.25
        assert listing.item(handoff(**day | {"act_by": AT + timedelta(days=9999)}), AT).soon_share == 0.0001
