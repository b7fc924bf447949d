"""The shapes of what goes in and out, for the OpenAPI document. What is checked, leads.rules.candidate checks."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leads.rules import states
from leads.rules.candidate import MAX_TOUCHPOINTS, OUTCOMES, TEXT_LIMITS
from leads.rules.definition.facts import SIGNAL_KINDS

MOST = 1000
INSTANT = {"type": "string", "maxLength": 40, "nullable": True, "example": "2026-03-01T09:30:00Z"}


def _text(limit: int, help_text: str = "") -> Any:
    return serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=limit, help_text=help_text, trim_whitespace=False
    )


def _whole(limit: int) -> dict[str, Any]:
    digits = {"type": "string", "pattern": r"^[0-9]{0,19}$"}
    return {"nullable": True, "oneOf": [{"type": "integer", "minimum": 0, "maximum": limit}, digits]}


def _words(limit: int) -> dict[str, Any]:
    listed = {"type": "array", "maxItems": 50, "items": {"type": "string", "maxLength": limit}}
    return {
        "nullable": True,
        "oneOf": [listed, {"type": "string"}],
        "description": "A list, or one text with commas.",
    }


@extend_schema_field(INSTANT)
class InstantField(serializers.CharField):
    """ISO 8601, without a zone UTC; not in the future."""


@extend_schema_field(_whole(10_000_000))
class EmployeesField(serializers.Field):
    """How many people work there."""


@extend_schema_field(_whole(10**15))
class RevenueField(serializers.Field):
    """A year's revenue."""


@extend_schema_field(_words(60))
class TechnologiesField(serializers.Field):
    """What they use."""


@extend_schema_field(_words(80))
class TriggersField(serializers.Field):
    """What makes them buy now."""


@extend_schema_field({"nullable": True, "oneOf": [{"type": "number", "minimum": 0}, {"type": "string"}]})
class AmountField(serializers.Field):
    """Of the deal, in the workspace's currency."""


class TouchpointSent(serializers.Serializer):
    """One thing that the lead did."""

    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in SIGNAL_KINDS])
    occurred_at = InstantField(required=False, help_text="When it happened; left out: now.")
    asset = _text(200)
    detail = _text(300)
    campaign = _text(120)
    external_id = _text(200, "Your id of this touchpoint: sent again, it is not counted again.")


class LeadSent(serializers.Serializer):
    """A lead as you know it. At least one of email, phone, external_id. Names that are not listed are kept, unread."""

    external_id = _text(TEXT_LIMITS["external_id"], "Your id of the lead.")
    email = _text(254)
    phone = _text(60, "With its country code, or with `country`.")
    full_name = _text(800)
    first_name = _text(TEXT_LIMITS["first_name"])
    last_name = _text(TEXT_LIMITS["last_name"])
    title = _text(TEXT_LIMITS["title"])
    seniority = _text(TEXT_LIMITS["seniority"])
    department = _text(TEXT_LIMITS["department"])
    country = _text(2000, "ISO 3166 code or common name.")
    timezone = _text(TEXT_LIMITS["timezone"], "IANA, as Europe/Berlin.")
    company_name = _text(2000)
    domain = _text(2000)
    employees = EmployeesField(required=False)
    industry = _text(TEXT_LIMITS["industry"])
    technologies = TechnologiesField(required=False)
    growth_stage = _text(TEXT_LIMITS["growth_stage"])
    revenue = RevenueField(required=False)
    campaign = _text(TEXT_LIMITS["campaign"])
    channel = _text(TEXT_LIMITS["channel"])
    asset = _text(TEXT_LIMITS["asset"], "What it came through, if you send no touchpoints.")
    utm_source = _text(TEXT_LIMITS["utm_source"])
    utm_medium = _text(TEXT_LIMITS["utm_medium"])
    utm_campaign = _text(TEXT_LIMITS["utm_campaign"])
    trigger_events = TriggersField(required=False)
    note = _text(TEXT_LIMITS["note"])
    arrived_at = InstantField(required=False)
    outcome = _text(300, f"One of: {', '.join(OUTCOMES)}.")
    won_at = InstantField(required=False)
    lost_at = InstantField(required=False)
    lost_reason = _text(TEXT_LIMITS["lost_reason"], "Of a lost lead: its reason.")
    amount = AmountField(required=False)
    touchpoints = serializers.ListField(
        child=TouchpointSent(), required=False, allow_null=True, max_length=MAX_TOUCHPOINTS
    )


