"""`manage.py clock`: one of the two drivers of the clocks; needs PostgreSQL alone."""

import os
import signal
import socket
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from sla.actions import driving


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT; two or more of it are fine, exactly one step results."""

    help = "Enforces deadlines and sends the outbox until it is stopped. Needs PostgreSQL, and nothing else."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Names itself after host and process, so that each driver has its heartbeat."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        driving.drive(stop, driver=f"clock@{socket.gethostname()[:50]}:{os.getpid()}")
