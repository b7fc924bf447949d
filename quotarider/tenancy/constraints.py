"""The composite foreign key that Django can't spell: parent and child are of the same workspace.

PostgreSQL checks foreign keys past row-level security, so a plain one would accept another workspace's row.
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class SameWorkspace(models.BaseConstraint):
    """FOREIGN KEY (workspace_id, <field>_id) REFERENCES parent (workspace_id, id), deferrable.

    The parent carries UNIQUE (workspace, id): `TenantModel.Meta` gives it, and so does `Member`.
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        self.create_sql(model, schema_editor)
        return ""

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> None:
        """At the end of the migration, when parents made by the same one have their UNIQUE (workspace, id)."""
        assert model is not None
        assert schema_editor is not None
        column, parent = self._ends(model)
        quote = schema_editor.quote_name
        statement = Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(workspace)s, %(column)s) "
            "REFERENCES %(parent)s (%(workspace)s, %(id)s) DEFERRABLE INITIALLY IMMEDIATE",
            table=quote(model._meta.db_table),
            name=quote(self.name),
            workspace=quote("workspace_id"),
            column=quote(column),
            parent=quote(parent._meta.db_table),
            id=quote("id"),
        )
        schema_editor.deferred_sql.append(statement)

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        assert model is not None
        assert schema_editor is not None
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT IF EXISTS %(name)s",
            table=schema_editor.quote_name(model._meta.db_table),
            name=schema_editor.quote_name(self.name),
        )

    def _ends(self, model: type[models.Model]) -> tuple[str, type[models.Model]]:
        field = model._meta.get_field(self.field)
        return field.column, field.related_model  # type: ignore[union-attr, return-value]

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to ask in Python: the scoped managers can't offer a foreign row."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameWorkspace) and (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return "quotarider.tenancy.constraints.SameWorkspace", (), {"field": self.field, "name": self.name}


def same_workspace(prefix: str, *fields: str) -> list[SameWorkspace]:
    """One SameWorkspace per referencing field, named `<prefix>_<field>_same_workspace`."""
    return [SameWorkspace(field=field, name=f"{prefix}_{field}_same_workspace") for field in fields]
