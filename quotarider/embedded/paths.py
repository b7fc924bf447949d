"""Where the embedded stack keeps its state, and the locks that guard it."""

import fcntl
import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SOCKET_LIMIT = 107  # bytes: sun_path of unix(7), without its closing NUL


@dataclass(frozen=True)
class State:
    """One stack's folder: `dev` for `manage.py up`, `test` for `manage.py test`."""

    root: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's cluster."""
        return self.root / "pg"

    @property
    def sockets(self) -> Path:
        """The folder, closed to others, of PostgreSQL's socket."""
        return self.root / "s"

    @property
    def valkey(self) -> Path:
        """The folder, closed to others, of Valkey's socket and log of writes."""
        return self.root / "v"

    @property
    def beat(self) -> Path:
        """Celery beat's memory of what ran last."""
        return self.root / "beat-schedule"

    @property
    def env_file(self) -> Path:
        """The variables of the stack that runs here."""
        return self.root / "env.json"

    @property
    def secret_file(self) -> Path:
        """The secret key of this machine's development stack."""
        return self.root / "secret_key"

    @property
    def lock_file(self) -> Path:
        """Held by the launcher alone: a second launcher finds it taken."""
        return self.root / "lock"

    @property
    def children_file(self) -> Path:
        """Held by every process of the stack: free only when the last of an earlier run is gone."""
        return self.root / "children"


def base() -> Path:
    """Return the folder of all stacks of this checkout and user: QR_STATE, or a short one that survives a reboot."""
    if place := os.environ.get("QR_STATE"):
        return Path(place).absolute()
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return Path(f"/var/tmp/quotarider-{os.geteuid()}-{digest}")


def peek(kind: str) -> State:
    """Return the stack's folder without making it."""
    return State(base() / kind)


def claim(kind: str) -> State:
    """Make the stack's folder, and refuse one that is someone else's or too long for a socket."""
    state = peek(kind)
    refuse_long(state)
    state.root.parent.parent.mkdir(parents=True, exist_ok=True)
    for folder in (state.root.parent, state.root):
        make_private(folder, 0o711 if os.geteuid() == 0 else 0o700)  # as root, the server runs as another user
    return state


def refuse_long(state: State) -> None:
    """Exit where PostgreSQL's socket would not fit into an address."""
    longest = len(os.fsencode(state.sockets / ".s.PGSQL.5432"))
    if longest > SOCKET_LIMIT:
        sys.exit(
            f"{state.root} is {longest - SOCKET_LIMIT} bytes too long for a unix socket: set QR_STATE to a shorter path."
        )


def make_private(folder: Path, mode: int = 0o700, owner: int | None = None) -> None:
    """Make a folder that only its owner may write to; a folder in /var/tmp could have been laid there by anyone."""
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {os.geteuid(), owner}:
        sys.exit(f"{folder} belongs to someone else: remove it, or set QR_STATE.")
    folder.chmod(mode)
    if owner is not None:
        os.chown(folder, owner, owner)


def try_lock(file: Path) -> IO[str] | None:
    """Take the lock, held until the handle is closed; None where another process holds it."""
    handle = _open_private(file)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def wait_lock(file: Path) -> IO[str]:
    """Take the lock as soon as it is free."""
    handle = _open_private(file)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def is_running(state: State) -> bool:
    """Say whether a launcher holds this stack."""
    if not state.lock_file.exists():
        return False
    handle = try_lock(state.lock_file)
    if handle:
        handle.close()
    return handle is None


def _open_private(file: Path) -> IO[str]:
    """Open a lock that others cannot even open: who can read a file can hold its lock."""
    return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "w")
