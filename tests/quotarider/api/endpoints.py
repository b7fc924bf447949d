"""Endpoints that only exist in the tests of the API's frame."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from quotarider import urls
from quotarider.accounts.models import Member
from quotarider.errors import Conflict


class Contact(serializers.Serializer):
    email = serializers.EmailField()


class Batch(serializers.Serializer):
    contacts = Contact(many=True)


class Echo(APIView):
    required_scope = {"GET": "leads:read", "POST": "leads:write"}

    @extend_schema(responses={200: Batch})
    def get(self, request: Request) -> Response:
        return Response({"workspace": request._request.workspace.slug})  # type: ignore[attr-defined]

    @extend_schema(request=Batch, responses={200: Batch})
    def post(self, request: Request) -> Response:
        return Response(request.data)


class Checked(Echo):
    def post(self, request: Request) -> Response:
        batch = Batch(data=request.data)
        batch.is_valid(raise_exception=True)
        return Response(batch.validated_data)


class Failing(APIView):
    required_scope = "leads:read"

    def get(self, request: Request, how: str) -> Response:
        errors: dict[str, Exception] = {
            "conflict": Conflict("Somebody was faster. Reload.", field="state"),
            "unknown": Member.DoesNotExist(),
            "large": RequestDataTooBig(),
            "broken": RuntimeError("not for users"),
        }
        raise errors[how]


class Forgotten(APIView):
    def get(self, request: Request) -> Response:
        return Response({"who": "anybody"})


api: list[Any] = [
    path("echo/", Echo.as_view()),
    path("checked/", Checked.as_view()),
    path("failing/<str:how>/", Failing.as_view()),
    path("forgotten/", Forgotten.as_view()),
]
urlpatterns = [path("api/v1/", include(api)), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
