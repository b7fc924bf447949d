"""Intake: leads arrive, are matched, stored with what was sent, scored, and handed on. One lead is a batch of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from leads.actions import inbox, matching, scoring, search
from leads.actions import touchpoints as touchpoint_actions
from leads.actions.inbox import Arrival, KeyReused, Received, Work
from leads.events import LeadsEnded
from leads.models import Campaign, Lead, Person, Source
from leads.queries import campaigns as campaign_queries
from leads.queries import intake as intake_queries
from leads.rules import states
from leads.rules.candidate import Candidate, SentTouchpoint
from quotarider import events, tenancy
from quotarider.accounts import queries as accounts
from quotarider.tenancy import bulk

__all__ = ["Arrival", "KeyReused", "Received", "receive", "receive_one"]

_CLOSED_AS: Final[Mapping[str, str]] = {"won": states.WON, "lost": states.LOST}


@transaction.atomic
def receive(arrivals: Sequence[Arrival], *, source: Source, at: datetime, treat_as: str = "new") -> list[Received]:
    """Stores each arrival exactly once and hands it on, in the order given.

    1. Lock the identities of the batch, so that the same lead sent twice at once is one lead.
    2. Repeats answer with what they made the first time; a key that came with another payload is a conflict.
    3. Match people and companies; what differs is kept beside what we know.
    4. An id that the sender used before, or an open lead of the same person: the arrival joins it. Else a new lead.
    5. Touchpoints, search words, the raw payloads.
    6. Score; the later stages start the clocks. Outcomes told with the lead end it.

    `treat_as="history"` closes new leads on arrival, with the outcome told or unknown.
    """
    work = [Work(arrival) for arrival in arrivals]
    inbox.lock_identities(arrivals)
    if fresh := inbox.recognise_repeats(work, source):
        batch = _Batch(fresh, source, at, treat_as)
        batch.match()
        batch.place()
        batch.store()
        batch.follow_up()
    return [one.received() for one in work]


def receive_one(arrival: Arrival, *, source: Source, at: datetime) -> Received:
    """One lead sent by itself. Raises: KeyReused."""
    received = receive([arrival], source=source, at=at)[0]
    if received.status == "conflict":
        raise KeyReused(
            "This Idempotency-Key was used for another payload. Send a new key with a new lead.",
            field="Idempotency-Key",
        )
    return received


@dataclass
class _Batch:
    """The arrivals that are not repeats, on their way through; `people` and `campaigns` are parallel to `work`."""

    work: Sequence[Work]
    source: Source
    at: datetime
    treat_as: str
    people: Sequence[Person] = ()
    known_people: frozenset[int] = frozenset()
    by_name: Mapping[str, Campaign] = field(default_factory=dict)
    earlier: dict[str, Lead] = field(default_factory=dict)
    campaigns: Sequence[Campaign | None] = ()
    created: list[Lead] = field(default_factory=list)

    def match(self) -> None:
        """Who it is, and what brought them."""
        candidates = [one.arrival.candidate for one in self.work]
        self.by_name = touchpoint_actions.ensure_campaigns(_named(candidates), at=self.at)
        utm = campaign_queries.utm_matcher()
        self.campaigns = [
            self.by_name.get(campaign_queries.key_of(c.campaign)) if c.campaign else utm(c) for c in candidates
        ]
        self.earlier = intake_queries.by_external_id(self.source, {c.external_id for c in candidates if c.external_id})
        owners = {external_id: lead.person_id for external_id, lead in self.earlier.items()}
        self.people, self.known_people = matching.match(candidates, owners=owners, told_by=self.source.name, at=self.at)

    def place(self) -> None:
        """Joins each arrival to the lead it belongs to, or makes one."""
        earlier, open_leads = self.earlier, intake_queries.open_leads_of(self.known_people)
        owners = _OwnerFinder(self.campaigns)
        for one, person, campaign in zip(self.work, self.people, self.campaigns, strict=True):
            c = one.arrival.candidate
            found = earlier.get(c.external_id) if c.external_id else None
            if found is None and self.treat_as != "history":
                found = open_leads.get(person.pk)
            one.status = "joined" if found else "created"
            if found:
                _join(found, c, campaign, person)
            else:
                found = self._new_lead(c, person, campaign, owners.owner_id(campaign))
                self.created.append(found)
            one.lead = found
            if found.state in states.OPEN:
                open_leads.setdefault(person.pk, found)
            if c.external_id:
                earlier.setdefault(c.external_id, found)

    def _new_lead(self, c: Candidate, person: Person, campaign: Campaign | None, owner_id: int) -> Lead:
        lead = Lead(
            person=person,
            company=person.company,
            campaign=campaign,
            source=self.source,
            external_id=c.external_id,
            owner_id=owner_id,
            trigger_events=list(c.trigger_events),
            note=c.note,
            arrived_at=c.arrived_at or self.at,
            recorded_at=self.at,
        )
        if self.treat_as == "history" or c.outcome:
            _close(lead, c, self.at)
        return lead

    def store(self) -> None:
        """Leads, then what hangs on them."""
        bulk.insert(self.created)
        created = {id(lead) for lead in self.created}
        joined = {id(one.lead): one.lead for one in self.work if one.lead and id(one.lead) not in created}
        bulk.update([*joined.values()], "campaign", "company", "trigger_events", "note")
        engagements = [
            (one.lead, sent, campaign)
            for one, campaign in zip(self.work, self.campaigns, strict=True)
            for sent in _engagements(one.arrival.candidate, self.at)
            if one.lead
        ]
        touchpoint_actions.store_sent(engagements, by_name=self.by_name, source=self.source, at=self.at)
        search.index(
            (one.lead.pk, person, person.company, one.arrival.candidate.external_id)
            for one, person in zip(self.work, self.people, strict=True)
            if one.lead
        )
        inbox.keep_payloads(self.work, source=self.source, at=self.at)

    def follow_up(self) -> None:
        """Outcomes that were told end their leads; the rest is scored and handed on."""
        ended = {lead.pk for lead in self.created if lead.state in _CLOSED_AS.values()}
        for one in self.work:
            if one.lead and one.status == "joined" and _tell_outcome(one.lead, one.arrival.candidate, self.at):
                ended.add(one.lead.pk)
        if ended:
            events.publish(LeadsEnded(tenancy.current().workspace_id, self.at, tuple(sorted(ended))))
        arrived = [lead.pk for lead in self.created if lead.state in states.OPEN]
        open_ids = {one.lead.pk for one in self.work if one.lead and one.lead.state in states.OPEN}
        if open_ids:
            scoring.score(open_ids, at=self.at, cause="arrival", arrived=arrived)


class _OwnerFinder:
    """Who answers for a new lead on marketing's side: the campaign's owner, else the accountable member."""

    def __init__(self, campaigns: Sequence[Campaign | None]) -> None:
        self._default: int | None = None
        workspace_id = tenancy.current().workspace_id
        owned = any(campaign and campaign.owner_id for campaign in campaigns)
        self._active = {m.pk for m in accounts.members(workspace_id) if m.is_active} if owned else set()

    def owner_id(self, campaign: Campaign | None) -> int:
        if campaign and campaign.owner_id in self._active:
            return int(campaign.owner_id)
        if self._default is None:
            workspace_id = tenancy.current().workspace_id
            self._default = accounts.accountable(workspace_id, "marketing_manager", "marketer").pk
        return self._default


def _named(candidates: Sequence[Candidate]) -> dict[str, str]:
    """The campaigns that are named, with their channels where told."""
    named = {t.campaign: "" for c in candidates for t in c.touchpoints if t.campaign}
    return named | {c.campaign: c.channel for c in candidates if c.campaign}


def _engagements(c: Candidate, at: datetime) -> Sequence[SentTouchpoint]:
    """The touchpoints sent along; the asset of a lead without any tells of one form."""
    return c.touchpoints if c.touchpoints or not c.asset else (touchpoint_actions.form_of(c, at=at),)


def _join(lead: Lead, c: Candidate, campaign: Campaign | None, person: Person) -> None:
    """What the newcomer adds to the lead's own columns; its first campaign and company stay."""
    if lead.campaign_id is None:
        lead.campaign = campaign
    if lead.company_id is None and lead.person_id == person.pk:
        lead.company = person.company
    lead.trigger_events = [*dict.fromkeys([*lead.trigger_events, *c.trigger_events])]
    if c.note and c.note not in lead.note:
        lead.note = f"{lead.note}\n{c.note}".strip()


def _close(lead: Lead, c: Candidate, at: datetime) -> None:
    lead.state = _CLOSED_AS.get(c.outcome, states.CLOSED_UNKNOWN)
    lead.ended_at = max(c.ended_at or lead.arrived_at, lead.arrived_at) if lead.state != states.CLOSED_UNKNOWN else at
    lead.amount = c.amount
    lead.reason = "other" if lead.state == states.LOST else ""


def _tell_outcome(lead: Lead, c: Candidate, at: datetime) -> bool:
    """An outcome told for a lead that is open, or closed as unknown; one that is known already stays."""
    if c.outcome not in _CLOSED_AS or (lead.state not in states.OPEN and lead.state != states.CLOSED_UNKNOWN):
        return False
    _close(lead, c, at)
    lead.save(update_fields=["state", "ended_at", "amount", "reason"])
    return True
