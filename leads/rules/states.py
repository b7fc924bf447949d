"""The states of a lead, which may follow which, and the ledger's column for each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NURTURING: Final = "nurturing"
HELD: Final = "held"
HANDED_OFF: Final = "handed_off"
WORKING: Final = "working"
ACCEPTED: Final = "accepted"
OPPORTUNITY: Final = "opportunity"
RETURNED: Final = "returned"
WON: Final = "won"
LOST: Final = "lost"
DISQUALIFIED: Final = "disqualified"
CLOSED_UNKNOWN: Final = "closed_unknown"

MARKETINGS: Final = frozenset({NURTURING, HELD, RETURNED})
"""Open, and marketing owes the next move."""
SALES: Final = frozenset({HANDED_OFF, WORKING, ACCEPTED, OPPORTUNITY})
"""Open, and sales owes the next move."""
OPEN: Final = MARKETINGS | SALES
CLOSED: Final = frozenset({WON, LOST, DISQUALIFIED, CLOSED_UNKNOWN})
STATES: Final = (
    NURTURING,
    HELD,
    HANDED_OFF,
    WORKING,
    ACCEPTED,
    OPPORTUNITY,
    RETURNED,
    WON,
    LOST,
    DISQUALIFIED,
    CLOSED_UNKNOWN,
)
NEEDS_REASON: Final = frozenset({RETURNED, LOST})
"""Entered only with a reason: the fourth invariant."""

_TOLD: Final = frozenset({WON, LOST, DISQUALIFIED})
"""Where any open lead may go: an import tells its outcome, or a member disqualifies it."""

TRANSITIONS: Final[Mapping[str | None, frozenset[str]]] = MappingProxyType(
    {
        None: frozenset({NURTURING, HELD, HANDED_OFF, CLOSED_UNKNOWN}) | _TOLD,
        NURTURING: frozenset({HELD, HANDED_OFF}) | _TOLD,
        HELD: frozenset({NURTURING, HANDED_OFF}) | _TOLD,
        # to itself and back from working: another rep gets it, and the first-touch clock starts anew
        HANDED_OFF: frozenset({HANDED_OFF, WORKING, ACCEPTED, RETURNED}) | _TOLD,
        WORKING: frozenset({HANDED_OFF, ACCEPTED, RETURNED}) | _TOLD,
        ACCEPTED: frozenset({OPPORTUNITY, RETURNED}) | _TOLD,
        OPPORTUNITY: _TOLD,
        RETURNED: frozenset({NURTURING, HELD, HANDED_OFF}) | _TOLD,
        CLOSED_UNKNOWN: frozenset({WON, LOST}),
        WON: frozenset(),
        LOST: frozenset(),
        DISQUALIFIED: frozenset(),
    }
)
"""The states that may follow each; None is a lead that arrives."""

LEDGER_COLUMNS: Final = ("nurtured", "held", "in_queue", "in_work", "returned", "closed")
_COLUMN: Final[Mapping[str, str]] = MappingProxyType(
    {
        NURTURING: "nurtured",
        HELD: "held",
        HANDED_OFF: "in_queue",
        WORKING: "in_work",
        ACCEPTED: "in_work",
        OPPORTUNITY: "in_work",
        RETURNED: "returned",
    }
    | dict.fromkeys(CLOSED, "closed")
)


def can_move(current: str | None, to: str) -> bool:
    """Whether a lead may go from `current` (None: it arrives) to `to`. Raises: KeyError for an unknown `current`."""
    return to in TRANSITIONS[current]


def ledger_column(state: str) -> str:
    """The column that counts leads of this state; arrived is the sum of all columns. Raises: KeyError."""
    return _COLUMN[state]


LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        NURTURING: "Nurtured",
        HELD: "Held: facts missing",
        HANDED_OFF: "In queue",
        WORKING: "In work",
        ACCEPTED: "Accepted",
        OPPORTUNITY: "Opportunity",
        RETURNED: "Returned",
        WON: "Won",
        LOST: "Lost",
        DISQUALIFIED: "Disqualified",
        CLOSED_UNKNOWN: "Closed, outcome unknown",
    }
)
"""The states as people read them."""
