"""The environment is rebuilt exactly when its lock or its Python changes."""

import sys
from pathlib import Path

import pytest

from quotarider.embedded import bootstrap


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock in a checkout of its own, with an environment that claims to be of this Python."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setenv("QR_VENV", str(tmp_path / "venv"))
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").touch()
    version = "{}.{}.{}".format(*sys.version_info)
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"version = {version}\n")
    file = tmp_path / "requirements.lock"
    file.write_text("django==5.2 --hash=sha256:00\n")
    return file


def put_stamp(lock: Path) -> None:
    bootstrap.stamp_file(lock).parent.mkdir()
    bootstrap.stamp_file(lock).write_text(bootstrap.stamp(lock))


class TestIsCurrent:
    def test_is_false_without_a_stamp(self, lock: Path) -> None:
        assert not bootstrap.is_current(lock)

    def test_is_true_after_an_installation(self, lock: Path) -> None:
        put_stamp(lock)
        assert bootstrap.is_current(lock)

    def test_is_false_when_one_hash_of_the_lock_changed(self, lock: Path) -> None:
        put_stamp(lock)
        lock.write_text("django==5.2 --hash=sha256:01\n")
        assert not bootstrap.is_current(lock)

    def test_is_false_under_another_python(self, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        put_stamp(lock)
        monkeypatch.setattr(sys, "version", "3.13.0 (another)")
        assert not bootstrap.is_current(lock)

    def test_is_false_when_the_interpreter_is_gone(self, lock: Path) -> None:
        put_stamp(lock)
        (bootstrap.venv() / "bin" / "python").unlink()
        assert not bootstrap.is_current(lock)


class TestEnter:
    def test_leaves_the_interpreter_alone_when_told_to_skip(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QR_VENV", "skip")
        monkeypatch.setattr(bootstrap, "LOCK", Path("/nowhere/requirements.lock"))
        bootstrap.enter()
