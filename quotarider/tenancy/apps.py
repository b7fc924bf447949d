from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    """Nothing crosses workspaces: the scope, the scoped managers, row-level security."""

    name = "quotarider.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from quotarider.tenancy import protection, roles

        connection_created.connect(roles.refuse_bypass, dispatch_uid="tenancy.refuse_bypass")
        post_migrate.connect(protection.after_migrate, dispatch_uid="tenancy.protection")
