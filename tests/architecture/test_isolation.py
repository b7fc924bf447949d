"""What the app's role sees and can do: on every tenant table, with another workspace's rows really there."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from quotarider import tenancy
from quotarider.tenancy import scopes
from quotarider.tenancy.models import TenantRow
from tests.architecture.catalogue import TENANT_MODELS
from tests.factories.world import World

TABLES = sorted(TENANT_MODELS)
MODELS = [pytest.param(m, id=m.__name__) for _, m in sorted(TENANT_MODELS.items())]
REFUSED = ("row-level security", "permission denied")


@contextmanager
def raw(workspace_id: int | None = None) -> Iterator[CursorWrapper]:
    """A cursor with the workspace set for row-level security alone, or none; taken back at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        if workspace_id is not None:
            cursor.execute("SELECT set_config('app.workspace', %s, true)", [str(workspace_id)])
        yield cursor
        transaction.set_rollback(True)


def count(cursor: CursorWrapper, table: str, where: str = "true", *args: Any) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {where}', args)
    return int(cursor.fetchone()[0])


def copy_into(cursor: CursorWrapper, table: str, workspace_id: int) -> None:
    """Inserts a row of that workspace: only the policy can refuse it, as the rest may be anything."""
    sql = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    cursor.execute(sql, [table])
    columns = [f'"{name}"' for (name,) in cursor.fetchall()]
    values = ["%s" if name == '"workspace_id"' else f"r.{name}" for name in columns]
    cursor.execute(
        f'INSERT INTO "{table}" ({", ".join(columns)}) '
        f'SELECT {", ".join(values)} FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT * FROM "{table}" LIMIT 1) r ON true',
        [workspace_id],
    )


class TestWithoutAWorkspace:
    @pytest.mark.parametrize("table", TABLES)
    def test_nothing_is_there(self, worlds: Any, table: str) -> None:
        with raw() as cursor:
            assert count(cursor, table) == 0

    @pytest.mark.parametrize("table", TABLES)
    def test_nothing_can_be_added(self, acme_world: World, table: str) -> None:
        with raw() as cursor, pytest.raises(DatabaseError, match="row-level security"):
            copy_into(cursor, table, acme_world.workspace.pk)

    @pytest.mark.parametrize("table", TABLES)
    def test_an_empty_setting_is_no_workspace(self, worlds: Any, table: str) -> None:
        with raw() as cursor:
            cursor.execute("SELECT set_config('app.workspace', '', true)")
            assert count(cursor, table) == 0

    @pytest.mark.parametrize("model", MODELS)
    def test_managers_raise(self, worlds: Any, model: type[TenantRow]) -> None:
        for ask in (model.objects.all, model.objects.count, model.objects.first, lambda: model.objects.create()):
            with pytest.raises(tenancy.NoScope):
                ask()

    @pytest.mark.parametrize("model", MODELS)
    def test_django_s_own_doors_open_on_nothing(self, worlds: Any, model: type[TenantRow]) -> None:
        """`_base_manager` follows foreign keys and doesn't know of the scope: the policy holds."""
        assert model._base_manager.count() == 0


class TestOfAnotherWorkspace:
    @pytest.mark.parametrize("table", TABLES)
    def test_both_have_rows(self, worlds: tuple[World, World], table: str) -> None:
        """Else the tests below prove nothing: tests/factories/world.py makes one of everything."""
        for each in worlds:
            with raw(each.workspace.pk) as cursor:
                assert count(cursor, table) > 0

    @pytest.mark.parametrize("table", TABLES)
    def test_no_row_is_seen(self, worlds: tuple[World, World], table: str) -> None:
        mine, other = worlds
        with raw(mine.workspace.pk) as cursor:
            assert count(cursor, table, "workspace_id IS DISTINCT FROM %s", mine.workspace.pk) == 0
            assert count(cursor, table, "workspace_id = %s", other.workspace.pk) == 0

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize(
        "statement", ['UPDATE "{}" SET workspace_id = workspace_id', 'DELETE FROM "{}"'], ids=["update", "delete"]
    )
    def test_no_row_is_changed(self, worlds: tuple[World, World], table: str, statement: str) -> None:
        mine, other = worlds
        # ProgrammingError is permission denied: on what is only added to
        with contextlib.suppress(ProgrammingError), raw(mine.workspace.pk) as cursor:
            cursor.execute(statement.format(table) + " WHERE workspace_id = %s", [other.workspace.pk])
            assert cursor.rowcount == 0

    @pytest.mark.parametrize("table", TABLES)
    def test_no_row_is_added(self, worlds: tuple[World, World], table: str) -> None:
        mine, other = worlds
        with raw(mine.workspace.pk) as cursor, pytest.raises(DatabaseError, match="row-level security"):
            copy_into(cursor, table, other.workspace.pk)

    @pytest.mark.parametrize("table", TABLES)
    def test_no_row_is_given_away(self, worlds: tuple[World, World], table: str) -> None:
        mine, other = worlds
        with raw(mine.workspace.pk) as cursor, pytest.raises(DatabaseError) as refused:
            cursor.execute(f'UPDATE "{table}" SET workspace_id = %s', [other.workspace.pk])
        assert any(words in str(refused.value) for words in REFUSED)

    @pytest.mark.parametrize("table", TABLES)
    def test_no_table_is_emptied(self, acme_world: World, table: str) -> None:
        with raw(acme_world.workspace.pk) as cursor, pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f'TRUNCATE "{table}" CASCADE')

    @pytest.mark.parametrize("model", MODELS)
    def test_managers_ask_for_the_workspace_by_name_too(
        self, worlds: tuple[World, World], model: type[TenantRow]
    ) -> None:
        with worlds[0].scope():
            assert '"workspace_id" =' in str(model.objects.all().query)
            assert {row.workspace_id for row in model.objects.all()} == {worlds[0].workspace.pk}


