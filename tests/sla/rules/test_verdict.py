from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.rules.verdict import Verdict, effective_touch, verdict

DUE = datetime(2025, 6, 16, 9, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
NONE = timedelta(0)


class TestVerdict:
    @pytest.mark.parametrize(
        "touched, now, expected",
        [
            (-2 * MINUTE, NONE, Verdict("met", 2 * MINUTE)),
            (NONE, NONE, Verdict("met", NONE)),
            (TICK, MINUTE, Verdict("met_late", TICK)),
            (3 * MINUTE, 9 * MINUTE, Verdict("met_late", 3 * MINUTE)),
            (None, -4 * MINUTE, Verdict("running", 4 * MINUTE)),
            (None, NONE, Verdict("running", NONE)),
            (None, TICK, Verdict("late", TICK)),
            (None, 5 * MINUTE, Verdict("late", 5 * MINUTE)),
        ],
    )
    def test_compares_the_stored_instants(self, touched, now, expected):
        assert verdict(DUE, None if touched is None else DUE + touched, DUE + now) == expected

    @given(st.timedeltas(), st.timedeltas(timedelta(days=-9), timedelta(days=9)), st.timedeltas())
    def test_of_a_touch_does_not_depend_on_when_it_is_asked_for(self, one, touched, other):
        nows = [DUE + max(min(shift, 900 * timedelta(days=1)), -900 * timedelta(days=1)) for shift in (one, other)]
        assert len({verdict(DUE, DUE + touched, now) for now in nows}) == 1

    @given(st.timedeltas(timedelta(days=-9), timedelta(days=9)))
    def test_a_touch_at_once_is_kept_exactly_while_the_promise_is_running(self, shift):
        now = DUE + shift
        kept = verdict(DUE, now, now).kind == "met"
        assert kept == (verdict(DUE, None, now).kind == "running")
        assert verdict(DUE, now, now).by == verdict(DUE, None, now).by == abs(shift)


class TestEffectiveTouch:
    @pytest.mark.parametrize(
        "minutes, from_opening",
        [(0, True), (1, True), (30, True), (31, False), (240, False), (-1, False)],
    )
    def test_counts_from_the_opening_for_thirty_minutes(self, minutes, from_opening):
        completed = DUE + minutes * MINUTE
        assert effective_touch(DUE, completed) == (DUE if from_opening else completed)

    def test_counts_from_completion_a_moment_past_thirty_minutes(self):
        completed = DUE + 30 * MINUTE + TICK
        assert effective_touch(DUE, completed) == completed

    def test_counts_from_completion_when_it_was_never_opened(self):
        assert effective_touch(None, DUE) == DUE
