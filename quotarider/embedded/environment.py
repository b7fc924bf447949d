"""The variables by which Django's settings find the embedded stack."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from quotarider.embedded import paths

DATABASE = "quotarider"
NOBODYS_KEY = "nothing-is-running-so-nothing-is-signed-with-this-placeholder-key"


def variables(state: paths.State, *, secret: str, database: str = DATABASE) -> dict[str, str]:
    """Return the connections, one role each, and the secret key."""
    return {
        "DATABASE_URL": database_url(state, "qr_app", database),
        "CLOCK_DATABASE_URL": database_url(state, "qr_clock", database),
        "OWNER_DATABASE_URL": database_url(state, "qr_owner", database),
        "REDIS_URL": f"redis+socket://{state.valkey}/v.sock",
        "SECRET_KEY": secret,
    }


def database_url(state: paths.State, role: str, database: str = DATABASE) -> str:
    """Return a URL that names a folder with a socket instead of a host."""
    return f"postgres://{role}@/{database}?host={state.sockets}"


def secret_key(state: paths.State) -> str:
    """Return this stack's secret key, made on first use."""
    if not state.secret_file.exists():
        write_private(state.secret_file, secrets.token_urlsafe(48))
    return state.secret_file.read_text()


def publish(state: paths.State, values: Mapping[str, str]) -> None:
    """Write down the running stack's variables for other commands of the same user."""
    write_private(state.env_file, json.dumps(dict(values), indent=1))


def withdraw(state: paths.State) -> None:
    """Forget the variables of a stack that ends."""
    state.env_file.unlink(missing_ok=True)


def published(state: paths.State) -> dict[str, str]:
    """Return the variables of the stack that runs, or nothing where none does."""
    if not (state.env_file.exists() and paths.is_running(state)):
        return {}
    values: dict[str, str] = json.loads(state.env_file.read_text())
    return values


def adopt() -> None:
    """Give a Django command the running stack's variables, or placeholders that let it go on without a database."""
    if "DATABASE_URL" in os.environ or os.environ["DJANGO_SETTINGS_MODULE"] != "quotarider.settings.dev":
        return
    state = paths.peek("dev")
    for name, value in (published(state) or variables(state, secret=NOBODYS_KEY)).items():
        os.environ.setdefault(name, value)


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
    draft.rename(file)
