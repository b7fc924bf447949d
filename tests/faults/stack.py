"""The real processes, against the test's database, and the hand that kills them."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quotarider.embedded import processes
from quotarider.settings.env import ROOT

SEED = int(os.environ.get("QR_FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
STARTER = ThreadPoolExecutor(1)  # a tied child dies with the thread that started it: this one lives to the end
QUIET = {"PYTHONUNBUFFERED": "1", "CELERY_SKIP_CHECKS": "1", "PYTHONWARNINGS": "ignore", "MALLOC_ARENA_MAX": "2"}


@dataclass
class Piece:
    """One program of the stack, which may be killed and started again as often as one likes."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str] = field(default_factory=dict)
    fds: tuple[int, ...] = ()
    program: list[str] | None = None  # instead of Python
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0

    def start(self) -> None:
        self.process = STARTER.submit(self._start).result()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.program or [sys.executable, *self.command],
                cwd=ROOT,
                env={**os.environ, **QUIET, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=self.fds,
                preexec_fn=processes.tie(signal.SIGKILL),
            )

    def kill(self) -> None:
        """kill -9, with all its children; they get no chance to say anything."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.deaths += 1

    def kill_a_child(self, dice: random.Random) -> None:
        """kill -9 for one of its workers; the master starts another."""
        if self.process is not None:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            if children:
                os.kill(int(dice.choice(children)), signal.SIGKILL)
                self.deaths += 1

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@contextmanager
def running(*pieces: Piece) -> Iterator[None]:
    """The pieces run; afterwards none of them does."""
    try:
        for each in pieces:
            each.start()
        yield
    finally:
        for each in pieces:
            each.kill()


@contextmanager
def chaos(deed: Callable[[random.Random], None], *, every: tuple[float, float], times: int = 1000) -> Iterator[None]:
    """Does the deed again and again, after as many seconds as the dice say; QR_FAULTS_SEED repeats the printed seed."""
    print(f"\nseed {SEED}")
    dice, stop = random.Random(SEED), threading.Event()
    broken: list[BaseException] = []

    def go_on() -> None:
        for _ in range(times):
            if stop.wait(dice.uniform(*every)):
                return
            try:
                deed(dice)
            except BaseException as error:
                broken.append(error)
                return

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert broken == []


@dataclass
class Web:
    """The web process behind a socket that outlives it."""

    piece: Piece
    port: int

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request on a connection of its own. Raises OSError or HTTPException when the process dies under it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            text = body if isinstance(body, str) or body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def wait(self, seconds: float = 30) -> None:
        until(lambda: self._answers(), seconds=seconds, what=lambda: self.piece.said)

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def web(folder: Path, **env: str) -> Iterator[Web]:
    """gunicorn as `manage.py up` runs it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        number = listener.fileno()
        pool = ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload", "--graceful-timeout", "5"]
        command = ["-m", "gunicorn", "quotarider.wsgi", "--bind", f"fd://{number}", *pool, "--log-level", "warning"]
        piece = Piece("web", command, folder / "web.log", env, (number,))
        with running(piece):
            found = Web(piece, listener.getsockname()[1])
            found.wait()
            yield found


def clock(folder: Path, number: int) -> Piece:
    """`manage.py clock`."""
    return Piece(f"clock {number}", ["manage.py", "clock"], folder / f"clock{number}.log")


def worker(folder: Path, number: int, queues: str = "default,imports") -> Piece:
    """A Celery worker as `manage.py up` runs it."""
    options = [
        "--pool",
        "threads",
        "--concurrency",
        "1",
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "warning",
    ]
    command = ["-m", "celery", "--app", "quotarider.celery", "--quiet", "worker", "--queues", queues, *options]
    return Piece(f"worker {number}", [*command, "--hostname", f"faults{number}@%h"], folder / f"worker{number}.log")


def until(holds: Callable[[], bool], *, seconds: float, what: Callable[[], object] = str) -> None:
    """Waits until something holds. Fails with `what` was found instead."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)
