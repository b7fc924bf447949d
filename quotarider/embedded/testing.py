"""`manage.py test [pytest arguments]`: pytest against an embedded stack of its own.

1. Start PostgreSQL and Valkey with fast settings that would not survive a power cut.
2. Migrate a template as the owner, or reuse it while nothing that shapes it has changed.
3. Copy it to `quotarider`, so that every run begins with the same database.
4. Run pytest as the app, with browser tests where a Chromium is found.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from quotarider.embedded import binaries, bootstrap, environment, paths, postgres, processes, stack, valkey

TEMPLATE = "quotarider_template"
SECRET = "only-for-tests-only-for-tests-only-for-tests-only-for-tests"
BROWSER_TESTS = paths.ROOT / "tests" / "browser"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHAPES = (  # within a package; models say what each role may do with their tables
    "**/migrations/**/*.py",
    "**/models/**/*.py",
    "**/models.py",
    "**/*.sql",
    "**/apps.py",
    "tenancy/**/*.py",
    "settings/*.py",
)
PACKAGES = ("quotarider", "leads", "handoff", "sla", "feedback")
TEST_TIME = """
CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT statement_timestamp() + coalesce(nullif(current_setting('app.now_offset', true), '')::interval, interval '0')
$$
"""


def main(arguments: list[str]) -> int:
    """Run the tests and return pytest's exit code."""
    state = paths.claim("test")
    chromium = find_chromium()
    with _turn(state), stack.supervised(state) as supervisor:
        _discard_after_reboot(state)
        server = postgres.Postgres(state, durable=False)
        server.start(supervisor)
        valkey.start(state, supervisor, durable=False)
        _prepare(server, state, supervisor)
        return _pytest(supervisor, state, chromium, arguments)


def find_chromium() -> str | None:
    """Return the browser to test with: QR_CHROMIUM, or the first of the usual names."""
    if named := os.environ.get("QR_CHROMIUM"):
        return shutil.which(named) or sys.exit(f"QR_CHROMIUM={named} is no program.")
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def asks_for_browser(arguments: list[str]) -> bool:
    """Say whether the named paths, or their absence, include the browser tests."""
    named = [path for path in (Path(part.split("::")[0]).absolute() for part in arguments) if path.exists()]
    return not named or any(BROWSER_TESTS.is_relative_to(path) or path.is_relative_to(BROWSER_TESTS) for path in named)


def fingerprint() -> str:
    """Return a digest of all that shapes the migrated database: migrations, SQL, policies, settings, libraries."""
    files = {file for package in PACKAGES for shape in SHAPES for file in (paths.ROOT / package).glob(shape)}
    digest = hashlib.sha256(TEST_TIME.encode())
    for file in [bootstrap.LOCK, *sorted(files)]:
        digest.update(str(file.relative_to(paths.ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _turn(state: paths.State) -> IO[str]:
    lock = paths.try_lock(state.lock_file)
    if lock is None:
        processes.say(f"Waiting for another test run in {state.root} (QR_STATE=… gives a run its own).")
        lock = paths.wait_lock(state.lock_file)
    return lock


def _discard_after_reboot(state: paths.State) -> None:
    """Without fsync a cluster is whole only as long as the machine has not gone down."""
    boot, mark = Path("/proc/sys/kernel/random/boot_id"), state.root / "boot"
    current = boot.read_text() if boot.exists() else "unknown"
    if not mark.exists() or mark.read_text() != current or not _fits(state):
        shutil.rmtree(state.data, ignore_errors=True)
        mark.write_text(current)


def _fits(state: paths.State) -> bool:
    written = state.data / "PG_VERSION"
    return not written.exists() or int(written.read_text()) == binaries.version(binaries.find())


def _prepare(server: postgres.Postgres, state: paths.State, supervisor: processes.Supervisor) -> None:
    mark, current = state.root / "template", fingerprint()
    if not server.has(TEMPLATE) or not mark.exists() or mark.read_text() != current:
        mark.unlink(missing_ok=True)
        _migrate(server, state, supervisor)
        mark.write_text(current)
    server.replace(environment.DATABASE, TEMPLATE)


def _migrate(server: postgres.Postgres, state: paths.State, supervisor: processes.Supervisor) -> None:
    server.drop(TEMPLATE)
    server.ensure(TEMPLATE)
    command = [sys.executable, "manage.py", "migrate", "--database", "owner", "--skip-checks", "--verbosity", "0"]
    if supervisor.run(processes.Program("migrate", command, env=_env(state, TEMPLATE))) != 0:
        sys.exit("Migrating the test database failed.")
    server.execute(TEST_TIME, database=TEMPLATE, role="qr_owner")


def _env(state: paths.State, database: str = environment.DATABASE) -> dict[str, str]:
    values = environment.variables(state, secret=SECRET, database=database)
    return os.environ | values | {"DJANGO_SETTINGS_MODULE": "quotarider.settings.test"}


def _pytest(supervisor: processes.Supervisor, state: paths.State, chromium: str | None, arguments: list[str]) -> int:
    env, extra = _env(state), list[str]()
    if not chromium:
        extra = [f"--ignore={BROWSER_TESTS.relative_to(paths.ROOT)}"]
    elif asks_for_browser(arguments):
        env["QR_CHROMIUM"] = chromium
        _install_browser_tools()
    code = _foreground([sys.executable, "-m", "pytest", *extra, *arguments], env, supervisor)
    if not chromium:
        processes.say("Browser tests were NOT run: no Chromium was found (install one, or set QR_CHROMIUM).")
    is_required = os.environ.get("QR_REQUIRE_BROWSER") == "1"
    return code or int(is_required and not chromium)


def _install_browser_tools() -> None:
    lock = BROWSER_TESTS / "requirements.lock"
    if lock.exists() and bootstrap.managed():
        bootstrap.install(lock)


def _foreground(command: list[str], env: dict[str, str], supervisor: processes.Supervisor) -> int:
    """Run on the terminal itself, for colours and pdb; Ctrl-C reaches pytest from there, SIGTERM through us."""
    process = subprocess.Popen(command, env=env, cwd=paths.ROOT, preexec_fn=processes.tie(signal.SIGTERM))  # noqa: PLW1509
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            return process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            if supervisor.interrupts:
                supervisor.interrupts = 0
                process.send_signal(signal.SIGINT)
