"""The state folder is short enough for a socket, ours alone, and locked by one launcher."""

import os
from pathlib import Path

import pytest

from quotarider.embedded import paths


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A QR_STATE of the test's own."""
    monkeypatch.setenv("QR_STATE", str(tmp_path / "q"))
    return tmp_path / "q"


class TestBase:
    def test_leaves_room_for_the_longest_socket(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("QR_STATE", raising=False)
        monkeypatch.setattr(os, "geteuid", lambda: 2**32 - 2)
        paths.refuse_long(paths.peek("test"))

    def test_differs_between_checkouts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("QR_STATE", raising=False)
        here = paths.base()
        monkeypatch.setattr(paths, "ROOT", Path("/another/checkout"))
        assert paths.base() != here


class TestClaim:
    def test_keeps_others_out(self, place: Path) -> None:
        state = paths.claim("dev")
        assert state.root.stat().st_mode & 0o066 == 0

    def test_refuses_a_path_too_long_for_a_socket(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QR_STATE", str(tmp_path / ("x" * 100)))
        with pytest.raises(SystemExit, match="bytes too long for a unix socket"):
            paths.claim("dev")
        assert not (tmp_path / ("x" * 100)).exists()

    def test_accepts_a_path_of_just_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        longest = paths.SOCKET_LIMIT - len("/s/.s.PGSQL.5432")
        paths.refuse_long(paths.State(Path("/" + "x" * (longest - 1))))
        with pytest.raises(SystemExit, match="is 1 bytes too long"):
            paths.refuse_long(paths.State(Path("/" + "x" * longest)))

    def test_refuses_a_folder_laid_there_as_a_link(self, place: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        place.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(SystemExit, match="belongs to someone else"):
            paths.claim("dev")


class TestLock:
    def test_is_held_by_one_at_a_time(self, place: Path) -> None:
        state = paths.claim("dev")
        held = paths.try_lock(state.lock_file)
        assert held
        assert paths.try_lock(state.lock_file) is None
        assert paths.is_running(state)
        held.close()
        assert not paths.is_running(state)

    def test_of_a_stack_never_started_is_free(self, place: Path) -> None:
        assert not paths.is_running(paths.peek("dev"))
        assert not place.exists()
