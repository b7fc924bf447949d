"""Soft work of the first stage. Each task has its rows in the database; a minute's reconciler drives what was missed."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from leads.actions import definition
from leads.queries import definition as definitions
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.tenancy.tasks import WorkspaceTask

PIECE = 1000


class PieceByPiece(WorkspaceTask):
    """Opens one scope per piece, so that no transaction lasts long."""

    opens_own_scopes = True
    abstract = True


@shared_task(base=PieceByPiece)
def rescore_after_revision(*, workspace_id: int, definition_id: int, **_future: Any) -> int:
    """Scores all open leads under the version in force; returns how many. Repeating it is harmless."""
    done = 0
    while True:
        with tenancy.scope(workspace_id) as scope:
            version = definitions.in_force(scope.now)
            piece = definition.rescore_stale(
                before=scope.now, version_id=version.pk, limit=PIECE, at=scope.now, cause="agreement"
            )
        done += piece
        if piece < PIECE:
            return done


@shared_task
def refresh_scores(**_future: Any) -> None:
    """Engagement decays: open leads whose figures are a day old are scored again, workspace by workspace."""
    for workspace in accounts.workspaces():
        while True:
            with tenancy.scope(workspace.pk) as scope:
                day_ago = scope.now - timedelta(days=1)
                piece = definition.rescore_stale(
                    before=day_ago, version_id=None, limit=PIECE, at=scope.now, cause="refresh"
                )
            if piece < PIECE:
                break


@shared_task
def resume_imports(**_future: Any) -> None:
    """Drives imports whose worker went away."""
