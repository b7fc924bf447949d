"""No table, index, key, view or function lets one workspace see or feel another: asked of PostgreSQL's catalogue."""

import pytest
from django.db import models

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import SameWorkspace
from quotarider.tenancy.models import TenantRow
from tests.architecture import catalogue
from tests.architecture.catalogue import TENANT_MODELS

pytestmark = pytest.mark.django_db

GLOBAL_TABLES = {
    "accounts_apikey": "read by its prefix before the workspace is known; stored as a digest",
    "accounts_invitation": "read by its digest before the guest has a workspace",
    "accounts_member": "says which workspaces a user may enter",
    "accounts_user": "a person may have seats in several workspaces",
    "accounts_user_groups": "Django's; empty, since roles are ours",
    "accounts_user_user_permissions": "Django's; empty, since roles are ours",
    "accounts_workspace": "the tenants themselves",
    "account_emailaddress": "allauth: a user's addresses",
    "account_emailconfirmation": "allauth: confirming an address before sign-in",
    "auth_group": "Django's; empty",
    "auth_group_permissions": "Django's; empty",
    "auth_permission": "Django's; names of models only",
    "django_content_type": "Django's; names of models only",
    "django_migrations": "Django's; names of migrations only",
    "django_session": "read before it is known who asks",
    "mfa_authenticator": "allauth: a user's second factors",
    "sla_heartbeat": "a process that drives the clocks of all workspaces; holds no customer's data",
}
HAS_WORKSPACE_BUT_IS_GLOBAL = {"accounts_apikey", "accounts_invitation", "accounts_member"}
INDEX_EXEMPTIONS = {
    "clock_due": "the sweep reads across workspaces, as qr_clock, by time",
    "outbox_waiting": "the drain reads across workspaces, as qr_clock, by time",
}
DEFINER_FUNCTIONS = {"guard_open_lead": "refuses an open lead without a running clock, whoever commits it"}


def tenant_tables() -> set[str]:
    return {name for name, _, _, has in catalogue.rows(catalogue.TABLES) if has} - HAS_WORKSPACE_BUT_IS_GLOBAL


class TestTables:
    def test_each_is_a_tenant_s_or_on_the_reviewed_list(self) -> None:
        tables = {name for name, *_ in catalogue.rows(catalogue.TABLES)}
        assert tables - tenant_tables() == set(GLOBAL_TABLES)

    def test_tenant_tables_are_those_of_the_tenant_models(self) -> None:
        assert tenant_tables() == set(TENANT_MODELS)

    def test_row_level_security_is_enabled_and_forced(self) -> None:
        secured = {name for name, enabled, forced, _ in catalogue.rows(catalogue.TABLES) if enabled and forced}
        assert tenant_tables() - secured == set()

    def test_one_policy_binds_the_app_to_its_workspace(self) -> None:
        expected = "(workspace_id = ( SELECT (NULLIF(current_setting('app.workspace'::text, true), ''::text))::bigint AS \"nullif\"))"
        bound = {
            table
            for table, _, _, roles, cmd, using, check in catalogue.rows(catalogue.POLICIES)
            if roles == ["qr_app"] and cmd == "ALL" and using == check == expected
        }
        assert tenant_tables() - bound == set()

    def test_no_other_policy_opens_a_table_to_the_app_or_to_everybody(self) -> None:
        others = {
            (table, name)
            for table, name, _, roles, *_ in catalogue.rows(catalogue.POLICIES)
            if name != "workspace_only" and not set(roles) <= {"qr_clock", "qr_guard"}
        }
        assert others == set()

    def test_policies_across_workspaces_are_those_that_the_models_name(self) -> None:
        found = {
            (table, roles[0]) for table, _, _, roles, *_ in catalogue.rows(catalogue.POLICIES) if roles != ["qr_app"]
        }
        assert found == {
            (table, role)
            for table, model in TENANT_MODELS.items()
            for role, privileges in (("qr_clock", model.clock_may), ("qr_guard", model.guard_may))
            if privileges
        }

    def test_the_workspace_is_never_null(self) -> None:
        sql = """SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                 WHERE a.attname = 'workspace_id' AND NOT a.attnotnull AND c.relkind IN ('r', 'p')"""
        assert catalogue.rows(sql) == []

    def test_there_are_no_views_and_no_materialised_views(self) -> None:
        sql = "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        assert catalogue.rows(sql) == []


