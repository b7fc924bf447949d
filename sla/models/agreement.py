"""The Agreement, as immutable versions."""

from django.db import models

from leads.models import LeadDefinition
from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class Agreement(TenantModel):
    """One version: the lead definition, and the terms (calendar, promises, ladder) as `sla.rules.terms.Terms` in JSON.

    In force at an instant is the highest version whose `in_force_from` has passed. Unsigned until both sides can sign.
    """

    append_only = True

    version = models.PositiveIntegerField()
    definition = reference(LeadDefinition)
    terms = models.JSONField()
    is_signed = models.BooleanField(default=False)
    summary = models.CharField(max_length=200, blank=True)
    in_force_from = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = reference(Member, null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("agreement", "definition", "created_by"),
            models.UniqueConstraint(fields=["workspace", "version"], name="agreement_version"),
        ]
