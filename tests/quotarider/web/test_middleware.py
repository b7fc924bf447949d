"""What users did wrong, told to the users."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from quotarider import urls
from quotarider.accounts.models import Member
from quotarider.errors import Conflict
from quotarider.web.permissions import requires

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@requires(None)
def conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict("Somebody was faster: reload the page.")


@requires(None)
def unknown(request: HttpRequest) -> HttpResponse:
    raise Member.DoesNotExist


@csrf_exempt
@requires(None)
def fields(request: HttpRequest) -> HttpResponse:
    return HttpResponse(len(request.POST))


urlpatterns: list[Any] = [
    path("w/<slug:workspace>/conflict/", conflict),
    path("w/<slug:workspace>/unknown/", unknown),
    path("w/<slug:workspace>/fields/", fields),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


class TestDomainError:
    def test_is_a_page_with_a_way_back(self, client_for: Callable[..., Client], rep: Member) -> None:
        referer = {"Referer": "http://testserver/w/acme/notifications/"}
        response = client_for(rep).get("/w/acme/conflict/", headers=referer)
        text = response.content.decode()
        assert response.status_code == 409
        assert "Somebody was faster: reload the page." in text
        assert 'href="http://testserver/w/acme/notifications/"' in text

    def test_never_leads_back_to_elsewhere(self, client_for: Callable[..., Client], rep: Member) -> None:
        response = client_for(rep).get("/w/acme/conflict/", headers={"Referer": "https://evil.test/"})
        assert "evil" not in response.content.decode()

    def test_is_a_toast_that_swaps_nothing_for_htmx(self, client_for: Callable[..., Client], rep: Member) -> None:
        response = client_for(rep, htmx=True).get("/w/acme/conflict/")
        assert response.status_code == 409
        assert response.headers["HX-Reswap"] == "none"
        assert response.headers["HX-Trigger"] == '{"toast": {"text": "Somebody was faster: reload the page."}}'

    def test_unknown_objects_are_404(self, client_for: Callable[..., Client], rep: Member) -> None:
        assert client_for(rep).get("/w/acme/unknown/").status_code == 404


class TestTooMuch:
    def test_of_data_is_413(self, client_for: Callable[..., Client], rep: Member, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        body, form = "a=" + "x" * 100, "application/x-www-form-urlencoded"
        response = client_for(rep).post("/w/acme/fields/", body, content_type=form)
        assert response.status_code == 413
        assert "smaller parts" in response.content.decode()

    def test_of_fields_is_413(self, client_for: Callable[..., Client], rep: Member, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
        response = client_for(rep).post("/w/acme/fields/", {"a": 1, "b": 2, "c": 3})
        assert response.status_code == 413

    def test_is_noticed_before_the_csrf_token_too(self, rep: Member, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        client = Client(enforce_csrf_checks=True)
        client.force_login(rep.user)
        client.cookies["csrftoken"] = "x" * 32
        body, form = "a=" + "x" * 100, "application/x-www-form-urlencoded"
        assert client.post("/w/acme/settings/profile/", body, content_type=form).status_code in (403, 413)


class TestRequires:
    def test_refuses_a_permission_that_nobody_has(self) -> None:
        with pytest.raises(LookupError, match="fly"):
            requires("fly")

    def test_leaves_its_permission_readable(self) -> None:
        assert requires("view_audit")(conflict).permission == "view_audit"  # type: ignore[attr-defined]

    def test_is_404_outside_a_workspace(self, rf: RequestFactory) -> None:
        with pytest.raises(Http404):
            conflict(rf.get("/"))
