"""The inbox: what was sent is recognised when it comes again, and kept word for word."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from leads.models import IntakeRecord, Lead, Source
from leads.queries import intake as queries
from leads.rules.candidate import Candidate
from quotarider import tenancy
from quotarider.errors import Conflict
from quotarider.tenancy import bulk

# Advisory locks of a workspace: exact ones, in groups. PostgreSQL's lock table has room for some thousands, so a batch
# with many identities locks whole groups instead, which exclude the exact locks in them.
LOCKS: Final = 65_536
GROUPS: Final = 64
EXACT_MOST: Final = 500


class KeyReused(Conflict):
    """The same Idempotency-Key came with another payload."""


@dataclass(frozen=True)
class Arrival:
    """One lead on its way in: as read, as sent, its SHA-256, and the sender's idempotency key if there is one.

    `by_content`: without a key or an id of the sender's, the same content from the same source is a repeat (rows of files).
    """

    candidate: Candidate
    payload: Any
    digest: str
    key: str | None = None
    by_content: bool = False

    @property
    def identity(self) -> str | None:
        """What makes a repeat of it recognisable: the sender's key, or its id together with its content."""
        if self.key:
            return f"key:{self.key}"
        if self.candidate.external_id:
            return f"id:{self.candidate.external_id}:{self.digest[:32]}"
        return f"row:{self.digest}" if self.by_content else None


@dataclass(frozen=True)
class Received:
    """What became of an arrival.

    `status`: created, joined (an open lead, or the sender's own earlier one), repeated, or conflict: its key was used
    for another payload, whose lead this is, and nothing was stored.
    """

    lead_id: int
    public_id: UUID
    status: str


@dataclass
class Work:
    """One arrival being worked on; `first` is the one in the same batch that it repeats."""

    arrival: Arrival
    lead: Lead | None = None
    status: str = ""
    first: "Work | None" = None

    def received(self) -> Received:
        """What to answer; a twin answers with what became of the first."""
        lead = self.first.lead if self.first else self.lead
        assert lead is not None
        return Received(lead.pk, lead.public_id, self.status)


def lock_identities(arrivals: Iterable[Arrival]) -> None:
    """Holds until commit all that these leads could be recognised by, so that the same one sent twice at once is one.

    Groups before exact locks, each in ascending order: so no two batches can wait for each other.
    """
    identities: set[str | None] = set()
    for arrival in arrivals:
        c = arrival.candidate
        identities |= {arrival.identity, c.email_norm, c.phone_norm, c.domain and f"@{c.domain}", c.external_id}
    exact = {zlib.crc32(each.encode()) % LOCKS for each in identities if each}
    groups = sorted({lock % GROUPS for lock in exact})
    is_large = len(exact) > EXACT_MOST
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN is_shared THEN pg_advisory_xact_lock_shared(k) ELSE pg_advisory_xact_lock(k) END "
            "FROM unnest(%s::bigint[], %s::boolean[]) AS l(k, is_shared)",
            _keys(groups, [] if is_large else sorted(exact), groups_shared=not is_large),
        )


def _keys(groups: Sequence[int], exact: Sequence[int], *, groups_shared: bool) -> tuple[list[int], list[bool]]:
    """The keys to lock in this order, and which of them are shared."""
    base = tenancy.current().workspace_id * (GROUPS + LOCKS)
    keys = [*(base + group for group in groups), *(base + GROUPS + lock for lock in exact)]
    return keys, [*([groups_shared] * len(groups)), *([False] * len(exact))]


def recognise_repeats(work: Sequence[Work], source: Source) -> list[Work]:
    """Answers what was sent before, in this batch or an earlier one; returns the rest."""
    known = queries.by_identity(source, [w.arrival.identity for w in work if w.arrival.identity])
    seen: dict[str, Work] = {}
    for one in work:
        identity = one.arrival.identity
        if identity is None:
            continue
        if record := known.get(identity):
            one.lead, one.status = record.lead, _repeated(record.digest, one)
        elif (first := seen.setdefault(identity, one)) is not one:
            one.first, one.status = first, _repeated(first.arrival.digest, one)
    return [one for one in work if not one.status]


def _repeated(digest: str, one: Work) -> str:
    return "repeated" if digest == one.arrival.digest else "conflict"


def keep_payloads(work: Sequence[Work], *, source: Source, at: datetime) -> None:
    """Stores what was sent, each with the lead it became or joined."""
    bulk.insert(
        [
            IntakeRecord(
                source_id=source.pk,
                key=one.arrival.identity,
                digest=one.arrival.digest,
                payload=one.arrival.payload,
                is_new_lead=one.status == "created",
                lead=one.lead,
                received_at=at,
            )
            for one in work
        ]
    )
