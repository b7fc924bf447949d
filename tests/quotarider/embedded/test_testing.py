"""`manage.py test` knows when a database can be used again, and when a browser is wanted."""

from pathlib import Path

import pytest

from quotarider.embedded import bootstrap, paths, testing


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one migration."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "requirements.lock")
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "leads" / "migrations").mkdir(parents=True)
    (tmp_path / "leads" / "migrations" / "0001_lead.py").write_text("operations = []")
    return tmp_path


class TestFingerprint:
    def test_stays_when_a_view_changes(self, checkout: Path) -> None:
        before = testing.fingerprint()
        (checkout / "leads" / "views.py").write_text("")
        assert testing.fingerprint() == before

    @pytest.mark.parametrize(
        "file",
        [
            "leads/migrations/0002_more.py",
            "leads/migrations/0001_lead.py",
            "leads/apps.py",
            "leads/guard.sql",
            "leads/models/lead.py",
            "quotarider/audit/models.py",
            "quotarider/tenancy/protection.py",
            "quotarider/settings/base.py",
        ],
    )
    def test_changes_with_what_shapes_the_database(self, checkout: Path, file: str) -> None:
        before = testing.fingerprint()
        (checkout / file).parent.mkdir(parents=True, exist_ok=True)
        (checkout / file).write_text("changed")
        assert testing.fingerprint() != before

    def test_changes_with_the_libraries(self, checkout: Path) -> None:
        before = testing.fingerprint()
        (checkout / "requirements.lock").write_text("django==6")
        assert testing.fingerprint() != before


class TestAsksForBrowser:
    @pytest.mark.parametrize("arguments", [[], ["-k", "queue"], ["tests"], ["tests/browser"], ["-x", "tests/browser/"]])
    def test_is_true_for_all_tests_and_for_those_of_the_browser(self, arguments: list[str]) -> None:
        assert testing.asks_for_browser(arguments)

    @pytest.mark.parametrize(
        "arguments", [["tests/quotarider"], ["-x", "tests/quotarider/embedded/test_testing.py::TestX"]]
    )
    def test_is_false_for_other_tests(self, arguments: list[str]) -> None:
        assert not testing.asks_for_browser(arguments)


class TestFindChromium:
    def test_prefers_the_named_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QR_CHROMIUM", "/bin/sh")
        assert testing.find_chromium() == "/bin/sh"

    def test_refuses_a_named_one_that_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QR_CHROMIUM", "/nowhere/chromium")
        with pytest.raises(SystemExit, match="is no program"):
            testing.find_chromium()

    def test_finds_none_where_none_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("QR_CHROMIUM", raising=False)
        monkeypatch.setenv("PATH", "/nowhere")
        assert testing.find_chromium() is None
