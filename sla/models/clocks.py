"""Obligations with deadlines, and what was done about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from handoff.models import Handoff
from leads.models import Lead
from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, TenantRow, reference
from sla.models.agreement import Agreement
from sla.rules import kinds

RUNNING = Q(met_at=None, cancelled_at=None)


class Clock(TenantModel):
    """One obligation of one owner with a deadline. It runs until it is met or cancelled; late is a fact about it.

    `step_at` and `steps` are parallel: when each rung of the ladder falls due, and which it is. `next_step` is the index
    of the next one, `next_step_at` its instant (empty when the ladder is done). `breached_at` is dated at the deadline
    and never erased; `withdrawn_at` says that a touch turned out to have been in time.
    `business_seconds` is the time promised, `taken_seconds` the business time it took until met.
    `end_recorded_at` is when the end was written down, which may be after the instant that it counts from.
    A clock that can't be swept is parked after some failures, and shown on the board.
    """

    clock_may = ("SELECT", "UPDATE")
    guard_may = ("SELECT",)
    deletable = True

    lead = reference(Lead, related_name="clocks")
    handoff = reference(Handoff, null=True, related_name="clocks")
    kind = models.CharField(max_length=30)
    owner = reference(Member)
    manager = reference(Member, null=True)
    agreement = reference(Agreement)
    policy = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    business_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    step_at = ArrayField(models.DateTimeField(), default=list)
    steps = ArrayField(models.CharField(max_length=20), default=list)
    next_step = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    taken_seconds = models.PositiveIntegerField(null=True)
    end_recorded_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("clock", "lead", "handoff", "owner", "manager", "agreement"),
            models.UniqueConstraint(
                fields=["workspace", "lead", "kind"], condition=RUNNING, name="clock_one_running_per_lead_and_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=sorted(kinds.KINDS)), name="clock_kind_is_known"),
            models.CheckConstraint(
                condition=Q(breached_at=None) | Q(breached_at=F("due_at")), name="clock_breach_is_dated_at_the_deadline"
            ),
            models.CheckConstraint(condition=Q(met_at=None) | Q(cancelled_at=None), name="clock_ends_once"),
            models.CheckConstraint(
                condition=Q(met_at=None, cancelled_at=None, end_recorded_at=None)
                | (~Q(met_at=None, cancelled_at=None) & Q(end_recorded_at__isnull=False)),
                name="clock_end_is_recorded",
            ),
            models.CheckConstraint(
                condition=Q(taken_seconds=None) | Q(met_at__isnull=False), name="clock_took_time_only_when_met"
            ),
        ]
        indexes = [
            # the sweep, over all workspaces, as the clock role: so it leads with the time
            models.Index(
                fields=["next_step_at"],
                condition=RUNNING & Q(next_step_at__isnull=False, parked_at=None),
                name="clock_due",
            ),
            models.Index(fields=["workspace", "due_at"], condition=RUNNING, name="clock_running"),  # the board
            models.Index(fields=["workspace", "lead", "-id"], name="clock_of_lead"),  # lead page, meeting a clock
            models.Index(fields=["workspace", "owner", "due_at"], condition=RUNNING, name="clock_of_owner"),
            models.Index(  # the board's parked clocks
                fields=["workspace", "parked_at"], condition=Q(parked_at__isnull=False), name="clock_parked"
            ),
            models.Index(  # in-time share of the period
                fields=["workspace", "kind", "started_at"], name="clock_by_kind_and_day"
            ),
        ]


class Step(TenantRow):
    """One rung of a clock, recorded exactly once. `due_at` when it fell due, `noticed_at` when the sweep saw it,
    `told_at` when somebody was told (empty for rungs passed in one go, of which only the highest is told)."""

    append_only = True
    clock_may = ("SELECT", "INSERT")

    clock = reference(Clock, related_name="recorded_steps")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta(TenantRow.Meta):
        constraints = [
            *same_workspace("step", "clock"),
            models.UniqueConstraint(fields=["workspace", "clock", "step"], name="step_happens_once"),
        ]
        indexes = [models.Index(fields=["workspace", "-noticed_at"], name="step_lag")]  # the board's lag of the day


class Heartbeat(models.Model):
    """A driver of the clocks is alive: one row per process, no workspace. Read by /healthz/clock and the banner."""

    clock_may = ("SELECT", "INSERT", "UPDATE", "DELETE")

    driver = models.CharField(max_length=80, primary_key=True)
    beat_at = models.DateTimeField()
    swept = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.driver
