"""Intake: leads arrive, are matched, stored with what was sent, scored, and handed on. One lead is a batch of one."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from leads.actions import matching, scoring
from leads.actions import touchpoints as touchpoint_actions
from leads.events import LeadsEnded
from leads.models import Campaign, IntakeRecord, Lead, Source
from leads.queries import campaigns as campaign_queries
from leads.queries import intake as intake_queries
from leads.rules import normalise, states
from leads.rules.candidate import Candidate, SentTouchpoint
from quotarider import events, tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.errors import Conflict

LOCK_BUCKETS = 512  # advisory locks per workspace; bounded, so that a batch of a thousand can't fill the lock table


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


@dataclass
class Received:
    """What became of an arrival. `status`: created, joined (an open lead, or the sender's own earlier one), repeated."""

    lead_id: int
    public_id: UUID
    status: str


@dataclass
class _Work:
    """One arrival being worked on."""

    arrival: Arrival
    lead: Lead | None = None
    status: str = ""


@transaction.atomic
def receive(arrivals: Sequence[Arrival], *, source: Source, at: datetime, treat_as: str = "new") -> list[Received]:
    """Stores each arrival exactly once and hands it on, in the order given.

    1. Lock the identities of the batch, so that the same lead sent twice at once is one lead.
    2. Repeats answer with what they made the first time.
    3. Match people and companies; what differs is kept beside what we know.
    4. An id that the sender used before, or an open lead of the same person: the arrival joins it. Else a new lead.
    5. Touchpoints, search words, the raw payloads.
    6. Score; the later stages start the clocks. Outcomes told with the lead end it.

    `treat_as="history"` closes new leads on arrival, with the outcome told or unknown.
    Raises: KeyReused.
    """
    work = [_Work(arrival) for arrival in arrivals]
    _lock_identities(arrivals)
    _recognise_repeats(work, source)
    fresh = [one for one in work if not one.status]
    if fresh:
        _take_in(fresh, source, at, treat_as)
    return [_received(one, work) for one in work]


def _received(one: _Work, work: Sequence[_Work]) -> Received:
    """What to answer; a twin is answered as the repeat of the first of its kind."""
    if one.status == "twin":
        first = next(other for other in work if other.arrival.identity == one.arrival.identity)
        one.lead, one.status = first.lead, "repeated"
    assert one.lead is not None
    return Received(one.lead.pk, one.lead.public_id, one.status)


def _lock_identities(arrivals: Iterable[Arrival]) -> None:
    workspace_id = tenancy.current().workspace_id
    identities: set[str | None] = set()
    for arrival in arrivals:
        c = arrival.candidate
        identities |= {arrival.identity, c.email_norm, c.phone_norm, c.domain and f"@{c.domain}", c.external_id}
        identities.add(f"campaign:{campaign_queries.key_of(c.campaign)}" if c.campaign else None)
    buckets = sorted({_bucket(identity) for identity in identities if identity})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(b) FROM unnest(%s::bigint[]) AS b",
            [[workspace_id * LOCK_BUCKETS + bucket for bucket in buckets]],
        )


def _bucket(identity: str) -> int:
    return zlib.crc32(identity.encode()) % LOCK_BUCKETS  # not hash(): that differs from process to process


def _recognise_repeats(work: Sequence[_Work], source: Source) -> None:
    known = intake_queries.by_identity(source, [w.arrival.identity for w in work if w.arrival.identity])
    seen: dict[str, _Work] = {}
    for one in work:
        identity = one.arrival.identity
        record = known.get(identity) if identity else None
        if record is not None:
            if record.digest != one.arrival.digest:
                raise KeyReused(
                    "This Idempotency-Key was used for another payload. Send a new key with a new lead.",
                    field="Idempotency-Key",
                )
            one.lead, one.status = record.lead, "repeated"
        elif identity and identity in seen:
            one.status = "twin"  # the same payload twice in one batch
        elif identity:
            seen[identity] = one


def _take_in(work: list[_Work], source: Source, at: datetime, treat_as: str) -> None:
    brought_by = _campaigns(work, at)
    people = matching.match([one.arrival.candidate for one in work], told_by=source.name, at=at)
    earlier = intake_queries.by_external_id(source, [w.arrival.candidate.external_id for w in work])
    open_leads = intake_queries.open_leads_of([person.pk for person in people])
    created: list[Lead] = []
    by_lead_source = _OwnerFinder()
    for one, person, campaign in zip(work, people, brought_by, strict=True):
        external_id = one.arrival.candidate.external_id
        found = earlier.get(external_id) if external_id else None
        found = found or (None if treat_as == "history" else open_leads.get(person.pk))
        if found is None:
            found = _new_lead(one.arrival.candidate, person, campaign, source, at, treat_as, by_lead_source)
            created.append(found)
            if found.state in states.OPEN:
                open_leads[person.pk] = found
            one.status = "created"
        else:
            _join(found, one.arrival.candidate, campaign)
            one.status = "joined"
        one.lead = found
        if external_id:
            earlier.setdefault(external_id, found)
    Lead.objects.bulk_create(created)
    _store_rest(work, brought_by, source, at)
    _follow_up(work, created, at)


class _OwnerFinder:
    """Who answers for a new lead on marketing's side: the campaign's owner, else the accountable member."""

    def __init__(self) -> None:
        self._default: Member | None = None
        self._active: set[int] = set()

    def owner_id(self, campaign: Campaign | None) -> int:
        if self._default is None:
            workspace_id = tenancy.current().workspace_id
            self._active = {m.pk for m in accounts.members(workspace_id) if m.is_active}
            self._default = accounts.accountable(workspace_id, "marketing_manager", "marketer")
        if campaign and campaign.owner_id in self._active:
            return int(campaign.owner_id)
        return self._default.pk


