"""Who can be given a lead."""

from django.db import models
from django.db.models import F, Q

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class Team(TenantModel):
    """A sales team; its manager answers for its queue. The default team takes what no other does."""

    name = models.CharField(max_length=80)
    manager = reference(Member)
    is_default = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("team", "manager"),
            models.UniqueConstraint(fields=["workspace", "name"], name="team_name"),
            models.UniqueConstraint(fields=["workspace"], condition=Q(is_default=True), name="team_one_default"),
        ]


class Seat(TenantModel):
    """A rep's place in a team's rotation; who was given the fewest, then longest ago, is next."""

    team = reference(Team, related_name="seats")
    member = reference(Member)
    is_active = models.BooleanField(default=True)
    given = models.PositiveIntegerField(default=0)
    last_given_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("seat", "team", "member"),
            models.UniqueConstraint(fields=["workspace", "team", "member"], name="seat_once_per_team"),
        ]


class Absence(TenantModel):
    """A member is out of office in [starts_at, ends_at)."""

    deletable = True

    member = reference(Member)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("absence", "member"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["workspace", "ends_at"], name="absence_current")]  # who is out now
