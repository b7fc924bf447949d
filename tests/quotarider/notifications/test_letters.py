from typing import Any

import pytest

from quotarider.notifications import letters

STEP = {
    "template": "clock_step",
    "step": "late",
    "obligation": "first_touch",
    "owner": "Dana Kim",
    "due_at": "2026-03-03T09:00:00+00:00",
    "zone": "Europe/Berlin",
    "path": "/w/acme/leads/1/",
}


class TestCompose:
    def test_takes_the_payloads_own_words(self) -> None:
        assert letters.compose({"subject": "S", "text": "T"}) == ("S", "T")

    def test_takes_them_from_a_template(self, settings: Any) -> None:
        settings.PUBLIC_URL = "https://qr.example/"
        subject, text = letters.compose(STEP)
        assert subject == "Late: first touch, Dana Kim"
        assert "The first touch that Dana Kim owes was due Tue 3 Mar, 10:00 (Europe/Berlin)." in text
        assert "https://qr.example/w/acme/leads/1/" in text

    def test_keeps_a_subject_on_one_line(self) -> None:
        assert letters.compose({**STEP, "owner": "Dana\nBcc: x@y.test"})[0] == "Late: first touch, Dana"

    @pytest.mark.parametrize("name", ["../base", "Clock", "", "a/b"])
    def test_refuses_what_is_no_name(self, name: str) -> None:
        with pytest.raises(ValueError, match="name"):
            letters.compose({"template": name})

    def test_needs_words(self) -> None:
        with pytest.raises(KeyError):
            letters.compose({})
