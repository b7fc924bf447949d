"""Start-up refuses a database role that could see past row-level security."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED_ALIASES = frozenset({"default", "clock"})


def refuse_bypass(sender: Any, connection: BaseDatabaseWrapper, **_future: Any) -> None:
    """On each new connection of the app or the clock: neither superuser, nor BYPASSRLS, nor an owner of tables.

    Raises: ImproperlyConfigured.
    """
    if connection.alias not in GUARDED_ALIASES:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR pg_has_role(current_user, c.relowner, 'USAGE') "
            "FROM pg_roles LEFT JOIN pg_class c ON c.oid = to_regclass('accounts_workspace') "
            "WHERE rolname = current_user"
        )
        row = cursor.fetchone()
    if row and row[0]:
        connection.close()
        raise ImproperlyConfigured(
            f"The database alias {connection.alias!r} connects with a role that can bypass row-level security. "
            "Use qr_app (DATABASE_URL) and qr_clock (CLOCK_DATABASE_URL)."
        )
