"""The shared lead definition, as immutable versions."""

from django.db import models

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class LeadDefinition(TenantModel):
    """One version: ICP, scoring rules, bands, threshold, required facts (`leads.rules.definition.Definition` as JSON).

    In force at an instant is the highest version whose `in_force_from` has passed. `version` is the Agreement's.
    """

    append_only = True

    version = models.PositiveIntegerField()
    body = models.JSONField()
    in_force_from = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = reference(Member, null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("definition", "created_by"),
            models.UniqueConstraint(fields=["workspace", "version"], name="definition_version"),
        ]
