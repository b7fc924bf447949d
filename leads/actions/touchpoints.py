"""Touchpoints and the campaigns they belong to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leads.actions import scoring
from leads.models import Campaign, Lead, Source, Touchpoint
from leads.queries import campaigns as campaign_queries
from leads.queries import touchpoints as queries
from leads.rules import states
from leads.rules.candidate import Candidate, SentTouchpoint
from quotarider.tenancy import bulk

Sent = tuple[Lead, SentTouchpoint, Campaign | None]


def ensure_campaigns(named: Mapping[str, str], *, at: datetime) -> dict[str, Campaign]:
    """The campaigns of these names (name -> channel), by key; unknown ones are made, to be completed by marketing."""
    if not named:
        return {}
    known = campaign_queries.by_key(named)
    missing = {campaign_queries.key_of(name): (name, channel) for name, channel in named.items()}
    new = [
        Campaign(name=name, key=key, channel=channel, created_at=at)
        for key, (name, channel) in sorted(missing.items())  # in order, or two batches could wait for each other
        if key not in known
    ]
    if new:
        Campaign.objects.bulk_create(new, ignore_conflicts=True)
        known = campaign_queries.by_key(named)
    return known


def store_sent(sent: Sequence[Sent], *, by_name: Mapping[str, Campaign], source: Source, at: datetime) -> None:
    """Stores touchpoints once each (by the sender's id). `by_name`: campaigns by the key of their name."""
    bulk.insert(
        [
            Touchpoint(
                lead=lead,
                kind=t.kind,
                asset=t.asset,
                detail=t.detail,
                campaign=by_name.get(campaign_queries.key_of(t.campaign)) if t.campaign else campaign,
                source=source,
                external_id=t.external_id,
                occurred_at=t.occurred_at,
                recorded_at=at,
            )
            for lead, t, campaign in sent
        ],
        skip_known=True,
    )


def form_of(c: Candidate, *, at: datetime) -> SentTouchpoint:
    """The form that a lead with an asset, but no touchpoints of its own, must have come through."""
    return SentTouchpoint(kind="form", occurred_at=c.arrived_at or at, asset=c.asset)


@transaction.atomic
def record(sent: Sequence[tuple[Lead, SentTouchpoint]], *, source: Source, at: datetime) -> list[str]:
    """Attaches touchpoints to leads and scores the open ones again; returns recorded or repeated, in the order given.

    One that was sent before (by the sender's id) changes nothing.
    """
    seen = queries.known_ids(source, {t.external_id for _, t in sent if t.external_id})
    new: list[Sent] = []
    statuses: list[str] = []
    for lead, t in sent:
        is_known = t.external_id in seen
        statuses.append("repeated" if is_known else "recorded")
        if not is_known:
            new.append((lead, t, None))
        if t.external_id:
            seen.add(t.external_id)
    by_name = ensure_campaigns({t.campaign: "" for _, t, _ in new if t.campaign}, at=at)
    store_sent(new, by_name=by_name, source=source, at=at)
    open_ids = {lead.pk for lead, _, _ in new if lead.state in states.OPEN}
    if open_ids:
        scoring.score(open_ids, at=at, cause="touchpoint")
    return statuses
