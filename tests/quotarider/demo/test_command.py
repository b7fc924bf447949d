import json
from io import StringIO

from django.core.management import call_command


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
