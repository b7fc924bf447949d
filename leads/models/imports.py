"""A file of leads, worked through in pieces that survive any crash."""

from django.db import models
from django.db.models import Q

from leads.models.campaigns import Source
from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, TenantRow, reference


class ImportJob(TenantModel):
    """An uploaded file, its column mapping and its progress. `next_row` moves in the transaction of the rows before it.

    `treat_as`: `new` leads are scored and handed off; `history` is closed on arrival, its outcome unknown unless told.
    """

    STATES = ("uploaded", "checking", "checked", "running", "done", "failed")

    deletable = True

    name = models.CharField(max_length=200)
    data = models.BinaryField()
    digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    header = models.JSONField()
    samples = models.JSONField(default=list)  # up to 3 values of each column, for choosing its field
    mapping = models.JSONField(default=dict)  # column name -> field name
    day_first = models.BooleanField(null=True)  # how 3/4/2026 is meant; unknown: such a row is refused
    campaign = models.CharField(max_length=120, blank=True)  # of rows that name none
    treat_as = models.CharField(max_length=10, default="new")
    source = reference(Source, null=True)
    state = models.CharField(max_length=10, default="uploaded")
    total = models.PositiveIntegerField(default=0)
    next_row = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    by = reference(Member)
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("import", "source", "by"),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "checking", "checked", "running", "done", "failed"]),
                name="import_state_is_known",
            ),
            models.CheckConstraint(condition=Q(treat_as__in=["new", "history"]), name="import_treat_as_is_known"),
        ]
        indexes = [models.Index(fields=["workspace", "-id"], name="import_newest")]  # the imports page


class ImportProblem(TenantRow):
    """A row that was refused, with the field, what to do, and the row itself for the report."""

    deletable = True

    job = reference(ImportJob, related_name="problems")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=300)
    row = models.JSONField()
    is_dry_run = models.BooleanField(default=False)

    class Meta(TenantRow.Meta):
        constraints = [
            *same_workspace("import_problem", "job"),
            models.UniqueConstraint(fields=["workspace", "job", "is_dry_run", "line"], name="import_problem_once"),
        ]
