"""The Python environment: built from a hashed lock, then entered. Standard library only.

`python3 -m quotarider.embedded.bootstrap requirements.lock …` builds it, and installs more locks into it, without entering.
QR_VENV names another place than `.venv`; QR_VENV=skip says that the running interpreter is the environment.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"


def enter() -> None:
    """Build the environment where it is missing or out of date, and re-execute the same command line in it."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is read by whatever python3 is
        sys.exit("QuotaRider needs Python 3.11 or newer.")
    if not managed():
        return
    install(LOCK)
    python = str(venv() / "bin" / "python")
    if Path(sys.prefix).resolve() != venv().resolve():
        os.execv(python, [python, *sys.orig_argv[1:]])


def managed() -> bool:
    """Say whether the environment is ours to build."""
    return os.environ.get("QR_VENV") != "skip"


def venv() -> Path:
    """Return the environment's folder."""
    return Path(os.environ.get("QR_VENV") or ROOT / ".venv").absolute()


def install(lock: Path) -> None:
    """Install what `lock` pins, once per content of the lock and version of Python; one process at a time."""
    if is_current(lock):
        return
    try:
        with _alone():
            if not is_current(lock):
                _install(lock)
    except PermissionError as problem:
        sys.exit(f"Cannot write {problem.filename}: set QR_VENV to a folder of your own.")
    except subprocess.CalledProcessError as problem:
        sys.exit(f"Building {venv()} failed: {problem}")


def is_current(lock: Path) -> bool:
    """Say whether the environment holds this very lock under this very Python."""
    with contextlib.suppress(OSError):
        return _is_ours() and stamp_file(lock).read_text() == stamp(lock)
    return False


def stamp(lock: Path) -> str:
    """Return what identifies an installation: the lock's bytes and the interpreter's version."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def stamp_file(lock: Path) -> Path:
    """Return where the stamp of `lock` is kept: inside the environment, so that both vanish together."""
    return venv() / ".stamps" / str(lock.relative_to(ROOT)).replace("/", "-")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    venv().parent.mkdir(parents=True, exist_ok=True)
    with open(f"{venv()}.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def _install(lock: Path) -> None:
    print(f"Installing {lock.relative_to(ROOT)} into {venv()} …", file=sys.stderr, flush=True)
    uv = _uv()
    if not _is_ours():
        _create(uv)
    subprocess.check_call([*_installer(uv), "--require-hashes", "--no-deps", "-r", str(lock)], stdout=sys.stderr)
    stamp_file(lock).parent.mkdir(exist_ok=True)
    stamp_file(lock).write_text(stamp(lock))


def _is_ours() -> bool:
    """An environment of another Python is rebuilt; one of this Python is brought up to date in place."""
    config = venv() / "pyvenv.cfg"
    version = "{}.{}.{}".format(*sys.version_info)
    return (venv() / "bin" / "python").exists() and config.exists() and f"= {version}" in config.read_text()


def _create(uv: str | None) -> None:
    """Three ways, the last for a Python without pip; the second needs no python3-venv on Debian."""
    if uv:
        subprocess.check_call([uv, "venv", "-q", "--clear", "--python", _python(), str(venv())], stdout=sys.stderr)
    elif _works(_python(), "-m", "pip", "--version"):
        subprocess.check_call([_python(), "-m", "venv", "--clear", "--without-pip", str(venv())])
    elif not _works(_python(), "-m", "venv", "--clear", str(venv())):
        sys.exit("Building the environment needs one of: uv, pip, or Debian's package python3-venv.")


def _installer(uv: str | None) -> list[str]:
    target = str(venv() / "bin" / "python")
    if uv:
        return [uv, "pip", "install", "-q", "--compile-bytecode", "--only-binary", ":all:", "--python", target]
    pip = ["-m", "pip"]
    pip = [target, *pip] if _works(target, *pip, "--version") else [_python(), *pip, "--python", target]
    return [*pip, "install", "-q", "--disable-pip-version-check", "--root-user-action=ignore", "--only-binary=:all:"]


def _python() -> str:
    """Return the interpreter underneath, which survives the rebuilding of the environment it is asked from."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _uv() -> str | None:
    uv = shutil.which("uv")
    return uv if uv and _works(uv, "--version") else None


def _works(*command: str) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    for named in sys.argv[1:]:
        install(Path(named).resolve())
