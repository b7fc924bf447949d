"""What PostgreSQL itself says about the tables, so that a table added tomorrow is looked at too."""

from typing import Any

from django.apps import apps
from django.db import connection

from quotarider.tenancy.models import TenantRow

TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped)
FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
INDEXES = """
SELECT t.relname, i.relname, x.indisunique, x.indisprimary,
       ARRAY(SELECT pg_get_indexdef(x.indexrelid, k + 1, true) FROM generate_subscripts(x.indkey, 1) k
             WHERE k < x.indnkeyatts ORDER BY k)
FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE t.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text, c.conname, c.confrelid::regclass::text, c.convalidated,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, o)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o),
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, o)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.o)
FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
POLICIES = """
SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies
WHERE schemaname = 'public' ORDER BY 1, 2
"""
DEFINERS = """
SELECT p.proname, pg_get_userbyid(p.proowner), coalesce(p.proconfig, '{}'), p.prosecdef
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace ORDER BY 1
"""
PRIVILEGES = """
SELECT c.relname, p.privilege FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p(privilege)
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(%s, c.oid, p.privilege)
ORDER BY 1, 2
"""


def rows(sql: str, *args: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall()


def tenant_models() -> list[type[TenantRow]]:
    """Every model of ours whose rows belong to a workspace."""
    return [model for model in apps.get_models() if issubclass(model, TenantRow)]


TENANT_MODELS = {model._meta.db_table: model for model in tenant_models()}
