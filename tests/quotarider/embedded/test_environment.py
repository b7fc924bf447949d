"""Other commands find the running stack, and only a running one."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotarider.embedded import environment, paths


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> paths.State:
    """A stack's folder; the variables of the run around this test are put aside."""
    monkeypatch.setenv("QR_STATE", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "quotarider.settings.dev")
    for name in environment.variables(paths.peek("dev"), secret=""):
        monkeypatch.delenv(name, raising=False)
    return paths.claim("dev")


@pytest.fixture
def launcher(state: paths.State) -> Iterator[paths.State]:
    """A stack whose launcher runs and has published where it listens."""
    lock = paths.try_lock(state.lock_file)
    assert lock
    environment.publish(state, {"DATABASE_URL": "postgres://it", "SECRET_KEY": "hidden"})
    yield state
    lock.close()


def adopted(monkeypatch: pytest.MonkeyPatch, **already: str) -> dict[str, str]:
    """What a command's environment is afterwards."""
    env = {"QR_STATE": os.environ["QR_STATE"], "DJANGO_SETTINGS_MODULE": "quotarider.settings.dev", **already}
    monkeypatch.setattr(os, "environ", env)
    environment.adopt()
    return env


class TestPublish:
    def test_writes_a_file_for_the_owner_alone(self, launcher: paths.State) -> None:
        assert launcher.env_file.stat().st_mode & 0o777 == 0o600
        assert json.loads(launcher.env_file.read_text())["SECRET_KEY"] == "hidden"

    def test_is_undone_by_withdraw(self, launcher: paths.State) -> None:
        environment.withdraw(launcher)
        assert environment.published(launcher) == {}


class TestAdopt:
    def test_takes_the_running_stack(self, launcher: paths.State, monkeypatch: pytest.MonkeyPatch) -> None:
        assert adopted(monkeypatch)["DATABASE_URL"] == "postgres://it"

    def test_ignores_what_a_killed_launcher_left(self, state: paths.State, monkeypatch: pytest.MonkeyPatch) -> None:
        environment.publish(state, {"DATABASE_URL": "postgres://stale"})
        assert adopted(monkeypatch)["DATABASE_URL"] == f"postgres://qr_app@/quotarider?host={state.sockets}"

    def test_leaves_a_named_database_alone(self, launcher: paths.State, monkeypatch: pytest.MonkeyPatch) -> None:
        assert adopted(monkeypatch, DATABASE_URL="postgres://mine")["DATABASE_URL"] == "postgres://mine"

    def test_gives_production_nothing(self, launcher: paths.State, monkeypatch: pytest.MonkeyPatch) -> None:
        env = adopted(monkeypatch, DJANGO_SETTINGS_MODULE="quotarider.settings.prod")
        assert "DATABASE_URL" not in env


class TestSecretKey:
    def test_is_made_once_and_hidden(self, state: paths.State) -> None:
        made = environment.secret_key(state)
        assert len(made) >= 50
        assert environment.secret_key(state) == made
        assert state.secret_file.stat().st_mode & 0o777 == 0o600
