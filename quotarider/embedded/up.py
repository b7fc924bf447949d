"""`manage.py up`: the whole product on one machine, for one user, on the loopback address.

1. Refuse a second start; outwait what is left of an earlier one.
2. Start PostgreSQL and Valkey, migrate, publish the connections, and seed the demo's last weeks.
3. Start web, workers, beat and clock; when web answers, print the URL and the demo's sign-ins.
4. Seed the rest of the demo behind it, and keep all running until Ctrl-C.

DATABASE_URL (with CLOCK_ and OWNER_DATABASE_URL) and REDIS_URL name servers to use instead of the embedded ones.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import IO

from quotarider.embedded import environment, paths, postgres, processes, stack, valkey

DEFAULTS = {
    "DJANGO_SETTINGS_MODULE": "quotarider.settings.dev",
    "MALLOC_ARENA_MAX": "2",
    "CELERY_SKIP_CHECKS": "1",  # they import every page into every worker; migrate and CI run them
    "PYTHONWARNINGS": "ignore::UserWarning:celery.platforms",  # whoever runs this as root knows it
}
PORTS = 50  # how many to try from the first
QUEUES = {
    "worker": ("default,imports", ("--pool", "threads", "--concurrency", "2")),
    "deadlines": ("deadlines", ("--pool", "solo")),
}


@dataclass(frozen=True)
class Launch:
    """What one run of the launcher passes around."""

    state: paths.State
    supervisor: processes.Supervisor
    env: dict[str, str]

    def manage(self, name: str, *arguments: str, fate: processes.Fate, niceness: int = 0) -> processes.Program:
        """Return a Django command as a program."""
        command = [sys.executable, "manage.py", *arguments]
        return processes.Program(name, command, env=self.env, fate=fate, niceness=niceness)

    def module(self, name: str, *arguments: str, fds: tuple[int, ...] = ()) -> processes.Program:
        """Return a module, run as a long-lived program."""
        return processes.Program(name, [sys.executable, "-m", *arguments], env=self.env, fds=fds)

    def must(self, *arguments: str) -> None:
        """Run a Django command; exits where it fails."""
        code = self.supervisor.run(self.manage(arguments[0], *arguments, fate=processes.Fate.ONCE))
        if self.supervisor.interrupts:
            sys.exit("Stopped.")
        if code:
            sys.exit(f"manage.py {' '.join(arguments)} failed with {code}.")


def main(arguments: list[str]) -> int:
    """Run the product until it is told to stop; returns 0 after a stop that was asked for."""
    options = _parse(arguments)
    state = paths.claim("dev")
    with _only_launcher(state), stack.supervised(state) as supervisor, contextlib.ExitStack() as at_end:
        at_end.callback(environment.withdraw, state)
        if options.fresh:
            _wipe(state)
        launch = Launch(state, supervisor, _start_servers(state, supervisor))
        listener = at_end.enter_context(_listen(options.port))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        launch.env.setdefault("QR_PUBLIC_URL", url.rstrip("/"))
        launch.must("migrate", "--database", "owner", "--verbosity", "0")
        environment.publish(state, {**_connections(launch.env), "QR_URL": url})
        web = supervisor.start(_web(launch, listener))
        has_demo = not options.no_demo and has_command("seed_demo")
        if has_demo:
            launch.must("seed_demo", "--quick")
        _start_background(launch)
        _await(launch, web, listener)
        _greet(launch, url, has_demo)
        if has_demo:
            rest = launch.manage("demo", "seed_demo", "--rest", fate=processes.Fate.ONCE, niceness=10)
            supervisor.start(rest)
        code = supervisor.watch()
        processes.say("Stopping …")
    return code


def has_command(name: str) -> bool:
    """Say whether a Django command of ours exists."""
    places = ("*/management/commands", "quotarider/*/management/commands")
    return any(file for place in places for file in paths.ROOT.glob(f"{place}/{name}.py"))


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run QuotaRider on this machine.")
    parser.add_argument("--fresh", action="store_true", help="start over: forget all data of this checkout")
    parser.add_argument("--port", type=int, help="the port of the web pages; default: the first free one from 8000")
    parser.add_argument("--no-demo", action="store_true", help="do not seed the demo workspace")
    return parser.parse_args(arguments)


def _only_launcher(state: paths.State) -> IO[str]:
    lock = paths.try_lock(state.lock_file)
    if lock is None:
        where = environment.published(state).get("QR_URL", f"from {state.root}, still starting")
        sys.exit(f"QuotaRider is already running: {where}")
    return lock


def _wipe(state: paths.State) -> None:
    for folder in (state.data, state.valkey):
        shutil.rmtree(folder, ignore_errors=True)
    for file in state.root.glob(f"{state.beat.name}*"):
        file.unlink()


def _start_servers(state: paths.State, supervisor: processes.Supervisor) -> dict[str, str]:
    """Start what the environment does not name, and return the environment of every process to come."""
    if "DATABASE_URL" not in os.environ:
        server = postgres.Postgres(state, durable=True)
        server.start(supervisor)
        server.ensure(environment.DATABASE)
    if "REDIS_URL" not in os.environ:
        valkey.start(state, supervisor, durable=True)
    ours = environment.variables(state, secret=environment.secret_key(state))
    if "DATABASE_URL" in os.environ:
        ours = {name: value for name, value in ours.items() if not name.endswith("DATABASE_URL")}
    return ours | DEFAULTS | os.environ | {"PYTHONUNBUFFERED": "1"}


def _connections(env: dict[str, str]) -> dict[str, str]:
    names = ("DATABASE_URL", "CLOCK_DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY")
    return {name: env[name] for name in names if name in env}


def _listen(port: int | None) -> socket.socket:
    """Bind here and hand the socket down, so that nobody takes the port between, nor while web is restarted."""
    for candidate in [port] if port else range(8000, 8000 + PORTS):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", candidate))
            listener.listen(256)
            return listener
        listener.close()
    sys.exit(f"Port {port} is taken." if port else f"No free port from 8000 to {8000 + PORTS - 1}.")


def _web(launch: Launch, listener: socket.socket) -> processes.Program:
    number = listener.fileno()
    pool = ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload", "--graceful-timeout", "5"]
    options = ["--bind", f"fd://{number}", *pool, "--log-level", "warning"]
    return launch.module("web", "gunicorn", "quotarider.wsgi", *options, fds=(number,))


def _start_background(launch: Launch) -> None:
    celery = ("celery", "--app", "quotarider.celery", "--quiet")
    quiet = ("--loglevel", "warning", "--without-gossip", "--without-mingle")
    for name, (queues, pool) in QUEUES.items():
        worker = ("worker", "--hostname", f"{name}@%h", "--queues", queues, *pool, *quiet)
        launch.supervisor.start(launch.module(name, *celery, *worker))
    beat = ("beat", "--schedule", str(launch.state.beat), "--loglevel", "warning")
    bare = replace(launch, env={**launch.env, "CELERY_LOADER": "quotarider.embedded.beat:BareLoader"})
    launch.supervisor.start(bare.module("beat", *celery, *beat))
    if has_command("clock"):
        launch.supervisor.start(launch.manage("clock", "clock", fate=processes.Fate.RESTART))


def _await(launch: Launch, web: processes.Child, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    if not launch.supervisor.wait(lambda: _is_healthy(port), seconds=120, child=web):
        sys.exit("Stopped." if launch.supervisor.interrupts else "The web process does not answer /healthz.")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(launch: Launch, url: str, has_demo: bool) -> None:
    lines = ["", f"QuotaRider is running: {url}", *(_sign_ins(launch) if has_demo else [])]
    processes.say("\n".join([*lines, f"Ctrl-C stops it; the data stay in {launch.state.root}.", ""]))


def _sign_ins(launch: Launch) -> list[str]:
    """Return the demo's sign-ins as lines; the command prints a list of objects as JSON."""
    command = [sys.executable, "manage.py", "seed_demo", "--sign-ins"]
    answer = subprocess.run(command, env=launch.env, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        return [f"(The demo's sign-ins are not known: {answer.stderr.strip().splitlines()[-1:]})"]
    rows = [[str(value) for value in entry.values()] for entry in json.loads(answer.stdout)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["Sign in as:", *("  " + "  ".join(map(str.ljust, row, widths)) for row in rows)]
