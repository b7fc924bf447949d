import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


class TestSignIns:
    def test_prints_what_the_launcher_shows(self) -> None:
        out = StringIO()

        call_command("seed_demo", "--sign-ins", stdout=out)

        entries = json.loads(out.getvalue())
        assert entries[0] == {
            "role": "Rep",
            "email": "rep@demo.quotarider.example",
            "password": "demo-quotarider",
            "name": "Lena Hoffmann",
        }
        assert [entry["role"] for entry in entries] == [
            "Rep",
            "Sales manager",
            "Marketer",
            "Marketing manager",
            "RevOps",
            "Admin",
        ]


class TestRest:
    def test_asks_for_the_last_weeks_first(self, db: None) -> None:
        with pytest.raises(CommandError, match="seed_demo --quick"):
            call_command("seed_demo", "--rest")