def _campaigns(work: Sequence[_Work], at: datetime) -> list[Campaign | None]:
    candidates = [one.arrival.candidate for one in work]
    named = {c.campaign: c.channel for c in candidates if c.campaign}
    named |= {t.campaign: "" for c in candidates for t in c.touchpoints if t.campaign and t.campaign not in named}
    index = touchpoint_actions.ensure_campaigns(named, at=at)
    utm = campaign_queries.utm_matcher()
    return [index.get(campaign_queries.key_of(c.campaign)) if c.campaign else utm(c) for c in candidates]


def _new_lead(
    c: Candidate,
    person: Any,
    campaign: Campaign | None,
    source: Source,
    at: datetime,
    treat_as: str,
    owners: _OwnerFinder,
) -> Lead:
    arrived_at = c.arrived_at or at
    lead = Lead(
        person=person,
        company=person.company,
        campaign=campaign,
        source=source,
        external_id=c.external_id,
        owner_id=owners.owner_id(campaign),
        trigger_events=list(c.trigger_events),
        note=c.note,
        arrived_at=arrived_at,
        recorded_at=at,
    )
    if treat_as == "history" or c.outcome:
        _close(lead, c, at)
    return lead


_CLOSED_AS = {"won": states.WON, "lost": states.LOST}


def _close(lead: Lead, c: Candidate, at: datetime) -> None:
    lead.state = _CLOSED_AS.get(c.outcome, states.CLOSED_UNKNOWN)
    lead.ended_at = max(c.ended_at or lead.arrived_at, lead.arrived_at) if lead.state != states.CLOSED_UNKNOWN else at
    lead.amount = c.amount
    lead.reason = "other" if lead.state == states.LOST else ""


def _join(lead: Lead, c: Candidate, campaign: Campaign | None) -> None:
    """What the newcomer adds to the lead's own columns; its first campaign stays."""
    lead.campaign = lead.campaign or campaign
    lead.trigger_events = [*dict.fromkeys([*lead.trigger_events, *c.trigger_events])]
    if c.note and c.note not in lead.note:
        lead.note = f"{lead.note}\n{c.note}".strip()


def _store_rest(work: Sequence[_Work], brought_by: Sequence[Campaign | None], source: Source, at: datetime) -> None:
    joined = {one.lead.pk: one.lead for one in work if one.status == "joined" and one.lead}
    Lead.objects.bulk_update(joined.values(), ["campaign", "trigger_events", "note"])
    touchpoint_actions.store_sent(
        [
            (one.lead, sent, campaign)
            for one, campaign in zip(work, brought_by, strict=True)
            for sent in _engagements(one.arrival.candidate, at)
        ],
        source=source,
        at=at,
    )
    _index_words([one.lead for one in work if one.lead])
    IntakeRecord.objects.bulk_create(
        IntakeRecord(
            source=source,
            key=one.arrival.identity,
            digest=one.arrival.digest,
            payload=one.arrival.payload,
            is_new_lead=one.status == "created",
            lead=one.lead,
            received_at=at,
        )
        for one in work
    )


def _engagements(c: Candidate, at: datetime) -> Sequence[SentTouchpoint]:
    """The touchpoints sent along; the asset of a lead without any tells of one form."""
    return c.touchpoints if c.touchpoints or not c.asset else (touchpoint_actions.form_of(c, at=at),)


def _index_words(leads: Sequence[Lead]) -> None:
    """The words by which the leads are found."""
    pairs = {
        (token, lead.pk)
        for lead in leads
        for token in normalise.search_tokens(
            lead.person.full_name,
            lead.person.email_norm,
            lead.person.phone_norm,
            lead.company.name if lead.company else None,
            lead.company.domain if lead.company else None,
            lead.external_id,
        )
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leads_searchtoken (workspace_id, token, lead_id) "
            "SELECT %s, t, l FROM unnest(%s::text[], %s::bigint[]) AS x(t, l) ON CONFLICT DO NOTHING",
            [tenancy.current().workspace_id, [token for token, _ in pairs], [pk for _, pk in pairs]],
        )


def _follow_up(work: Sequence[_Work], created: Sequence[Lead], at: datetime) -> None:
    told = [one for one in work if one.status == "joined" and one.arrival.candidate.outcome in _CLOSED_AS]
    ended = [lead.pk for lead in created if lead.state in (states.WON, states.LOST)]
    ended += [one.lead.pk for one in told if one.lead and _tell_outcome(one.lead, one.arrival.candidate, at)]
    open_ids = [lead.pk for lead in created if lead.state in states.OPEN]
    rescored = [
        one.lead.pk
        for one in work
        if one.lead and one.status == "joined" and one.lead.state in states.OPEN and one.lead.pk not in ended
    ]
    if ended:
        events.publish(LeadsEnded(tenancy.current().workspace_id, at, tuple(dict.fromkeys(ended))))
    if open_ids or rescored:
        scoring.score([*open_ids, *rescored], at=at, cause="arrival", arrived=open_ids)


def _tell_outcome(lead: Lead, c: Candidate, at: datetime) -> bool:
    """An outcome told for a lead that is open, or closed as unknown; one that is known already stays."""
    if lead.state not in states.OPEN and lead.state != states.CLOSED_UNKNOWN:
        return False
    _close(lead, c, at)
    lead.save(update_fields=["state", "ended_at", "amount", "reason"])
    return True
