"""What sales said of a lead."""

from django.db import models
from django.db.models import Q

from feedback.models.reasons import Reason
from handoff.models import Handoff
from leads.models import Lead
from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class Verdict(TenantModel):
    """Sales' word on a hand-off: accepted with what was confirmed, or rejected with a reason.

    `confirmed` maps problem, budget, timeline, authority to yes, no or unknown. `fact` is what the reason asked for.
    """

    deletable = True

    lead = reference(Lead, related_name="verdicts")
    handoff = reference(Handoff)
    member = reference(Member)
    kind = models.CharField(max_length=10)
    reason = reference(Reason, null=True)
    fact = models.CharField(max_length=200, blank=True)
    quote = models.TextField(blank=True)
    confirmed = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("verdict", "lead", "handoff", "member", "reason"),
            models.UniqueConstraint(fields=["workspace", "handoff", "kind"], name="verdict_once_per_handoff"),
            models.CheckConstraint(
                condition=Q(kind="accepted", reason=None) | Q(kind="rejected", reason__isnull=False),
                name="verdict_no_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "at"], name="verdict_by_day")]  # campaigns page


class Outcome(TenantModel):
    """How a lead ended: won with an amount, lost or disqualified with a reason, or unknown (imported history)."""

    deletable = True

    lead = reference(Lead, related_name="outcomes")
    kind = models.CharField(max_length=12)
    reason = reference(Reason, null=True)
    note = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    member = reference(Member, null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("outcome", "lead", "reason", "member"),
            models.CheckConstraint(
                condition=Q(kind__in=["won"], reason=None) | Q(kind__in=["lost", "disqualified"], reason__isnull=False),
                name="outcome_no_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="outcome_of_lead")]
