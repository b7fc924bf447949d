"""The workspace scope: one transaction, one workspace, one instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction


@dataclass(frozen=True)
class Scope:
    """The workspace in force and the database's instant at which the scope was opened (aware UTC)."""

    workspace_id: int
    now: datetime


class NoScope(RuntimeError):
    """Tenant data was asked for outside a workspace scope: open one with `tenancy.scope(workspace_id)`."""


class CrossedScopes(RuntimeError):
    """A scope of one workspace was opened inside another's."""


_current: ContextVar[Scope | None] = ContextVar("workspace scope", default=None)


def current() -> Scope:
    """The scope in force. Raises: NoScope."""
    scope_in_force = _current.get()
    if scope_in_force is None:
        raise NoScope("Tenant data is only readable inside tenancy.scope(workspace_id).")
    return scope_in_force


def current_workspace_id() -> int:
    """Default of every tenant row's workspace. Raises: NoScope."""
    return current().workspace_id


@contextmanager
def scope(workspace_id: int) -> Iterator[Scope]:
    """Opens a transaction in which only the workspace's rows exist; nested scopes of the same workspace join it.

    1. One round trip sets the workspace for row-level security and reads the database's instant.
    2. On leaving without an error the deferred guards run, so that they also fire inside a test's transaction.
    3. The setting is put back: inside an outer transaction it would outlive the scope.

    Raises: CrossedScopes inside another workspace's scope.
    """
    outer = _current.get()
    if outer is not None:
        if outer.workspace_id != workspace_id:
            raise CrossedScopes(f"scope of workspace {workspace_id} inside that of {outer.workspace_id}")
        yield outer
        return
    with transaction.atomic():
        opened = Scope(workspace_id, _enter(workspace_id))
        token = _current.set(opened)
        try:
            yield opened
            if not connection.needs_rollback:
                _leave()
        finally:
            _current.reset(token)


def _enter(workspace_id: int) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace', %s, true), app_now()", [str(workspace_id)])
        return cursor.fetchone()[1]


def _leave() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SELECT set_config('app.workspace', '', true)"
        )
