"""Every setting that comes from the environment, typed; a malformed value stops the start."""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent.parent

env = environ.Env()


def database(name: str, default: str) -> dict[str, object]:
    """The Django settings of one database URL, `postgres://user:password@host:port/name` or `…@/name?host=/socket`."""
    config: dict[str, object] = dict(env.db_url_config(env.str(name, default)))
    options = dict(config.pop("OPTIONS", None) or {})  # type: ignore[call-overload]
    if socket := options.pop("host", None):
        config["HOST"] = socket
    options.setdefault("connect_timeout", 5)
    return {
        **config,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # transaction-mode poolers hand connections on
    }
