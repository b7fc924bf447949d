"""Making and changing campaigns."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from leads.models import Campaign
from leads.queries.campaigns import key_of
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import Conflict, DomainError


class CampaignTaken(Conflict):
    """Two campaigns can't have the same name."""


class CampaignInvalid(DomainError):
    """A campaign ends after it starts."""


@dataclass(frozen=True)
class Details:
    """What can be said of a campaign. `cost` is for the whole campaign, in the workspace's currency."""

    name: str
    channel: str = ""
    cost: Decimal = Decimal(0)
    starts_on: date | None = None
    ends_on: date | None = None
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    owner: Member | None = None


@transaction.atomic
def create(details: Details, *, by: Member, at: datetime) -> Campaign:
    """A new campaign. Raises: CampaignTaken, CampaignInvalid."""
    campaign = Campaign(created_at=at)
    _write(campaign, details)
    audit.record("create campaign", subject="campaign", subject_id=campaign.pk, by=by, at=at)
    return campaign


@transaction.atomic
def change(campaign: Campaign, details: Details, *, by: Member, at: datetime) -> Campaign:
    """Other details; its leads stay with it. Raises: CampaignTaken, CampaignInvalid."""
    _write(campaign, details)
    audit.record("change campaign", subject="campaign", subject_id=campaign.pk, by=by, at=at)
    return campaign


def _write(campaign: Campaign, details: Details) -> None:
    if details.starts_on and details.ends_on and details.ends_on < details.starts_on:
        raise CampaignInvalid("The end must not lie before the start.", field="ends_on")
    key = key_of(details.name)
    if Campaign.objects.filter(key=key).exclude(pk=campaign.pk).exists():
        raise CampaignTaken("There is a campaign of this name already. Choose another name.", field="name")
    for name, value in vars(details).items():
        setattr(campaign, name, value)
    campaign.key = key
    campaign.save()
