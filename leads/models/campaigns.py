"""What brought a lead, and what it did on marketing's side."""

from django.db import models
from django.db.models import Q

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class Source(TenantModel):
    """A door through which leads come: an API key's source, a file import, a form."""

    KINDS = {"api": "API", "import": "Import", "form": "Form", "manual": "By hand"}

    slug = models.SlugField(max_length=60, db_index=False)  # source_slug serves it
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=[*KINDS.items()])

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "slug"], name="source_slug"),
            models.CheckConstraint(
                condition=Q(kind__in=["api", "import", "form", "manual"]), name="source_kind_is_known"
            ),
        ]


class Campaign(TenantModel):
    """What brought the lead: channel, cost (whole campaign, workspace currency), dates, UTM values it answers to."""

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)  # casefolded name: how senders refer to it
    channel = models.CharField(max_length=60, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    utm_source = models.CharField(max_length=120, blank=True)
    utm_medium = models.CharField(max_length=120, blank=True)
    utm_campaign = models.CharField(max_length=120, blank=True)
    owner = reference(Member, null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("campaign", "owner"),
            models.UniqueConstraint(fields=["workspace", "key"], name="campaign_one_per_name"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="campaign_cost_is_not_negative"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_starts",
            ),
        ]


class Touchpoint(TenantModel):
    """One thing the lead did on marketing's side. `occurred_at` when it happened, `recorded_at` when we learned."""

    deletable = True

    lead = reference("leads.Lead", related_name="touchpoints")
    kind = models.CharField(max_length=40)
    asset = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    campaign = reference(Campaign, null=True)
    source = reference(Source, null=True)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("touchpoint", "lead", "campaign", "source"),
            models.UniqueConstraint(fields=["workspace", "source", "external_id"], name="touchpoint_sent_once"),
        ]
        indexes = [
            models.Index(fields=["workspace", "lead", "-occurred_at"], name="touchpoint_of_lead"),  # scoring, packet
        ]
