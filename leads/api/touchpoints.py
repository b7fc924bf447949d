"""Touchpoints in: what leads do on marketing's side."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leads.actions import touchpoints
from leads.api import requests, schema
from leads.queries import touchpoints as queries
from leads.rules import normalise
from leads.rules.candidate import InvalidLead, SentTouchpoint, read_touchpoint

UNKNOWN = ("lead", "No such lead. Send the lead first.")


class Touchpoints(APIView):
    """Touchpoints of known leads."""

    required_scope = "touchpoints:write"

    @extend_schema(
        operation_id="touchpoints_create",
        summary="Send a touchpoint, or up to 1,000",
        request=PolymorphicProxySerializer(
            "TouchpointOrTouchpoints", [schema.TouchpointRow, schema.TouchpointsSent], None, many=False
        ),
        responses={
            201: schema.TouchpointTaken,
            200: PolymorphicProxySerializer(
                "TouchpointTakenOrResults", [schema.TouchpointTaken, schema.TouchpointResults], None, many=False
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """One by itself is answered 201, or 200 if it was known; of many, each has its result."""
        body = request.data
        if isinstance(body, dict) and "touchpoints" in body:
            results = _record(requests.rows(body, "touchpoints", schema.MOST), request)
            refused = sum(result["status"] == "refused" for result in results)
            return Response({"results": results, "accepted": len(results) - refused, "refused": refused})
        result = _record([body], request)[0]
        if result["status"] == "refused":
            requests.refuse([(error["field"], error["message"]) for error in result["errors"]])
        return Response(
            {"status": result["status"], "lead": result["lead"]}, status=201 if result["status"] == "recorded" else 200
        )


def _record(rows: Sequence[Any], request: Request) -> list[dict[str, Any]]:
    source, at = requests.source_of(request), requests.now_of(request)
    results: dict[int, dict[str, Any]] = {}
    read: dict[int, tuple[queries.Of, SentTouchpoint]] = {}
    for index, row in enumerate(rows):
        try:
            sent = read_touchpoint(row, at=at)
            read[index] = (_lead_named(row), sent)
        except InvalidLead as invalid:
            results[index] = requests.refused(index, invalid.problems)
    found = queries.leads_named(source, [of for of, _ in read.values()])
    known = {index: (found[of], sent) for index, (of, sent) in read.items() if of in found}
    statuses = touchpoints.record([*known.values()], source=source, at=at)
    for index, status in zip(known, statuses, strict=True):
        results[index] = {"index": index, "status": status, "lead": known[index][0].public_id}
    for index in read.keys() - known.keys():
        results[index] = requests.refused(index, [UNKNOWN])
    return [results[index] for index in range(len(rows))]


def _lead_named(row: Any) -> queries.Of:
    """How the row names its lead. Raises: InvalidLead."""
    public_id, external_id, email = (row.get(name) for name in ("lead", "lead_external_id", "email"))
    if public_id:
        return queries.Of("lead", str(_uuid(public_id)))
    if external_id:
        return queries.Of("external_id", _text("lead_external_id", external_id, 200))
    if email:
        return queries.Of("email", _email(_text("email", email, 254)))
    raise InvalidLead([("lead", "Name the lead: by lead (our id), lead_external_id (your id) or email.")])


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value) if isinstance(value, str) else "")
    except ValueError:
        raise InvalidLead([("lead", "Send the id that the lead was answered with.")]) from None


def _text(name: str, value: object, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit or "\x00" in value:
        raise InvalidLead([(name, f"Send text of at most {limit} characters.")])
    return value.strip()


def _email(value: str) -> str:
    try:
        return normalise.email(value)
    except normalise.InvalidValue as invalid:
        raise InvalidLead([("email", invalid.message)]) from None
