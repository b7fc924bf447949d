import pytest
from django.db import OperationalError
from django.test import Client

from quotarider.web import health

pytestmark = pytest.mark.django_db


class TestHealthz:
    def test_is_200_while_the_database_answers(self, client: Client) -> None:
        response = client.get("/healthz")
        assert (response.status_code, response.json()) == (200, {"database": "ok"})

    def test_is_503_without_the_database(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone() -> None:
            raise OperationalError

        monkeypatch.setattr(health.connection, "cursor", gone)
        assert client.get("/healthz").status_code == 503

    def test_takes_no_post(self, client: Client) -> None:
        assert client.post("/healthz").status_code == 405
