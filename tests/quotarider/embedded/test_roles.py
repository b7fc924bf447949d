"""The roles of roles.sql can do what they are for, and nothing that would pass row-level security."""

import os
from collections.abc import Iterator

import psycopg2
import psycopg2.errors
import psycopg2.extensions
import pytest

LOGINS = {"qr_app": "DATABASE_URL", "qr_clock": "CLOCK_DATABASE_URL", "qr_owner": "OWNER_DATABASE_URL"}


@pytest.fixture
def connection(role: str) -> Iterator[psycopg2.extensions.connection]:
    """A connection as `role`, rolled back."""
    made = psycopg2.connect(os.environ[LOGINS[role]])
    yield made
    made.close()


def ask(connection: psycopg2.extensions.connection, query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return row and row[0]


@pytest.mark.parametrize("role", LOGINS)
class TestEveryLogin:
    def test_cannot_bypass_row_level_security(self, connection: psycopg2.extensions.connection, role: str) -> None:
        query = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert ask(connection, "SELECT current_user") == role
        assert ask(connection, query) is False


@pytest.mark.parametrize("role", ["qr_app", "qr_clock"])
class TestEveryRoleButTheOwner:
    def test_cannot_create_tables(self, connection: psycopg2.extensions.connection, role: str) -> None:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(connection, "CREATE TABLE public.mine ()")

    def test_cannot_become_the_guard(self, connection: psycopg2.extensions.connection, role: str) -> None:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(connection, "SET ROLE qr_guard")

    def test_cannot_run_a_statement_for_ever(self, connection: psycopg2.extensions.connection, role: str) -> None:
        assert ask(connection, "SHOW statement_timeout") in {"30s", "10s"}


@pytest.mark.parametrize("role", ["qr_owner"])
class TestOwner:
    def test_creates_tables_and_hands_functions_to_the_guard(
        self, connection: psycopg2.extensions.connection, role: str
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE public.mine ()")
            cursor.execute("CREATE FUNCTION public.checked() RETURNS int LANGUAGE sql AS 'SELECT 1'")
            cursor.execute("ALTER FUNCTION public.checked() OWNER TO qr_guard")


@pytest.mark.parametrize("role", ["qr_app"])
class TestTestTime:
    def test_is_the_statements_time(self, connection: psycopg2.extensions.connection, role: str) -> None:
        assert ask(connection, "SELECT app_now() = statement_timestamp()") is True

    def test_is_moved_by_the_offset_of_the_session(self, connection: psycopg2.extensions.connection, role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL app.now_offset = '2 days'")
        assert ask(connection, "SELECT app_now() - statement_timestamp() = interval '2 days'") is True
