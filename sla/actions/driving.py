"""Driving the clocks without a broker: two loops that need PostgreSQL alone, until they are told to stop.

The outbox has a loop of its own, so that a slow mail server holds up no deadline. Any number of drivers may run at once.
"""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from django.db import Error, connections

from quotarider.notifications import actions as notifications
from sla.actions import enforcing

log = logging.getLogger(__name__)

CAP = 1.0  # seconds; also how often the heart beats
FLOOR = 0.02
LONGEST_PAUSE = 5.0  # after database errors
PATIENCE = 15.0  # for a mail on its way when told to stop; longer than EMAIL_TIMEOUT


def drive(stop: Event, *, driver: str) -> None:
    """Enforces deadlines and drains the outbox until `stop` is set; `driver` is the name in the heartbeat."""
    drain = Thread(target=repeat, args=(stop, _drain), name="outbox", daemon=True)
    drain.start()
    repeat(stop, Enforcer(driver))
    drain.join(PATIENCE)


def repeat(stop: Event, once: Callable[[], float]) -> None:
    """Calls `once` again and again, after as many seconds as it says; database errors close the connection and wait."""
    failures = 0
    while not stop.is_set():
        try:
            pause = once()
            failures = 0
        except Error as broken:
            connections["clock"].close()
            failures += 1
            pause = min(LONGEST_PAUSE, 0.1 * 2**failures)
            log.warning("database: error=%s failures=%s pause=%.1f", type(broken).__name__, failures, pause)
        stop.wait(pause)
    connections["clock"].close()


class Enforcer:
    """Sweeps; the heart beats each second, and whenever there was something to do a line says how much."""

    def __init__(self, driver: str) -> None:
        self.driver = driver
        self._beaten = float("-inf")
        self._steps = 0

    def __call__(self) -> float:
        """Returns the seconds until the next step is due, at most CAP."""
        swept = enforcing.sweep_all()
        self._steps += swept.steps
        if swept.steps:
            log.info("swept: driver=%s clocks=%s steps=%s", self.driver, swept.clocks, swept.steps)
        if time.monotonic() - self._beaten >= CAP * 0.9:
            enforcing.beat(self.driver, swept=self._steps)
            self._beaten, self._steps = time.monotonic(), 0
        due = enforcing.next_due_in()
        return CAP if due is None else min(CAP, max(FLOOR, due))


def _drain() -> float:
    return FLOOR if notifications.deliver() else CAP
