"""Nothing crosses workspaces. `scope` opens a workspace; models derive from `tenancy.models.TenantModel`."""

from quotarider.tenancy.scopes import NoScope, Scope, current, scope

__all__ = ["NoScope", "Scope", "current", "scope"]
