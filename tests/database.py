"""Emptying the database between tests that really commit."""

import contextlib
from collections.abc import Iterator

import psycopg2
from django.db import connections

KEPT = ("django_migrations", "django_content_type", "auth_permission")
TOUCHED = """
SELECT c.relname FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND pg_relation_size(c.oid) > 0 AND c.relname <> ALL(%s)
"""


@contextlib.contextmanager
def owner() -> Iterator[psycopg2.extensions.cursor]:
    """A cursor of the owner of the tables, committed at the end; past Django, which may block its connections."""
    connection = psycopg2.connect(**connections["owner"].get_connection_params())
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def empty() -> None:
    """Truncates what was written; the app itself may not. Fails when a test left a transaction open."""
    with owner() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute(TOUCHED, [list(KEPT)])
        # numbers go on, as in life: what is cached by number in a process stays true
        if tables := [f'"{name}"' for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
