"""`manage.py up` starts once."""

import socket
from pathlib import Path

import pytest

from quotarider.embedded import environment, paths, up


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> paths.State:
    """A stack's folder of the test's own."""
    monkeypatch.setenv("QR_STATE", str(tmp_path))
    return paths.claim("dev")


class TestMain:
    def test_names_the_url_of_the_stack_that_runs_already(self, state: paths.State) -> None:
        with paths.wait_lock(state.lock_file):
            environment.publish(state, {"QR_URL": "http://127.0.0.1:8017/"})
            with pytest.raises(SystemExit, match=r"already running: http://127\.0\.0\.1:8017/"):
                up.main([])

    def test_does_not_wipe_the_data_of_a_stack_that_runs(self, state: paths.State) -> None:
        state.data.mkdir()
        with paths.wait_lock(state.lock_file), pytest.raises(SystemExit, match="already running"):
            up.main(["--fresh"])
        assert state.data.exists()


class TestListen:
    def test_takes_the_next_port_when_one_is_taken(self) -> None:
        with up._listen(None) as first, up._listen(None) as second:
            assert first.getsockname()[1] < second.getsockname()[1]
            assert first.getsockname()[0] == "127.0.0.1"

    def test_refuses_a_named_port_that_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit, match="is taken"):
            up._listen(taken.getsockname()[1])
