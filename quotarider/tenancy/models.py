"""What every tenant table has: a workspace, a public id, a manager that fails closed."""

from typing import Any, ClassVar

from django.db import models

from quotarider.accounts.models import UUIDv7, Workspace
from quotarider.tenancy import scopes


class ScopedManager(models.Manager):
    """Rows of the workspace in scope only. Raises NoScope outside a scope."""

    def get_queryset(self) -> models.QuerySet[Any]:
        # filtered by name as well as by row-level security: the planner needs to see it
        return super().get_queryset().filter(workspace_id=scopes.current_workspace_id())


class TenantRow(models.Model):
    """Base of all rows that belong to a workspace; by itself for rows that nothing refers to and no address names.

    `append_only`: the app role may neither update nor delete. `deletable`: it may delete (nothing else may be).
    `clock_may`, `guard_may`: privileges of the roles qr_clock and qr_guard, each with a policy over all workspaces.
    """

    append_only: ClassVar[bool] = False
    deletable: ClassVar[bool] = False
    clock_may: ClassVar[tuple[str, ...]] = ()
    guard_may: ClassVar[tuple[str, ...]] = ()

    workspace = models.ForeignKey(
        Workspace,
        on_delete=models.PROTECT,
        related_name="+",
        default=scopes.current_workspace_id,
        editable=False,
        db_index=False,  # every index leads with the workspace
    )

    objects = ScopedManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class TenantModel(TenantRow):
    """A tenant row that others refer to: the parent end of SameWorkspace, and a public id for addresses."""

    public_id = models.UUIDField(db_default=UUIDv7(), editable=False)

    class Meta(TenantRow.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["workspace", "id"], name="%(class)s_workspace_id"),
            models.UniqueConstraint(fields=["workspace", "public_id"], name="%(class)s_public_id"),
        ]


def reference(to: str | type[models.Model], *, null: bool = False, related_name: str = "+") -> Any:
    """A foreign key to another tenant table (or to Member); its constraint is a SameWorkspace in Meta."""
    return models.ForeignKey(
        to,
        on_delete=models.DO_NOTHING,
        null=null,
        blank=null,
        db_constraint=False,
        db_index=False,
        related_name=related_name,
    )
