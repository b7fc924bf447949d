"""Children live as long as the launcher wants, and no longer than the launcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quotarider.embedded import paths, processes, stack

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
LAUNCHER = """
import sys
from pathlib import Path
from quotarider.embedded import paths, processes, stack
with stack.supervised(paths.State(Path(sys.argv[1]))) as supervisor:
    child = supervisor.start(processes.Program("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"]))
    print(child.process.pid, flush=True)
    supervisor.watch()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[processes.Supervisor]:
    """A supervisor that leaves nothing behind."""
    with (tmp_path / "children").open("w") as guard:
        made = processes.Supervisor(guard)
        yield made
        made.interrupts = 0
        made.stop()


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


class TestRun:
    def test_returns_the_exit_code(self, supervisor: processes.Supervisor) -> None:
        assert supervisor.run(processes.Program("three", [sys.executable, "-c", "raise SystemExit(3)"])) == 3
        assert supervisor.children == []

    def test_prefixes_what_is_printed(
        self, supervisor: processes.Supervisor, capfd: pytest.CaptureFixture[str]
    ) -> None:
        supervisor.run(processes.Program("talker", [sys.executable, "-c", "print('hello')"]))
        printed: list[str] = []
        assert eventually(
            lambda: bool(printed.append(capfd.readouterr().out) or "talker   | hello" in "".join(printed))
        )


class TestWatch:
    def test_ends_with_a_vital_process(self, supervisor: processes.Supervisor) -> None:
        supervisor.start(processes.Program("database", [sys.executable, "-c", ""], fate=processes.Fate.VITAL))
        assert supervisor.watch() == 1

    def test_starts_a_dead_process_again(self, supervisor: processes.Supervisor, tmp_path: Path) -> None:
        script = f"open({str(tmp_path / 'starts')!r}, 'a').write('x')"
        child = supervisor.start(processes.Program("flaky", [sys.executable, "-c", script]))

        def tend_twice() -> bool:
            if not child.is_alive:
                supervisor._tend(child)
            return (tmp_path / "starts").exists() and (tmp_path / "starts").read_text() == "xx"

        assert eventually(tend_twice)


class TestStop:
    def test_stops_by_rank(self, supervisor: processes.Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
        ended: list[str] = []
        end = processes._end
        note = lambda children, **how: (ended.extend(c.program.name for c in children), end(children, **how))  # noqa: E731
        monkeypatch.setattr(processes, "_end", note)
        for name, rank in (("database", 2), ("web", 0), ("cache", 1)):
            supervisor.start(processes.Program(name, SLEEP, rank=rank))
        supervisor.stop()
        assert ended == ["web", "cache", "database"]


class TestSupervised:
    def test_leaves_no_orphan_when_the_launcher_is_killed(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", LAUNCHER, str(tmp_path)]
        launcher = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT)
        assert launcher.stdout
        child = int(launcher.stdout.readline())
        os.kill(launcher.pid, signal.SIGKILL)
        launcher.communicate()
        assert eventually(
            lambda: not Path(f"/proc/{child}/cmdline").exists() or not Path(f"/proc/{child}/cmdline").read_bytes()
        )

    def test_waits_for_the_last_child_of_an_earlier_run(self, tmp_path: Path) -> None:
        state = paths.State(tmp_path)
        guard = paths.try_lock(state.children_file)
        assert guard
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"], pass_fds=[guard.fileno()])
        guard.close()
        with stack._children_lock(state):
            assert left.poll() is not None or left.wait(1) == 0
