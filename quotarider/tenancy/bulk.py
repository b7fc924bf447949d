"""Many rows with one plain statement each, on paths where the ORM's own work would cost more than the database's.

Statements name the workspace themselves, as the scoped managers do: the planner needs to see it.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from psycopg2.extras import Json

from quotarider.tenancy import scopes

CHUNK = 500  # rows per INSERT: a statement stays below a megabyte


class _Shape(NamedTuple):
    """How a model's rows are written and read."""

    table: str
    written: str
    row: str
    values: Any
    json_places: tuple[int, ...]
    given_back: tuple[str, ...]
    read: tuple[str, ...]
    json_read: tuple[int, ...]


def insert(objects: Sequence[models.Model], *, skip_known: bool = False) -> None:
    """Stores new objects of one model and gives them their ids (and public ids).

    `skip_known` leaves out rows that break a unique constraint; the objects then get no ids. Values are taken as they
    are: no `save()`, no signals, no conversion by fields.
    """
    for start in range(0, len(objects), CHUNK):
        _insert(objects[start : start + CHUNK], skip_known)


def _insert(objects: Sequence[models.Model], skip_known: bool) -> None:
    shape = _shape(type(objects[0]))
    rest = " ON CONFLICT DO NOTHING" if skip_known else f" RETURNING {', '.join(shape.given_back)}"
    rows = ", ".join([shape.row] * len(objects))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {shape.table} ({shape.written}) VALUES {rows}{rest}", _values(objects, shape))
        given = () if skip_known else cursor.fetchall()
    for each, values in zip(objects, given, strict=not skip_known):
        for name, value in zip(shape.given_back, values, strict=True):
            setattr(each, name, value)
        each._state.adding = False
        each._state.db = "default"


def _values(objects: Sequence[models.Model], shape: _Shape) -> list[Any]:
    values: list[Any] = []
    for each in objects:
        row = shape.values(each)
        if shape.json_places:
            row = list(row)
            for place in shape.json_places:
                row[place] = Json(row[place])
        values.extend(row)
    return values


def fetch(sql: str, params: Any = None, /, **aliases: type[models.Model]) -> list[tuple[Any, ...]]:
    """Rows of objects: `{p}` in the SELECT list stands for the columns of the table alias `p`, here a model.

    `fetch("SELECT {p}, {c} FROM leads_person p LEFT JOIN …", params, p=Person, c=Company)` gives pairs; a side that an
    outer join left empty is None.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**{alias: _columns(model, alias) for alias, model in aliases.items()}), params)
        found = cursor.fetchall()
    shapes = [(model, _shape(model)) for model in aliases.values()]
    return [_objects(row, shapes) for row in found]


def _objects(row: Sequence[Any], shapes: Sequence[tuple[type[models.Model], _Shape]]) -> tuple[Any, ...]:
    objects, place = [], 0
    for model, shape in shapes:
        values = row[place : place + len(shape.read)]
        place += len(shape.read)
        objects.append(None if values[0] is None else _object(model, shape, values))
    return (*objects, *row[place:])


def _object(model: type[models.Model], shape: _Shape, values: Sequence[Any]) -> models.Model:
    if shape.json_read:
        values = [json.loads(v) if i in shape.json_read else v for i, v in enumerate(values)]
    return model.from_db("default", shape.read, values)


@lru_cache(maxsize=256)
def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


@lru_cache(maxsize=64)
def _shape(model: type[models.Model]) -> _Shape:
    fields = model._meta.concrete_fields
    written: list[Any] = [f for f in fields if not f.primary_key and f.db_default is NOT_PROVIDED]
    given: list[Any] = [f for f in fields if f not in written]
    return _Shape(
        table=model._meta.db_table,
        written=", ".join(f.column for f in written),
        row=f"({', '.join(['%s'] * len(written))})",
        values=attrgetter(*(f.attname for f in written)),
        json_places=tuple(i for i, f in enumerate(written) if isinstance(f, models.JSONField)),
        given_back=tuple(f.column for f in given),
        read=tuple(f.attname for f in fields),
        json_read=tuple(i for i, f in enumerate(fields) if isinstance(f, models.JSONField)),
    )


def update(objects: Sequence[models.Model], *names: str) -> None:
    """Writes these fields of stored objects, each object by its id."""
    for start in range(0, len(objects), CHUNK):
        _update(objects[start : start + CHUNK], names)


def _update(objects: Sequence[models.Model], names: tuple[str, ...]) -> None:
    model = type(objects[0])
    columns, row = _typed(model, names)
    values = attrgetter("pk", *(model._meta.get_field(name).attname for name in names))  # type: ignore[union-attr]
    written = ", ".join(f"{column} = given.{column}" for column in columns)
    sql = (
        f"UPDATE {model._meta.db_table} row SET {written} "
        f"FROM (VALUES {', '.join([row] * len(objects))}) AS given(id, {', '.join(columns)}) "
        "WHERE row.workspace_id = %s AND row.id = given.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(v for each in objects for v in values(each)), scopes.current_workspace_id()])


@lru_cache(maxsize=64)
def _typed(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[str], str]:
    """The columns, and a row of placeholders with their types, which VALUES would else have to guess."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    casts = [f"%s::{field.cast_db_type(connection)}" for field in fields]
    return [field.column for field in fields], f"(%s::bigint, {', '.join(casts)})"
