"""Child processes: tied to the launcher's life, their output prefixed, restarted when they die, stopped in order."""

import ctypes
import enum
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from quotarider.embedded import paths

PR_SET_PDEATHSIG = 1  # prctl(2)
PATIENCE = 12.0  # seconds for a process to end by itself
LONGEST_BACK_OFF = 30.0  # seconds
HEALTHY_AFTER = 60.0  # seconds of life after which a death counts as the first again
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
_printing = threading.Lock()


class Fate(enum.Enum):
    """What the death of a process means."""

    RESTART = "start it again"
    ONCE = "it was meant to end"
    VITAL = "end all"


@dataclass(frozen=True)
class Program:
    """What to run and how; lower ranks are stopped first, those of a rank together."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] | None = None
    user: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    niceness: int = 0
    fate: Fate = Fate.RESTART
    rank: int = 0
    fds: tuple[int, ...] = ()
    mute: tuple[str, ...] = ()  # lines with one of these are not shown


@dataclass
class Child:
    """A program that runs, or waits for its next start."""

    program: Program
    process: subprocess.Popen[bytes]
    pump: threading.Thread
    started: float
    failures: int = 0
    start_again_at: float | None = field(default=None)

    @property
    def is_alive(self) -> bool:
        """Say whether the process runs."""
        return self.process.poll() is None


class Supervisor:
    """The children of one launcher; start them from its main thread only, whose death is theirs."""

    def __init__(self, guard: IO[str]) -> None:
        self.children: list[Child] = []
        self.interrupts = 0
        self._guard = guard  # every child keeps it open: see paths.State.children_file

    def listen(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into a request to stop; a second one into haste."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupt)

    def start(self, program: Program) -> Child:
        """Start a program and watch over it."""
        child = Child(program, *self._spawn(program), time.monotonic())
        self.children.append(child)
        return child

    def run(self, program: Program) -> int:
        """Run a program to its end, or stop it on request; returns its exit code."""
        child = self.start(program)
        while child.is_alive and not self.interrupts:
            time.sleep(0.02)
        _end([child], hasty=lambda: self.interrupts > 1)
        self.children.remove(child)
        return child.process.returncode

    def wait(self, is_done: Callable[[], bool], *, seconds: float, child: Child) -> bool:
        """Wait until something holds; gives up when the child is gone, time is over, or a stop is asked for."""
        deadline = time.monotonic() + seconds
        while not is_done():
            if self.interrupts or not child.is_alive or time.monotonic() > deadline:
                return False
            time.sleep(0.03)
        return True

    def watch(self) -> int:
        """Keep the children running until a stop is asked for (0) or a vital one is gone (1)."""
        while not self.interrupts:
            for child in list(self.children):
                if not child.is_alive and not self._tend(child):
                    return 1
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """Stop all, rank by rank."""
        for rank in sorted({child.program.rank for child in self.children}):
            _end([child for child in self.children if child.program.rank == rank], hasty=lambda: self.interrupts > 1)
        self.children.clear()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self.interrupts += 1

    def _tend(self, child: Child) -> bool:
        """Look after a dead child; False where nothing can go on without it."""
        name, code = child.program.name, child.process.returncode
        match child.program.fate:
            case Fate.VITAL:
                say(f"{name} ended with {code}; stopping everything.")
                return False
            case Fate.ONCE:
                self.children.remove(child)
                if code:
                    say(f"{name} failed with {code}.")
            case Fate.RESTART if child.start_again_at is None:
                self._schedule(child)
            case Fate.RESTART if child.start_again_at is not None and time.monotonic() >= child.start_again_at:
                child.process, child.pump = self._spawn(child.program)
                child.started, child.start_again_at = time.monotonic(), None
        return True

    def _schedule(self, child: Child) -> None:
        now = time.monotonic()
        child.failures = 0 if now - child.started > HEALTHY_AFTER else child.failures
        delay = min(0.5 * 2**child.failures, LONGEST_BACK_OFF)
        child.failures += 1
        child.start_again_at = now + delay
        say(f"{child.program.name} ended with {child.process.returncode}; starting it again in {delay:g} s.")

    def _spawn(self, program: Program) -> tuple[subprocess.Popen[bytes], threading.Thread]:
        process = subprocess.Popen(
            program.command,
            cwd="/" if program.user is not None else paths.ROOT,
            env=program.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(self._guard.fileno(), *program.fds),
            preexec_fn=tie(program.stop_signal, program.niceness),  # noqa: PLW1509 - takes no lock
            user=program.user,
            group=program.user,
            extra_groups=[] if program.user is not None else None,
        )
        pump = threading.Thread(target=_pump, args=(program, process), daemon=True)
        pump.start()
        return process, pump


def tie(stop_signal: signal.Signals, niceness: int = 0) -> Callable[[], None]:
    """Return what a new child does first: ask the kernel for a signal when its parent dies, even of kill -9."""
    parent = os.getpid()

    def prepare() -> None:
        if _prctl:
            _prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)
        if niceness:
            os.nice(niceness)

    return prepare


def say(text: str) -> None:
    """Print a line of the launcher's own."""
    with _printing:
        try:
            print(text, flush=True)
        except OSError:  # the terminal is gone; the processes go on until told otherwise
            return


def _pump(program: Program, process: subprocess.Popen[bytes]) -> None:
    assert process.stdout
    with process.stdout:
        for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            if line and not any(part in line for part in program.mute):
                say(f"{program.name:9}| {line}")


def _end(children: Sequence[Child], *, hasty: Callable[[], bool]) -> None:
    for child in children:
        if child.is_alive:
            child.process.send_signal(child.program.stop_signal)
    deadline = time.monotonic() + PATIENCE
    while any(child.is_alive for child in children):
        if (hasty() and children[0].program.rank == 0) or time.monotonic() > deadline:
            _kill(children)
        time.sleep(0.02)
    for child in children:
        child.pump.join(timeout=1)  # its last words


def _kill(children: Sequence[Child]) -> None:
    for child in children:
        if child.is_alive:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
