"""Tasks of a workspace: they require one, open its scope, and are enqueued only after commit."""

import logging
from functools import partial
from typing import Any

import celery
from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from quotarider.tenancy import scopes

log = logging.getLogger(__name__)


class WorkspaceTask(celery.Task):
    """Base of all tasks that touch tenant data. `opens_own_scopes`: the task opens one scope per piece of its work."""

    opens_own_scopes = False
    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        workspace_id = kwargs.get("workspace_id")
        if args or not isinstance(workspace_id, int):
            raise TypeError(f"{self.name} takes keyword arguments only, workspace_id among them")
        if self.opens_own_scopes:
            return self.run(**kwargs)
        with scopes.scope(workspace_id):
            return self.run(**kwargs)


def enqueue(task: str, **ids: int | str) -> None:
    """Sends the task of that dotted name after commit.

    A broker that is gone delays it and loses nothing: its row is in the database, and the reconciler drives it.
    """
    transaction.on_commit(partial(_send, task, ids))


def _send(task: str, ids: dict[str, int | str]) -> None:
    try:
        import_string(task).apply_async(kwargs=ids, retry=False)
    except (OperationalError, OSError) as broken:
        log.warning("broker unreachable, left to the reconciler: task=%s error=%s", task, type(broken).__name__)
