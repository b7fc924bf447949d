"""One launcher's hold on one state folder: its locks, its supervisor, and a clean end."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import IO

from quotarider.embedded import paths, processes


@contextlib.contextmanager
def supervised(state: paths.State) -> Iterator[processes.Supervisor]:
    """Yield a supervisor once the last process of an earlier run is gone, and stop all its children at the end."""
    with _children_lock(state) as guard:
        supervisor = processes.Supervisor(guard)
        supervisor.listen()
        try:
            yield supervisor
        finally:
            supervisor.stop()


def _children_lock(state: paths.State, patience: float = 30.0) -> IO[str]:
    """After kill -9 of a launcher its children end by themselves, the database last; wait for that."""
    deadline = time.monotonic() + patience
    while (guard := paths.try_lock(state.children_file)) is None:
        if time.monotonic() > deadline:
            sys.exit(f"Processes of an earlier run still hold {state.children_file}: end them first.")
        time.sleep(0.1)
    return guard
