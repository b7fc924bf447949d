"""Why not."""

from django.db import models
from django.db.models import Q

from feedback.rules.categories import CATEGORIES
from quotarider.tenancy.models import TenantModel


class Reason(TenantModel):
    """A reason of the workspace within a fixed category. `asks` names the fact that choosing it asks for (or nothing)."""

    USES = {"reject": "Reject", "lost": "Lost", "disqualify": "Disqualify"}

    category = models.CharField(max_length=20, choices=[*CATEGORIES.items()])
    label = models.CharField(max_length=80)
    use = models.CharField(max_length=12, choices=[*USES.items()])
    asks = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "use", "label"], name="reason_label"),
            models.CheckConstraint(condition=Q(category__in=[*CATEGORIES]), name="reason_category_is_fixed"),
            models.CheckConstraint(condition=Q(use__in=["reject", "lost", "disqualify"]), name="reason_use_is_known"),
        ]
