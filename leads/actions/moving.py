"""Changing leads in bulk: states, owners, scores. The only SQL that writes a lead's state."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from leads.rules import states
from quotarider import tenancy
from quotarider.errors import Conflict


class LeadMoved(Conflict):
    """The lead is no longer where the action found it."""


class Move(NamedTuple):
    """One lead's next state and who answers for it then (None keeps the owner)."""

    lead_id: int
    state: str
    owner_id: int | None = None
    in_team_queue: bool = False


def move(moves: Sequence[Move], *, at: datetime, reason: str = "", expected: Iterable[str] | None = None) -> list[int]:
    """Moves each lead from a state that allows it; returns the ids that moved, in the order given.

    `expected` narrows the states it may come from. An end gets `ended_at`; a state after an end loses it.
    """
    if not moves:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE leads_lead l
               SET state = m.state,
                   owner_id = coalesce(m.owner_id, l.owner_id),
                   in_team_queue = m.in_team_queue,
                   reason = CASE WHEN %(reason)s <> '' THEN %(reason)s ELSE l.reason END,
                   qualified_at = CASE WHEN m.state = 'handed_off' THEN coalesce(l.qualified_at, %(at)s)
                                       ELSE l.qualified_at END,
                   ended_at = CASE WHEN m.state = ANY(%(closed)s) THEN coalesce(l.ended_at, %(at)s) END
              FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(owners)s::bigint[], %(queued)s::boolean[])
                   AS m(id, state, owner_id, in_team_queue)
             WHERE l.workspace_id = %(workspace)s AND l.id = m.id AND l.state || '>' || m.state = ANY(%(allowed)s)
            RETURNING l.id
            """,
            {
                "workspace": tenancy.current().workspace_id,
                "at": at,
                "reason": reason,
                "closed": sorted(states.CLOSED),
                "ids": [m.lead_id for m in moves],
                "states": [m.state for m in moves],
                "owners": [m.owner_id for m in moves],
                "queued": [m.in_team_queue for m in moves],
                "allowed": _allowed({m.state for m in moves}, expected),
            },
        )
        moved = {row[0] for row in cursor.fetchall()}
    return [m.lead_id for m in moves if m.lead_id in moved]


def move_one(
    lead_id: int,
    state: str,
    *,
    at: datetime,
    owner_id: int | None = None,
    reason: str = "",
    expected: Iterable[str] | None = None,
) -> None:
    """Moves one lead. Raises: LeadMoved when it is elsewhere by now."""
    if not move([Move(lead_id, state, owner_id)], at=at, reason=reason, expected=expected):
        raise LeadMoved("This lead has moved on in the meantime. Reload to see where it is.")


def _allowed(targets: set[str], expected: Iterable[str] | None) -> list[str]:
    sources = states.STATES if expected is None else expected
    return [f"{before}>{after}" for before in sources for after in targets if states.can_move(before, after)]
