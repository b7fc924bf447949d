"""In-app notices and the outbox."""

from django.db import models
from django.db.models import Q

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, TenantRow, reference


class Notification(TenantModel):
    """One line for one member, shown in the app until read. `key` makes a repeat harmless."""

    clock_may = ("SELECT", "INSERT")

    member = reference(Member)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("notification", "member"),
            models.UniqueConstraint(fields=["workspace", "member", "key"], name="notification_told_once"),
        ]
        indexes = [
            # the bell: a member's unread ones
            models.Index(fields=["workspace", "member", "-id"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["workspace", "member", "-id"], name="notification_newest"),
        ]


class Outbox(TenantRow):
    """One outward message, written in the transaction that caused it, sent after commit, at least once.

    `key` is unique and goes along, so that a receiver can drop repeats. `payload` of kind mail: to, subject, text.
    """

    clock_may = ("SELECT", "INSERT", "UPDATE")

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="outbox_written_once"),
            models.CheckConstraint(condition=Q(kind__in=["mail", "webhook"]), name="outbox_kind_is_known"),
            models.CheckConstraint(
                condition=Q(next_attempt_at__isnull=False) | Q(sent_at__isnull=False) | Q(dead_at__isnull=False),
                name="outbox_waits_or_is_done",
            ),
        ]
        indexes = [
            # the claim of the drain, over all workspaces: so it leads with the time, read by the clock role only
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at=None, dead_at=None), name="outbox_waiting"),
        ]
