"""What the roles of the database may do."""

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from quotarider.tenancy import protection
from tests.architecture import catalogue
from tests.architecture.catalogue import TENANT_MODELS

pytestmark = pytest.mark.django_db(databases=["default", "clock"])

WRITING = {"INSERT", "UPDATE", "DELETE", "TRUNCATE"}


def privileges(role: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, privilege in catalogue.rows(catalogue.PRIVILEGES, role):
        found.setdefault(table, set()).add(privilege)
    return found


class TestRoles:
    @pytest.mark.parametrize("role", ["qr_app", "qr_clock", "qr_guard", "qr_owner"])
    def test_none_is_above_the_policies(self, role: str) -> None:
        sql = (
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s"
        )
        assert catalogue.rows(sql, role) == [(False, False, False, False, False)]

    @pytest.mark.parametrize("role", ["qr_app", "qr_clock"])
    def test_who_serves_requests_and_clocks_owns_nothing(self, role: str) -> None:
        owned = "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = %s"
        functions = "SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = %s"
        assert catalogue.rows(owned, role) == catalogue.rows(functions, role) == []

    @pytest.mark.parametrize("role", ["qr_app", "qr_clock"])
    def test_they_are_members_of_no_other_role(self, role: str) -> None:
        sql = "SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE pg_get_userbyid(member) = %s"
        assert catalogue.rows(sql, role) == []

    @pytest.mark.parametrize("role", ["qr_app", "qr_clock"])
    def test_they_may_not_create_anything(self, role: str) -> None:
        sql = "SELECT has_schema_privilege(%s, 'public', 'CREATE'), has_database_privilege(%s, current_database(), 'CREATE')"
        assert catalogue.rows(sql, role, role) == [(False, False)]

    @pytest.mark.parametrize("role, alias", [("qr_app", "default"), ("qr_clock", "clock")])
    def test_each_alias_connects_as_its_role(self, role: str, alias: str) -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user, session_user")
            assert cursor.fetchone() == (role, role)


class TestPrivileges:
    def test_the_app_has_on_each_tenant_table_what_its_model_says(self) -> None:
        found = privileges("qr_app")
        expected = {table: set(protection.app_privileges(model)) for table, model in TENANT_MODELS.items()}
        assert {table: found[table] for table in expected} == expected

    @pytest.mark.parametrize("table", [t for t, m in TENANT_MODELS.items() if m.append_only])
    def test_what_is_only_added_to_can_t_be_changed_by_the_app(self, table: str) -> None:
        assert privileges("qr_app")[table] == {"SELECT", "INSERT"}

    def test_ledgers_are_only_added_to(self) -> None:
        only_added = {m.__name__ for m in TENANT_MODELS.values() if m.append_only}
        assert {"Score", "LeadDefinition", "Agreement", "Step", "Entry"} <= only_added

    def test_the_app_truncates_nothing(self) -> None:
        assert [table for table, found in privileges("qr_app").items() if "TRUNCATE" in found] == []

    def test_the_clock_has_what_the_models_name_and_nothing_more(self) -> None:
        expected = {table: set(m.clock_may) for table, m in TENANT_MODELS.items() if m.clock_may}
        found = privileges("qr_clock")
        assert {table: found[table] for table in found if table in TENANT_MODELS} == expected
        assert set(found) - set(TENANT_MODELS) == {
            "accounts_member",
            "accounts_user",
            "accounts_workspace",
            "django_migrations",
            "sla_heartbeat",
        }

    def test_the_clock_writes_steps_notices_and_outbox_only(self) -> None:
        writes = {table: found & WRITING for table, found in privileges("qr_clock").items() if found & WRITING}
        assert writes == {
            "sla_clock": {"UPDATE"},
            "sla_step": {"INSERT"},
            "sla_heartbeat": {"INSERT", "UPDATE", "DELETE"},
            "notifications_notification": {"INSERT"},
            "notifications_outbox": {"INSERT", "UPDATE"},
        }

    def test_the_guard_only_reads_and_locks(self) -> None:
        found = privileges("qr_guard")
        assert {table for table in found if table in TENANT_MODELS} == {"leads_lead", "sla_clock"}
        assert found["sla_clock"] == {"SELECT"}
        assert found["leads_lead"] == {"SELECT", "UPDATE"}  # a row lock needs UPDATE

    def test_everybody_may_do_nothing(self) -> None:
        sql = """SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a
                 WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0"""
        assert catalogue.rows(sql) == []


class TestStartUp:
    @pytest.mark.parametrize("alias", ["default", "clock"])
    def test_a_role_that_could_bypass_is_refused(self, alias: str) -> None:
        settings = connections["owner"].settings_dict
        wrapper = connections["owner"].__class__({**settings}, alias=alias)
        with pytest.raises(ImproperlyConfigured, match="can bypass row-level security"):
            wrapper.connect()
        assert wrapper.connection is None

    def test_the_owner_s_own_alias_is_let_through(self) -> None:
        wrapper = connections["owner"].__class__({**connections["owner"].settings_dict}, alias="owner")
        wrapper.connect()
        wrapper.close()

    def test_the_app_can_t_become_another_role(self) -> None:
        connection = psycopg2.connect(**connections["default"].get_connection_params())
        try:
            for role in ("qr_owner", "qr_guard", "qr_clock"):
                with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(f"SET ROLE {role}")
                connection.rollback()
        finally:
            connection.close()
