from itertools import product

import pytest

from leads.rules import states

ALLOWED = {
    None: "nurturing held handed_off disqualified won lost closed_unknown",
    "nurturing": "held handed_off disqualified won lost",
    "held": "nurturing handed_off disqualified won lost",
    "handed_off": "handed_off working accepted returned disqualified won lost",
    "working": "handed_off accepted returned disqualified won lost",
    "accepted": "opportunity returned disqualified won lost",
    "opportunity": "disqualified won lost",
    "returned": "nurturing held handed_off disqualified won lost",
    "closed_unknown": "won lost",
    "won": "",
    "lost": "",
    "disqualified": "",
}


class TestMoves:
    @pytest.mark.parametrize("current, to", list(product(ALLOWED, states.STATES)))
    def test_are_allowed_as_agreed(self, current, to):
        assert states.can_move(current, to) is (to in ALLOWED[current].split())

    def test_from_a_state_that_is_none_raise(self):
        with pytest.raises(KeyError):
            states.can_move("asleep", "won")

    def test_to_a_state_that_is_none_are_not_allowed(self):
        assert states.can_move("nurturing", "asleep") is False

    def test_every_open_lead_can_end_and_every_state_can_be_reached(self):
        assert all(states.can_move(state, end) for state in states.OPEN for end in ("won", "lost", "disqualified"))
        assert frozenset().union(*states.TRANSITIONS.values()) == frozenset(states.STATES)


class TestSets:
    def test_each_state_is_marketings_or_sales_or_closed(self):
        parts = (states.MARKETINGS, states.SALES, states.CLOSED)
        assert sorted(state for part in parts for state in part) == sorted(states.STATES)
        assert states.OPEN == states.MARKETINGS | states.SALES

    def test_rejecting_and_losing_need_a_reason(self):
        assert {"returned", "lost"} == states.NEEDS_REASON


class TestLedger:
    @pytest.mark.parametrize(
        "column, counted",
        [
            ("nurtured", "nurturing"),
            ("held", "held"),
            ("in_queue", "handed_off"),
            ("in_work", "working accepted opportunity"),
            ("returned", "returned"),
            ("closed", "won lost disqualified closed_unknown"),
        ],
    )
    def test_counts_each_state_in_one_column(self, column, counted):
        assert [state for state in states.STATES if states.ledger_column(state) == column] == counted.split()

    def test_has_no_other_columns(self):
        assert {states.ledger_column(state) for state in states.STATES} == set(states.LEDGER_COLUMNS)
