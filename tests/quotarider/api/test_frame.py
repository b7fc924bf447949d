"""Keys, scopes and problems, seen from outside."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from quotarider.accounts.models import ApiKey, Member
from tests.factories.accounts import api_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.quotarider.api.endpoints")]
Maker = Callable[..., Client]


@pytest.fixture
def with_key(admin: Member) -> Maker:
    def make(*scopes: str) -> Client:
        return Client(headers={"Authorization": f"Bearer {api_key(admin, *scopes)[1]}"}, raise_request_exception=False)

    return make


def problem(response: Any) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == response.status_code
    return body


class TestKey:
    def test_opens_its_workspace(self, api_client: Client) -> None:
        assert api_client.get("/api/v1/echo/").json() == {"workspace": "acme"}

    def test_is_noted_once_a_day(self, api_client: Client) -> None:
        api_client.get("/api/v1/echo/")
        assert ApiKey.objects.get().last_used_on is not None

    def test_is_needed(self, client: Client) -> None:
        response = client.get("/api/v1/echo/")
        assert problem(response)["title"] == "Unauthorized"
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="QuotaRider"'

    @pytest.mark.parametrize(
        "header", ["Bearer qr_aaaaaaaaaa_wrong", "Bearer ", "Bearer \xe9", "Basic YTpi", "nonsense", "Bearer qr__x"]
    )
    def test_that_is_unknown_is_401(self, client: Client, acme: object, header: str) -> None:
        response = client.get("/api/v1/echo/", headers={"Authorization": header})
        assert problem(response)["status"] == 401
        assert "WWW-Authenticate" in response.headers

    def test_that_was_revoked_is_401(self, with_key: Maker) -> None:
        client = with_key()
        ApiKey.objects.update(revoked_at="2026-01-01T00:00Z")
        assert client.get("/api/v1/echo/").status_code == 401

    def test_a_session_is_no_key(self, client_for: Maker, admin: Member) -> None:
        assert client_for(admin).get("/api/v1/echo/").status_code == 401


class TestScope:
    def test_is_needed_by_method(self, with_key: Maker) -> None:
        client = with_key("leads:read")
        assert client.get("/api/v1/echo/").status_code == 200
        response = client.post("/api/v1/echo/", {}, content_type="application/json")
        assert problem(response)["detail"].startswith("This key lacks the scope leads:write.")
        assert response.status_code == 403

    def test_a_view_that_names_none_is_closed(self, with_key: Maker) -> None:
        assert problem(with_key().get("/api/v1/forgotten/"))["status"] == 500


class TestProblem:
    def test_of_a_domain_error(self, api_client: Client) -> None:
        assert problem(api_client.get("/api/v1/failing/conflict/")) == {
            "type": "urn:quotarider:problem:conflict",
            "title": "Conflict",
            "status": 409,
            "detail": "Somebody was faster. Reload.",
            "errors": [{"field": "state", "message": "Somebody was faster. Reload."}],
        }

    def test_of_an_unknown_object(self, api_client: Client) -> None:
        assert problem(api_client.get("/api/v1/failing/unknown/"))["status"] == 404

    def test_of_a_mistake_of_ours_says_nothing_of_it(self, with_key: Maker) -> None:
        response = with_key().get("/api/v1/failing/broken/")
        assert problem(response) == {"type": "about:blank", "title": "Internal Server Error", "status": 500}

    def test_of_an_unknown_address(self, api_client: Client) -> None:
        assert problem(api_client.get("/api/v1/nowhere/"))["status"] == 404

    def test_of_a_wrong_method_says_which_are_right(self, api_client: Client) -> None:
        response = api_client.delete("/api/v1/echo/")
        assert problem(response)["status"] == 405
        assert response.headers["Allow"] == "GET, POST, HEAD, OPTIONS"

    def test_of_another_media_type(self, api_client: Client) -> None:
        body = urlencode({"a": 1})
        response = api_client.post("/api/v1/echo/", body, content_type="application/x-www-form-urlencoded")
        assert problem(response)["status"] == 415

    def test_of_a_type_that_is_not_spoken(self, api_client: Client) -> None:
        assert problem(api_client.get("/api/v1/echo/", headers={"Accept": "text/csv"}))["status"] == 406

    def test_of_broken_json(self, api_client: Client) -> None:
        response = api_client.post("/api/v1/echo/", b"{", content_type="application/json")
        assert problem(response)["detail"].startswith("The body is not JSON")
        assert response.status_code == 400

    def test_of_a_large_body(self, api_client: Client, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        response = api_client.post("/api/v1/echo/", b'"' + b"x" * 200 + b'"', content_type="application/json")
        assert problem(response)["status"] == 413
        assert problem(api_client.get("/api/v1/failing/large/"))["status"] == 413

    def test_of_fields_names_each(self, api_client: Client) -> None:
        body = {"contacts": [{"email": "a@b.test"}, {"email": "nonsense"}, {}]}
        response = api_client.post("/api/v1/checked/", body, content_type="application/json")
        assert problem(response)["errors"] == [
            {"field": "contacts.1.email", "message": "Enter a valid email address."},
            {"field": "contacts.2.email", "message": "This field is required."},
        ]
        assert response.status_code == 422

    def test_of_the_whole_has_no_field(self, api_client: Client) -> None:
        response = api_client.post("/api/v1/checked/", "[]", content_type="application/json")
        assert [error["field"] for error in problem(response)["errors"]] == [""]


class TestDocument:
    def test_is_public_and_says_how_to_authenticate(self, client: Client) -> None:
        document = client.get("/api/v1/schema/?format=json").json()
        assert document["components"]["securitySchemes"]["workspaceKey"]["scheme"] == "bearer"
        operation = document["paths"]["/api/v1/echo/"]["post"]
        assert {"200", "400", "401", "403", "413", "415", "422", "default"} <= set(operation["responses"])
        assert "application/problem+json" in operation["responses"]["422"]["content"]

    def test_reader_works_under_the_content_security_policy(self, client: Client) -> None:
        response = client.get("/api/docs/")
        text = response.content.decode()
        assert response.status_code == 200
        assert "<style" not in text
        assert "style=" not in text
        assert "<script>" not in text
        assert client.get("/api/docs/?script=").headers["Content-Type"].startswith("application/javascript")
