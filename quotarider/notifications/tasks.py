"""The outbox, driven by Celery; `manage.py clock` is the other driver."""

from typing import Any

from celery import shared_task

from quotarider.notifications import actions

ROUNDS = 10  # then the next tick goes on, so that deadlines get their turn in the same queue


@shared_task
def deliver_outbox(**_future: Any) -> int:
    """Sends what is due, over all workspaces; returns how many messages it took."""
    taken = 0
    for _ in range(ROUNDS):
        count = actions.deliver()
        taken += count
        if not count:
            break
    return taken
