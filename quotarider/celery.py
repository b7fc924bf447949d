"""The Celery app, its queues, and every periodic task on one screen.

Celery drives soft work and one of the two drivers of the clocks; nothing that is promised lives in its messages.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotarider.settings.prod")

app = Celery("quotarider")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={  # a request that enqueues must not wait for a broker that is gone: max_retries
        "max_retries": 0,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "visibility_timeout": 3600,
    },
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_default_queue="default",
    task_routes={  # deadlines have a worker of their own, so that no import delays them
        "sla.tasks.enforce_deadlines": {"queue": "deadlines"},
        "quotarider.notifications.tasks.deliver_outbox": {"queue": "deadlines"},
        "leads.tasks.run_import": {"queue": "imports"},
    },
    task_always_eager=getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False),
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "enforce deadlines": {
            "task": "sla.tasks.enforce_deadlines",
            "schedule": 1.0,
            "options": {"expires": 1},
        },
        "deliver outbox": {
            "task": "quotarider.notifications.tasks.deliver_outbox",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "drive imports that stopped": {
            "task": "leads.tasks.resume_imports",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "refresh scores": {
            "task": "leads.tasks.refresh_scores",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
    },
)
app.autodiscover_tasks()
