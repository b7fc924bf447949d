"""The pulse of a member's queue: a mark in the cache, by which a page learns within two seconds that something changed.

The mark is the queue's fingerprint as last read from the database, or a fresh word after a change. It is gone after
15 seconds, so that a page looks into the database at least that often; nothing that is promised depends on it.
"""

import secrets
from collections.abc import Iterable
from functools import partial

from django.core.cache import cache
from django.db import transaction

LOOKED_SECONDS = 15
CHANGED_SECONDS = 5  # long enough to outlive a look that began before the change


def changed(member_ids: Iterable[int | None]) -> None:
    """After this transaction commits, whoever watches these queues looks again."""
    ids = sorted({pk for pk in member_ids if pk})
    if ids:
        transaction.on_commit(partial(_mark, ids), robust=True)


def _mark(member_ids: list[int]) -> None:
    cache.set_many({_key(pk): f"changed-{secrets.token_hex(6)}" for pk in member_ids}, CHANGED_SECONDS)


def seen(member_id: int) -> str | None:
    """The mark, if there is one: one read of the cache."""
    found = cache.get(_key(member_id))
    return str(found) if found else None


def remember(member_id: int, fingerprint: str) -> None:
    """Leaves the fingerprint as the mark, unless a change left one meanwhile."""
    cache.add(_key(member_id), fingerprint, LOOKED_SECONDS)


def _key(member_id: int) -> str:
    return f"queue:{member_id}"