class TestIndexes:
    def test_each_leads_with_the_workspace(self) -> None:
        """A unique one that doesn't is felt across workspaces; any other can't serve a query under the policy."""
        wrong = {
            index
            for table, index, _, is_primary, columns in catalogue.rows(catalogue.INDEXES)
            if table in tenant_tables() and columns[0] != "workspace_id" and not (is_primary and columns == ["id"])
        }
        assert wrong == set(INDEX_EXEMPTIONS)

    def test_unique_ones_have_no_exemption(self) -> None:
        wrong = [
            index
            for table, index, is_unique, is_primary, columns in catalogue.rows(catalogue.INDEXES)
            if is_unique and table in tenant_tables() and columns[0] != "workspace_id" and not is_primary
        ]
        assert wrong == []


class TestForeignKeys:
    def test_between_tenant_tables_they_hold_the_workspace(self) -> None:
        """PostgreSQL checks foreign keys past row-level security: a plain one takes another workspace's row."""
        tenants = tenant_tables() | {"accounts_member"}
        wrong = [
            (table, name)
            for table, name, parent, _, columns, targets in catalogue.rows(catalogue.FOREIGN_KEYS)
            if table in tenant_tables()
            and parent in tenants
            and not (columns[0] == targets[0] == "workspace_id" and targets[1:] == ["id"])
        ]
        assert wrong == []

    def test_all_are_validated(self) -> None:
        assert [name for _, name, _, valid, _, _ in catalogue.rows(catalogue.FOREIGN_KEYS) if not valid] == []

    @pytest.mark.parametrize("model", TENANT_MODELS.values(), ids=lambda m: m.__name__)
    def test_each_reference_is_a_same_workspace_constraint(self, model: type[TenantRow]) -> None:
        referring = {
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantRow | Member)
        }
        constrained = {c.field for c in model._meta.constraints if isinstance(c, SameWorkspace)}
        assert referring == constrained

    @pytest.mark.parametrize("model", TENANT_MODELS.values(), ids=lambda m: m.__name__)
    def test_each_same_workspace_constraint_is_in_the_database(self, model: type[TenantRow]) -> None:
        declared = {c.name for c in model._meta.constraints if isinstance(c, SameWorkspace)}
        present = {name for table, name, *_ in catalogue.rows(catalogue.FOREIGN_KEYS) if table == model._meta.db_table}
        assert declared <= present

    def test_no_tenant_model_has_a_many_to_many(self) -> None:
        assert [(m.__name__, f.name) for m in TENANT_MODELS.values() for f in m._meta.many_to_many] == []


class TestFunctions:
    def test_those_that_run_with_other_rights_are_reviewed(self) -> None:
        found = {name for name, _, _, is_definer in catalogue.rows(catalogue.DEFINERS) if is_definer}
        assert found == set(DEFINER_FUNCTIONS)

    def test_they_are_the_guard_s_with_a_fixed_search_path(self) -> None:
        for name, owner, config, is_definer in catalogue.rows(catalogue.DEFINERS):
            if is_definer:
                assert (name, owner) == (name, "qr_guard")
                assert any(entry.startswith("search_path=") and entry.endswith("pg_temp") for entry in config), name

    def test_nobody_else_may_call_them(self) -> None:
        sql = """SELECT p.proname, r.rolname FROM pg_proc p, pg_roles r
                 WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
                   AND r.rolname IN ('qr_app', 'qr_clock') AND has_function_privilege(r.oid, p.oid, 'EXECUTE')"""
        assert catalogue.rows(sql) == []
