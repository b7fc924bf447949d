"""Is the database there?"""

from django.db import DatabaseError, connection


def database_answers() -> bool:
    """One round trip."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False
