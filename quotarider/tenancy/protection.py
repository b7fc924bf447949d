"""Row-level security and privileges of every table, derived from the models after each migration.

A table that was just created is owned by qr_owner and closed to everybody else; only this opens it. So a table that
nobody thought of is a table that nobody can read.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models

from quotarider.tenancy.models import TenantRow

WORKSPACE_IN_SCOPE = "(SELECT nullif(current_setting('app.workspace', true), '')::bigint)"


def after_migrate(sender: Any, using: str, **_future: Any) -> None:
    """Runs once per migrate, as the owner."""
    if sender.name != "quotarider.tenancy" or using != "owner":
        return
    with connections[using].cursor() as cursor:
        for statement in statements(set(connections[using].introspection.table_names(cursor))):
            cursor.execute(statement)


def statements(existing: set[str]) -> Iterator[str]:
    """All SQL that protects the existing tables; running it again changes nothing."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in existing or model._meta.proxy or not model._meta.managed:
            continue
        if issubclass(model, TenantRow):
            yield from _tenant_table(model, table)
        else:
            yield from _global_table(model, table)
    if "django_migrations" in existing:
        yield "GRANT SELECT ON django_migrations TO qr_app, qr_clock"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO qr_app"


def _tenant_table(model: type[TenantRow], table: str) -> Iterator[str]:
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'REVOKE ALL ON "{table}" FROM PUBLIC, qr_app, qr_clock, qr_guard'
    yield f'DROP POLICY IF EXISTS workspace_only ON "{table}"'
    test = f"workspace_id = {WORKSPACE_IN_SCOPE}"
    yield f'CREATE POLICY workspace_only ON "{table}" TO qr_app USING ({test}) WITH CHECK ({test})'
    yield f'GRANT {", ".join(app_privileges(model))} ON "{table}" TO qr_app'
    for role, privileges in (("qr_clock", model.clock_may), ("qr_guard", model.guard_may)):
        yield f'DROP POLICY IF EXISTS all_workspaces_{role} ON "{table}"'
        if privileges:
            yield f'GRANT {", ".join(privileges)} ON "{table}" TO {role}'
            yield f'CREATE POLICY all_workspaces_{role} ON "{table}" TO {role} USING (true) WITH CHECK (true)'
            if "INSERT" in privileges:
                yield f'GRANT USAGE ON SEQUENCE "{table}_id_seq" TO {role}'


def app_privileges(model: type[TenantRow]) -> tuple[str, ...]:
    """What the app role may do with a tenant table."""
    if model.append_only:
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE", "DELETE") if model.deletable else ("SELECT", "INSERT", "UPDATE")


def _global_table(model: type[models.Model], table: str) -> Iterator[str]:
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO qr_app'
    for role in ("qr_clock", "qr_guard"):
        privileges = getattr(model, f"{role[3:]}_may", ())
        if privileges:
            yield f'GRANT {", ".join(privileges)} ON "{table}" TO {role}'
            if "INSERT" in privileges and model._meta.auto_field:
                yield f'GRANT USAGE ON SEQUENCE "{table}_id_seq" TO {role}'
