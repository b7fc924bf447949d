"""What PostgreSQL's catalogue must say for the invariants to be enforced at all: policies, keys, triggers, roles."""

from typing import Final

from django.apps import apps
from django.db import connection

from quotarider.invariants.checks import Check
from quotarider.tenancy.constraints import SameWorkspace
from quotarider.tenancy.models import TenantRow

TABLES: Final = Check(
    4,
    "row-level security is on and forced",
    """SELECT 0 AS id, relname AS detail FROM unnest(%(tables)s::text[]) AS t(name)
       LEFT JOIN pg_class ON oid = to_regclass(quote_ident(t.name))
       WHERE relrowsecurity IS NOT TRUE OR relforcerowsecurity IS NOT TRUE""",
)
POLICIES: Final = Check(
    4,
    "one policy binds the app to its workspace",
    """SELECT 0 AS id, t.name AS detail FROM unnest(%(tables)s::text[]) AS t(name)
       WHERE NOT EXISTS (
             SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.name
                AND p.policyname = 'workspace_only' AND p.roles = '{qr_app}' AND p.cmd = 'ALL' AND p.qual = p.with_check
                AND p.qual LIKE '(workspace_id = ( SELECT %%current_setting(''app.workspace''%%')
          OR EXISTS (
             SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.name
                AND p.policyname <> 'workspace_only' AND NOT p.roles <@ '{qr_clock,qr_guard}'::name[])""",
)
KEYS: Final = Check(
    4,
    "composite keys hold references to their workspace",
    """SELECT 0 AS id, k.name AS detail FROM unnest(%(keys)s::text[]) AS k(name)
       LEFT JOIN pg_constraint c ON c.conname = k.name AND c.contype = 'f'
       WHERE c.convalidated IS NOT TRUE OR cardinality(c.conkey) <> 2""",
)
TRIGGERS: Final = Check(
    2,
    "the guard of open leads is at its post",
    """SELECT 0 AS id, g.name AS detail FROM unnest(%(triggers)s::text[]) AS g(name)
       LEFT JOIN pg_trigger t ON t.tgname = g.name
       LEFT JOIN pg_proc f ON f.oid = t.tgfoid
       WHERE t.tgenabled IS DISTINCT FROM 'O' OR NOT t.tgdeferrable OR NOT f.prosecdef
          OR pg_get_userbyid(f.proowner) <> 'qr_guard'""",
)
ROLES: Final = Check(
    4,
    "no role passes row-level security",
    """SELECT 0 AS id, rolname AS detail FROM pg_roles
       WHERE rolname IN ('qr_app', 'qr_clock', 'qr_guard') AND (rolsuper OR rolbypassrls)
          OR rolname = 'qr_guard' AND rolcanlogin""",
)
GUARDS: Final = (
    "open_lead_has_a_running_clock_insert",
    "open_lead_has_a_running_clock_update",
    "running_clock_of_an_open_lead_update",
    "running_clock_of_an_open_lead_delete",
)
CHECKS: Final = (TABLES, POLICIES, KEYS, TRIGGERS, ROLES)


def broken(check: Check) -> list[str]:
    """The names of what is not as it must be."""
    with connection.cursor() as cursor:
        cursor.execute(check.sql, {"tables": _tables(), "keys": _keys(), "triggers": list(GUARDS)})
        return sorted(str(detail) for _id, detail in cursor.fetchall())


def _models() -> list[type[TenantRow]]:
    return [model for model in apps.get_models() if issubclass(model, TenantRow)]


def _tables() -> list[str]:
    return [model._meta.db_table for model in _models()]


def _keys() -> list[str]:
    return [
        constraint.name
        for model in _models()
        for constraint in model._meta.constraints
        if isinstance(constraint, SameWorkspace)
    ]
