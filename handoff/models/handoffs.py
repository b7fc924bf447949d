"""An MQL given to a named rep, and what the rep did."""

from django.db import models
from django.db.models import Q

from handoff.models.teams import Team
from leads.models import Lead
from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class Handoff(TenantModel):
    """The n-th (`epoch`) giving of a lead to an owner, with the context packet and why this owner.

    Open until `ended_at`. `act_by` is the nearest deadline and `act_on` its kind, kept true by `sla`.
    `first_touch_at` is the instant from which the first touch counts.
    """

    deletable = True

    lead = reference(Lead, related_name="handoffs")
    epoch = models.PositiveIntegerField()
    owner = reference(Member)
    team = reference(Team, null=True)
    in_team_queue = models.BooleanField(default=False)
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=10, blank=True)
    packet = models.JSONField(default=dict)
    explanation = models.CharField(max_length=300)
    handed_off_at = models.DateTimeField()
    act_by = models.DateTimeField(null=True)
    act_on = models.CharField(max_length=30, blank=True)  # the kind of the nearest clock
    first_touch_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=20, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("handoff", "lead", "owner", "team"),
            models.UniqueConstraint(fields=["workspace", "lead", "epoch"], name="handoff_epoch"),
            models.UniqueConstraint(
                fields=["workspace", "lead"], condition=Q(ended_at=None), name="handoff_one_open_per_lead"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="handoff_end_says_how",
            ),
        ]
        indexes = [
            # the queue: by deadline, then score
            models.Index(
                fields=["workspace", "owner", "act_by", "-score", "id"],
                condition=Q(ended_at=None),
                name="handoff_queue",
            ),
            models.Index(fields=["workspace", "handed_off_at"], name="handoff_by_day"),  # the board's period
            models.Index(  # what a rep may take from the team's queue
                fields=["workspace", "team", "act_by"],
                condition=Q(ended_at=None, in_team_queue=True),
                name="handoff_team_queue",
            ),
            models.Index(  # the queue's head: first touches of the day
                fields=["workspace", "owner", "first_touch_at"],
                condition=Q(first_touch_at__isnull=False),
                name="handoff_first_touches",
            ),
        ]


class Touch(TenantModel):
    """One outbound sales attempt with its result. `occurred_at` is the instant it counts from (opened, or completed)."""

    KINDS = {"call": "Call", "email": "Email", "message": "Message", "meeting": "Meeting"}
    RESULTS = {
        "reached": "Reached",
        "voicemail": "Left a voicemail",
        "no_answer": "No answer",
        "sent": "Sent",
        "booked": "Booked",
        "wrong_person": "Wrong person",
        "bounced": "Bounced",
        "replied": "Replied",
    }

    deletable = True

    lead = reference(Lead, related_name="touches")
    handoff = reference(Handoff, related_name="touches")
    member = reference(Member)
    kind = models.CharField(max_length=10)
    result = models.CharField(max_length=20)
    note = models.TextField(blank=True, max_length=4000)
    opened_at = models.DateTimeField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.CharField(max_length=64, null=True)  # the form's own id: a double submit is one touch

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("touch", "lead", "handoff", "member"),
            models.UniqueConstraint(fields=["workspace", "key"], name="touch_sent_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["call", "email", "message", "meeting"]), name="touch_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    result__in=[
                        "reached",
                        "voicemail",
                        "no_answer",
                        "sent",
                        "booked",
                        "wrong_person",
                        "bounced",
                        "replied",
                    ]
                ),
                name="touch_result_is_known",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "lead", "-occurred_at"], name="touch_of_lead")]  # the time line


class NextStep(TenantModel):
    """What the owner does next, and by when. At most one is open per lead."""

    deletable = True

    lead = reference(Lead, related_name="next_steps")
    handoff = reference(Handoff)
    member = reference(Member)
    text = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("next_step", "lead", "handoff", "member"),
            models.UniqueConstraint(
                fields=["workspace", "lead"], condition=Q(done_at=None), name="next_step_one_open_per_lead"
            ),
        ]
