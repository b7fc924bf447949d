"""Campaigns, by name and by UTM values."""

from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet

from leads.models import Campaign
from leads.rules import folding, utm
from quotarider import tenancy
from quotarider.tenancy import bulk


class HasUtm(Protocol):
    """Anything that came with UTM values."""

    @property
    def utm_source(self) -> str: ...

    @property
    def utm_medium(self) -> str: ...

    @property
    def utm_campaign(self) -> str: ...


def key_of(name: str) -> str:
    """How a campaign's name is compared."""
    return folding.fold(name)[:120]


def campaigns() -> QuerySet[Campaign]:
    """All campaigns of the workspace by name."""
    return Campaign.objects.select_related("owner__user").order_by("name", "id")


def campaign_for(public_id: UUID) -> Campaign:
    """One campaign. Raises: Campaign.DoesNotExist."""
    return campaigns().get(public_id=public_id)


def by_key(names: Iterable[str]) -> dict[str, Campaign]:
    """The campaigns of those names, by key."""
    wanted = {key_of(name) for name in names}
    if not wanted:
        return {}
    rows = bulk.fetch(
        "SELECT {c} FROM leads_campaign c WHERE c.workspace_id = %s AND c.key = ANY(%s::varchar[])",
        [tenancy.current().workspace_id, list(wanted)],
        c=Campaign,
    )
    return {campaign.key: campaign for (campaign,) in rows}


def utm_matcher() -> Callable[[HasUtm], Campaign | None]:
    """A function from UTM values to the campaign that answers to them; reads the campaigns at its first use."""
    index: list[utm.Index[Campaign]] = []

    def match(sent: HasUtm) -> Campaign | None:
        values = {"utm_source": sent.utm_source, "utm_medium": sent.utm_medium, "utm_campaign": sent.utm_campaign}
        if not any(values.values()):
            return None
        if not index:
            index.append(
                utm.index(
                    utm.Known(c, c.name, utm.campaign_key(c.utm_source, c.utm_medium, c.utm_campaign))
                    for c in Campaign.objects.order_by("id")
                )
            )
        found = utm.match_campaign(values, index[0])
        return found.ref if found else None

    return match
