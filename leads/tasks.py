"""Soft work of the first stage. Each task has its rows in the database; a minute's reconciler drives what was missed."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from leads.actions import definition, importing, imports
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


@shared_task(base=PieceByPiece)
def run_import(*, workspace_id: int, job_id: int, **_future: Any) -> int:
    """Checks or takes in an uploaded file, one transaction per piece; returns the rows it did.

    Repeating it is harmless, and so is a second worker on the same file: a piece belongs to whoever claims it first.
    """
    done = 0
    try:
        with tenancy.scope(workspace_id) as scope:
            work = importing.begin(job_id, at=scope.now)
        if work is None:
            return 0
        for start, piece in work.pieces:
            with tenancy.scope(workspace_id) as scope:
                if not work.do(start, piece, at=scope.now):
                    break
            done += len(piece)
    except importing.NOT_THE_ROWS:
        raise  # nothing of the piece was kept; the reconciler sends a worker again
    except Exception:
        with tenancy.scope(workspace_id) as scope:
            importing.park(job_id, at=scope.now)
        raise
    return done


@shared_task
def resume_imports(**_future: Any) -> None:
    """Drives imports whose worker went away."""
    for workspace in accounts.workspaces():
        with tenancy.scope(workspace.pk) as scope:
            imports.drive_silent(at=scope.now)
