"""The leads that touchpoints belong to, and touchpoints that were sent before."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from leads.models import Lead, Source, Touchpoint
from leads.rules import states


class Of(NamedTuple):
    """How a sender names a lead: by `lead` (public id), `external_id` (of the source) or `email` (normalised)."""

    by: str
    value: str


def leads_named(source: Source, named: Sequence[Of]) -> dict[Of, Lead]:
    """The leads that are known; of a person's several, the open one, else the latest. One statement."""
    wanted = set(named)
    if not wanted:
        return {}
    rows = Lead.objects.select_related("person").filter(
        Q(public_id__in=[UUID(of.value) for of in wanted if of.by == "lead"])
        | Q(source=source, external_id__in=[of.value for of in wanted if of.by == "external_id"])
        | Q(person__email_norm__in=[of.value for of in wanted if of.by == "email"])
    )
    found: dict[Of, Lead] = {}
    for lead in sorted(rows, key=lambda lead: (lead.state in states.OPEN, lead.arrived_at, lead.pk)):
        found[Of("lead", str(lead.public_id))] = lead
        if lead.source_id == source.pk and lead.external_id:
            found[Of("external_id", lead.external_id)] = lead
        if lead.person.email_norm:
            found[Of("email", lead.person.email_norm)] = lead
    return {of: found[of] for of in wanted if of in found}


def known_ids(source: Source, external_ids: Collection[str]) -> set[str]:
    """Which of these touchpoint ids the source has sent before."""
    if not external_ids:
        return set()
    rows = Touchpoint.objects.filter(source=source, external_id__in=list(external_ids))
    return {str(each) for each in rows.values_list("external_id", flat=True)}


def of_lead(lead_id: int, most: int = 200) -> list[Touchpoint]:
    """What the lead did, newest first."""
    rows = Touchpoint.objects.select_related("campaign").filter(lead_id=lead_id)
    return list(rows.order_by("-occurred_at", "-id")[:most])
