"""One of the two drivers of the clocks; the other is `manage.py clock`."""

from typing import Any

from celery import shared_task

from sla.actions import enforcing


@shared_task(acks_late=False)
def enforce_deadlines(**_future: Any) -> int:
    """Each second from beat: records what has passed; returns the number of steps."""
    swept = enforcing.sweep_all()
    enforcing.beat("celery", swept=swept.steps)
    return swept.steps
