"""Leads in, one at a time or many; leads out."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leads.actions import intake
from leads.api import requests, schema, shapes
from leads.queries import leads as queries
from leads.rules.candidate import InvalidLead

CONFLICT = ("idempotency_key", "This key was used for another payload. Send a new key with a new lead.")
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": f"^{requests.KEY.pattern}$"},
    OpenApiParameter.HEADER,
    description="Sent again with the same payload, it answers with the same lead; with another one, 409.",
)


class Leads(APIView):
    """The leads of the workspace."""

    required_scope = {"GET": "leads:read", "POST": "leads:write"}

    @extend_schema(
        operation_id="leads_create",
        summary="Send a lead",
        request=schema.LeadSent,
        responses={201: schema.Taken, 200: schema.Taken, 409: shapes.CONFLICT},
        parameters=[KEY_PARAMETER],
    )
    def post(self, request: Request) -> Response:
        """Stored, matched, scored and handed on before the answer. 201: a new lead. 200: it joined, or was known."""
        try:
            arrival = requests.arrival(request.data, request.headers.get("Idempotency-Key"), request)
        except InvalidLead as invalid:
            requests.refuse(invalid.problems)
        received = intake.receive_one(arrival, source=requests.source_of(request), at=requests.now_of(request))
        body = {
            "id": received.public_id,
            "status": received.status,
            "state": queries.state_of(received.lead_id),
        }
        if received.status != "created":
            return Response(body)
        return Response(body, status=201, headers={"Location": reverse("api-lead", args=[received.public_id])})

    @extend_schema(
        operation_id="leads_list",
        summary="Read leads",
        responses=schema.Page,
        parameters=[
            OpenApiParameter("state", enum=list(shapes.STATES)),
            OpenApiParameter(
                "recorded_since", OpenApiTypes.DATETIME, description="Learned of at or after this instant."
            ),
            OpenApiParameter("cursor", OpenApiTypes.UUID, description="`next` of the page before."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        ],
    )
    def get(self, request: Request) -> Response:
        """Newest arrival first, page by page."""
        wanted = shapes.ListQuery.read(request.query_params)
        page = queries.api_page(**wanted._asdict())
        return Response({"results": [shapes.lead(lead) for lead in page.leads], "next": page.following})


class Bulk(APIView):
    """Many leads at once."""

    required_scope = "leads:write"

    @extend_schema(
        operation_id="leads_bulk",
        summary="Send up to 1,000 leads",
        request=schema.BulkSent,
        responses={200: schema.BulkResult},
    )
    def post(self, request: Request) -> Response:
        """Rows that can be read are stored; the others are refused one by one, each with what to do."""
        rows = requests.rows(request.data, "leads", schema.MOST)
        results: dict[int, dict[str, Any]] = {}
        arrivals: dict[int, intake.Arrival] = {}
        for index, row in enumerate(rows):
            try:
                key = row.get("idempotency_key") if isinstance(row, dict) else None
                arrivals[index] = requests.arrival(row, key, request)
            except InvalidLead as invalid:
                results[index] = requests.refused(index, invalid.problems)
        if arrivals:
            results |= _received(arrivals, request)
        refused = sum(result["status"] == "refused" for result in results.values())
        ordered = [results[index] for index in range(len(rows))]
        return Response({"results": ordered, "accepted": len(rows) - refused, "refused": refused})


def _received(arrivals: dict[int, intake.Arrival], request: Request) -> dict[int, dict[str, Any]]:
    received = intake.receive([*arrivals.values()], source=requests.source_of(request), at=requests.now_of(request))
    return {
        index: requests.refused(index, [CONFLICT])
        if one.status == "conflict"
        else {"index": index, "status": one.status, "id": one.public_id}
        for index, one in zip(arrivals, received, strict=True)
    }


class One(APIView):
    """One lead."""

    required_scope = "leads:read"

    @extend_schema(operation_id="leads_retrieve", summary="Read a lead", responses=schema.LeadWithExplanation)
    def get(self, request: Request, lead_id: UUID) -> Response:
        """The lead as it is now, and why it has its score."""
        lead = queries.lead_for(lead_id)
        return Response({**shapes.lead(lead), "explanation": shapes.explanation(queries.score_of(lead))})
