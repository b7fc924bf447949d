"""The audit trail. The app role may insert and read; nobody but the owner of the tables could change it."""

from django.db import models

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantRow, reference


class Entry(TenantRow):
    """One deed: `action` (a verb of the product), the object's kind and id, and ids or codes in `data`, no personal data."""

    append_only = True

    at = models.DateTimeField()
    member = reference(Member, null=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta(TenantRow.Meta):
        constraints = [*same_workspace("entry", "member")]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="entry_newest"),  # the audit page
            models.Index(fields=["workspace", "subject", "subject_id", "-id"], name="entry_of_subject"),
        ]