class TestReferences:
    """PostgreSQL checks foreign keys past row-level security, so the key itself holds the workspace."""

    @pytest.mark.parametrize(
        "table, column",
        [
            pytest.param(m._meta.db_table, m._meta.get_field(c.field).column, id=c.name)
            for m in TENANT_MODELS.values()
            for c in m._meta.constraints
            if hasattr(c, "field")
        ],
    )
    def test_a_row_of_another_workspace_can_t_be_referred_to(
        self, worlds: tuple[World, World], table: str, column: str
    ) -> None:
        mine, other = worlds
        field = next(f for f in TENANT_MODELS[table]._meta.get_fields() if getattr(f, "column", None) == column)
        parent = field.related_model._meta.db_table
        with raw(other.workspace.pk) as cursor:
            cursor.execute(f'SELECT max(id) FROM "{parent}" WHERE workspace_id = %s', [other.workspace.pk])
            (foreign,) = cursor.fetchone()
        change = add_referring if TENANT_MODELS[table].append_only else refer
        with raw(mine.workspace.pk) as cursor, pytest.raises(DatabaseError, match="violates foreign key"):
            change(cursor, table, column, foreign)


def refer(cursor: CursorWrapper, table: str, column: str, foreign: int) -> None:
    """Lets one row refer elsewhere, one that refers already if there is any."""
    which = f'SELECT ctid FROM "{table}" ORDER BY "{column}" IS NULL LIMIT 1'
    cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE ctid = ({which})', [foreign])


def add_referring(cursor: CursorWrapper, table: str, column: str, foreign: int) -> None:
    """A copy of a row that refers elsewhere; its number is raised, so that it is no double."""
    sql = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attname NOT IN ('id', 'public_id', %s)"
    cursor.execute(sql, [table, column])
    names = [name for (name,) in cursor.fetchall()]
    values = [f'"{name}" + 1000' if name in ("version", "step") else f'"{name}"' for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    copied = f'SELECT {", ".join(values)}, %s FROM "{table}" LIMIT 1'
    cursor.execute(f'INSERT INTO "{table}" ({quoted}, "{column}") {copied}', [foreign])


class TestTheClock:
    @pytest.mark.parametrize("table", [t for t, m in TENANT_MODELS.items() if "SELECT" not in m.clock_may])
    def test_can_t_read_what_it_has_no_need_of(self, worlds: Any, table: str) -> None:
        with transaction.atomic(using="clock"), connections["clock"].cursor() as cursor:
            with pytest.raises(DatabaseError, match="permission denied"):
                cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            transaction.set_rollback(True, using="clock")


class TestScope:
    def test_the_instant_is_the_database_s(self, acme_world: World) -> None:
        with acme_world.scope() as scope, connection.cursor() as cursor:
            cursor.execute("SELECT app_now() - %s BETWEEN interval '0' AND interval '5 s'", [scope.now])
            assert cursor.fetchone() == (True,)
            assert scope.now.utcoffset().total_seconds() == 0

    def test_it_follows_the_database_s_clock_and_not_python_s(
        self, acme_world: World, move_time: Callable[..., None]
    ) -> None:
        with acme_world.scope() as before:
            pass
        move_time(timedelta(days=400))
        with acme_world.scope() as after:
            assert after.now - before.now > timedelta(days=399)

    def test_nested_ones_of_the_same_workspace_join(self, acme_world: World) -> None:
        with acme_world.scope() as outer, acme_world.scope() as inner:
            assert inner is outer

    def test_crossed_ones_are_refused(self, worlds: tuple[World, World]) -> None:
        mine, other = worlds
        with mine.scope() as outer:
            with pytest.raises(scopes.CrossedScopes), other.scope():
                pass
            assert tenancy.current() is outer

    def test_after_it_there_is_no_workspace(self, acme_world: World) -> None:
        with transaction.atomic():
            with acme_world.scope():
                pass
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('app.workspace', true)")
                assert cursor.fetchone() == ("",)
                assert count(cursor, "leads_lead") == 0

    def test_nor_after_an_error(self, acme_world: World) -> None:
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), acme_world.scope():
                1 / 0  # noqa: B018
            with pytest.raises(tenancy.NoScope):
                tenancy.current()
            with connection.cursor() as cursor:
                assert count(cursor, "leads_lead") == 0

    def test_deferred_guards_fire_on_leaving_even_inside_a_transaction(self, acme_world: World) -> None:
        with transaction.atomic():
            with (
                pytest.raises(DatabaseError, match="has no running clock"),
                acme_world.scope(),
                connection.cursor() as cursor,
            ):
                cursor.execute(
                    "DELETE FROM sla_clock c WHERE NOT EXISTS (SELECT FROM sla_step s WHERE s.clock_id = c.id)"
                )
            transaction.set_rollback(True)

    def test_what_failed_is_taken_back(self, acme_world: World) -> None:
        lead = acme_world.leads["nurturing"]
        with pytest.raises(ZeroDivisionError), acme_world.scope():  # noqa: PT012
            type(lead).objects.filter(pk=lead.pk).update(note="changed")
            1 / 0  # noqa: B018
        with acme_world.scope():
            assert type(lead).objects.get(pk=lead.pk).note == lead.note

    def test_an_unknown_workspace_is_an_empty_one(self, worlds: Any) -> None:
        lead = worlds[0].leads["nurturing"]
        with tenancy.scope(10**9):
            assert type(lead).objects.count() == 0