class LeadRow(LeadSent):
    """A lead with a key of its own."""

    idempotency_key = serializers.CharField(required=False, allow_null=True, max_length=200)


class BulkSent(serializers.Serializer):
    """Many leads."""

    leads = serializers.ListField(child=serializers.JSONField(help_text="As LeadRow."), max_length=MOST)


class Taken(serializers.Serializer):
    """What became of a lead."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(
        choices=[("created", "A new lead"), ("joined", "Joined an open or known lead"), ("repeated", "Sent before")]
    )
    state = serializers.ChoiceField(choices=[(state, state) for state in states.STATES])


class FieldError(serializers.Serializer):
    """A field, and what to do."""

    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class RowResult(serializers.Serializer):
    """What became of a row; refused ones have errors instead of an id."""

    index = serializers.IntegerField(min_value=0)
    status = serializers.ChoiceField(choices=[(s, s) for s in ("created", "joined", "repeated", "refused")])
    id = serializers.UUIDField(required=False)
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]


class BulkResult(serializers.Serializer):
    """All rows, in the order sent."""

    results = RowResult(many=True)
    accepted = serializers.IntegerField(min_value=0)
    refused = serializers.IntegerField(min_value=0)


class PersonOut(serializers.Serializer):
    """Who is interested."""

    id = serializers.UUIDField()
    full_name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    seniority = serializers.CharField(allow_blank=True)
    department = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)


class CompanyOut(serializers.Serializer):
    """Where they work."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    domain = serializers.CharField(allow_null=True)
    employees = serializers.IntegerField(allow_null=True)
    industry = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)


class OwnerOut(serializers.Serializer):
    """The member who answers for it."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class LeadOut(serializers.Serializer):
    """A lead as it is now."""

    id = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    campaign = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=[(state, state) for state in states.STATES])
    owner = OwnerOut(allow_null=True)
    in_team_queue = serializers.BooleanField()
    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    band = serializers.CharField(allow_blank=True)
    as_of = serializers.DateTimeField(allow_null=True)
    missing_facts = serializers.ListField(child=serializers.CharField())
    trigger_events = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(allow_blank=True)
    amount = serializers.CharField(allow_null=True)
    arrived_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    qualified_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    person = PersonOut()
    company = CompanyOut(allow_null=True)


class LineOut(serializers.Serializer):
    """What one rule gave."""

    rule = serializers.CharField()
    points = serializers.IntegerField()
    kind = serializers.CharField(help_text="fit or intent")
    detail = serializers.CharField(allow_blank=True)


class ExplanationOut(serializers.Serializer):
    """Why this score."""

    score = serializers.IntegerField()
    fit = serializers.IntegerField()
    engagement = serializers.IntegerField()
    definition_version = serializers.IntegerField()
    at = serializers.DateTimeField()
    disqualified_by = serializers.CharField(allow_null=True)
    lines = LineOut(many=True)


class LeadWithExplanation(LeadOut):
    """A lead, and why it has its score."""

    explanation = ExplanationOut(allow_null=True)


class Page(serializers.Serializer):
    """Leads, newest arrival first. `next` is the cursor of the following page."""

    results = LeadOut(many=True)
    next = serializers.UUIDField(allow_null=True)


class TouchpointRow(TouchpointSent):
    """A touchpoint with the lead it belongs to: one of lead, lead_external_id, email."""

    lead = serializers.UUIDField(required=False, allow_null=True, help_text="Our id of the lead.")
    lead_external_id = _text(200, "Your id of the lead, as sent by the same source.")
    email = _text(254, "Of the person: their open lead, else their latest.")


class TouchpointsSent(serializers.Serializer):
    """Many touchpoints."""

    touchpoints = serializers.ListField(child=serializers.JSONField(help_text="As TouchpointRow."), max_length=MOST)


class TouchpointTaken(serializers.Serializer):
    """What became of a touchpoint."""

    status = serializers.ChoiceField(choices=[("recorded", "recorded"), ("repeated", "repeated")])
    lead = serializers.UUIDField()


class TouchpointResult(serializers.Serializer):
    """What became of a row; refused ones have errors instead of a lead."""

    index = serializers.IntegerField(min_value=0)
    status = serializers.ChoiceField(choices=[(s, s) for s in ("recorded", "repeated", "refused")])
    lead = serializers.UUIDField(required=False)
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]


class TouchpointResults(serializers.Serializer):
    """All rows, in the order sent."""

    results = TouchpointResult(many=True)
    accepted = serializers.IntegerField(min_value=0)
    refused = serializers.IntegerField(min_value=0)
