"""One interest of a person, from arrival to its end."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from leads.models.campaigns import Campaign, Source
from leads.models.definition import LeadDefinition
from leads.models.people import Company, Person
from leads.rules import states
from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, TenantRow, reference


class Lead(TenantModel):
    """A lead. While it is open, whatever the person does joins it, and it has an owner and a running clock.

    `owner` answers for it; `in_team_queue` says that nobody of the team has taken it yet and the owner is the manager.
    `arrived_at` is when the interest happened, `recorded_at` when we learned of it, `as_of` the instant of the score.
    `reason` is the category of the last no (reject, disqualify, lost).
    """

    clock_may = ("SELECT",)
    guard_may = ("SELECT", "UPDATE")
    deletable = True  # by an erasure request only

    person = reference(Person, related_name="leads")
    company = reference(Company, null=True, related_name="leads")
    campaign = reference(Campaign, null=True, related_name="leads")
    source = reference(Source)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    state = models.CharField(max_length=20, default="nurturing")
    owner = reference(Member, null=True)
    in_team_queue = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)  # scoring or routing failed; the catch-all owner has it
    score = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=10, blank=True)
    persona = models.CharField(max_length=80, blank=True)
    definition = reference(LeadDefinition, null=True)
    as_of = models.DateTimeField(null=True)
    missing_facts = ArrayField(models.CharField(max_length=40), default=list)
    trigger_events = ArrayField(models.CharField(max_length=80), default=list)
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    arrived_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    qualified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("lead", "person", "company", "campaign", "source", "owner", "definition"),
            models.UniqueConstraint(fields=["workspace", "source", "external_id"], name="lead_sent_once"),
            models.UniqueConstraint(
                fields=["workspace", "person"],
                condition=Q(state__in=sorted(states.OPEN)),
                name="lead_one_open_per_person",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(states.STATES)), name="lead_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(states.OPEN)) | Q(owner__isnull=False), name="lead_open_has_an_owner"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "lost", "disqualified"]) | ~Q(reason=""),
                name="lead_no_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(states.OPEN), ended_at=None)
                | Q(state__in=sorted(states.CLOSED), ended_at__isnull=False),
                name="lead_closed_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100), name="lead_score_in_0_to_100"
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("arrived_at").desc(), F("id").desc(), name="lead_newest"),  # the lead list
            models.Index(fields=["workspace", "state", "-arrived_at", "-id"], name="lead_by_state"),  # list, ledger
            models.Index(fields=["workspace", "owner", "state"], name="lead_of_owner"),  # list by owner
            models.Index(fields=["workspace", "campaign", "state"], name="lead_of_campaign"),  # campaigns page
            models.Index(fields=["workspace", "person", "-arrived_at"], name="lead_of_person"),  # matching, history
            models.Index(fields=["workspace", "company"], name="lead_of_company"),  # account match, lead page
            models.Index(  # the nightly refresh
                fields=["workspace", "as_of"], condition=Q(state__in=sorted(states.OPEN)), name="lead_oldest_score"
            ),
        ]


class Score(TenantRow):
    """What a lead scored at an instant under a version, with every line of the explanation. Never changed."""

    append_only = True

    lead = reference(Lead, related_name="scores")
    definition = reference(LeadDefinition)
    at = models.DateTimeField()
    score = models.PositiveSmallIntegerField()
    fit = models.SmallIntegerField()
    engagement = models.SmallIntegerField()
    band = models.CharField(max_length=10)
    lines = models.JSONField()
    cause = models.CharField(max_length=20)

    class Meta(TenantRow.Meta):
        constraints = [*same_workspace("score", "lead", "definition")]
        indexes = [models.Index(fields=["workspace", "lead", "-id"], name="score_latest")]  # why this score


class SearchToken(TenantRow):
    """A word by which a lead is found; prefixes are ranges in the C collation, which row-level security lets through."""

    deletable = True

    pk = models.CompositePrimaryKey("workspace_id", "token", "lead_id")
    token = models.CharField(max_length=64, db_collation="C")
    lead = reference(Lead)

    class Meta(TenantRow.Meta):
        constraints = [
            *same_workspace("search_token", "lead"),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="search_token_of_lead")]  # rewriting a lead's words
