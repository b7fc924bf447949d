"""The inbox: what was sent, word for word, before anything was made of it."""

from django.db import models
from django.db.models import Q

from leads.models.campaigns import Source
from leads.models.lead import Lead
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantRow, reference


class IntakeRecord(TenantRow):
    """One payload as received. `key` is the sender's idempotency key or the payload's own identity; `digest` its SHA-256."""

    STATUSES = {"accepted": "Accepted", "unreadable": "Needs a person"}

    deletable = True

    source = reference(Source)
    key = models.CharField(max_length=255, null=True, blank=True)
    digest = models.CharField(max_length=64)
    payload = models.JSONField()
    status = models.CharField(max_length=12, default="accepted")
    is_new_lead = models.BooleanField(default=False)
    lead = reference(Lead, null=True, related_name="intake")
    received_at = models.DateTimeField()

    class Meta(TenantRow.Meta):
        constraints = [
            *same_workspace("intake", "source", "lead"),
            models.UniqueConstraint(fields=["workspace", "source", "key"], name="intake_key_used_once"),
            models.CheckConstraint(condition=Q(status__in=["accepted", "unreadable"]), name="intake_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="unreadable") | Q(lead__isnull=False), name="intake_accepted_has_its_lead"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "lead"], name="intake_of_lead")]  # lead page, erasure
