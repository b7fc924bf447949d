"""What happened, told to whoever must know, inside the transaction in which it happened.

Events are frozen dataclasses of ids and instants, in the past tense. Who listens is written in one place,
`quotarider.lifecycle`. A subscriber that fails fails the action: so a hand-off without a running clock can't exist.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

Subscriber = Callable[[Any], None]


@dataclass(frozen=True)
class Event:
    """Base of all events: which workspace, and when it happened (aware UTC)."""

    workspace_id: int
    at: datetime


class UnroutedEvent(RuntimeError):
    """An event without a row in `quotarider.lifecycle`: say there who listens, even if nobody does."""


_lifecycle: dict[type[Event], Sequence[Subscriber]] = {}


def connect(lifecycle: Mapping[type[Event], Sequence[Subscriber]]) -> None:
    """Sets the table of subscribers; called once at start-up."""
    _lifecycle.clear()
    _lifecycle.update(lifecycle)


def publish(event: Event) -> None:
    """Runs the event's subscribers in order, in the current transaction.

    Raises: TransactionManagementError outside a transaction, UnroutedEvent without a row in the lifecycle.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Events are published inside the transaction they belong to.")
    if type(event) not in _lifecycle:
        raise UnroutedEvent(type(event).__name__)
    for subscriber in _lifecycle[type(event)]:
        subscriber(event)
