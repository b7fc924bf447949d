"""What a rep reads before acting: why this score, what the lead engaged with, what was done before; and the day so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Value

from handoff.models import Handoff, Touch
from leads.models import Score, Touchpoint
from quotarider.accounts.models import Member

LONGEST_STORY = 15


@dataclass(frozen=True)
class Rule:
    """One line of a score: signed points, the rule's name, `fit` or `intent`, and why in words."""

    points: int
    label: str
    kind: str
    detail: str


@dataclass(frozen=True)
class Event:
    """A touchpoint (`kind`, its `asset`, `detail`, `by` campaign) or a touch (`kind`, its result as `asset`, note, `by`
    member)."""

    is_touch: bool
    at: datetime
    kind: str
    asset: str
    detail: str
    by: str


@dataclass(frozen=True)
class Briefing:
    """The context of one hand-off; `version` is the Agreement's under which the score stands (0: never scored)."""

    version: int
    rules: Sequence[Rule]
    engaged: Sequence[Event]
    touches: Sequence[Event]


def briefing(handoff: Handoff) -> Briefing:
    """The lead's latest score explained, its newest touchpoints and touches: two statements."""
    score = Score.objects.select_related("definition").filter(lead_id=handoff.lead_id).order_by("-pk").first()
    lines = score.lines.get("lines", []) if score else []
    story = _story(handoff.lead_id)
    return Briefing(
        version=score.definition.version if score else 0,
        rules=[Rule(int(points), rule, kind, detail) for rule, points, kind, detail in lines],
        engaged=[event for event in story if not event.is_touch],
        touches=[event for event in story if event.is_touch],
    )


def _story(lead_id: int) -> list[Event]:
    touches = Touch.objects.filter(lead_id=lead_id).annotate(what=Value(1)).order_by("-occurred_at", "-id")
    signals = Touchpoint.objects.filter(lead_id=lead_id).annotate(what=Value(0)).order_by("-occurred_at", "-id")
    rows: Any = touches.values_list("what", "occurred_at", "kind", "result", "note", "member__user__name")[
        :LONGEST_STORY
    ].union(
        signals.values_list("what", "occurred_at", "kind", "asset", "detail", "campaign__name")[:LONGEST_STORY],
        all=True,
    )
    events = [Event(bool(what), at, kind, asset, detail, by or "") for what, at, kind, asset, detail, by in rows]
    return sorted(events, key=lambda event: event.at, reverse=True)


class _Median(Aggregate):
    """PostgreSQL's continuous median."""

    name = "Median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Day:
    """A rep's first touches since an instant, and the median wall time from hand-off to touch (None without any)."""

    count: int
    median: timedelta | None


def first_touches(member: Member, since: datetime) -> Day:
    """What the member did first since then; touches that came along with a handed-over lead are not theirs."""
    rows = Handoff.objects.filter(owner=member, first_touch_at__gte=since)
    rows = rows.filter(first_touch_at__gte=F("handed_off_at"))
    taken = ExpressionWrapper(F("first_touch_at") - F("handed_off_at"), output_field=DurationField())
    found = rows.aggregate(count=Count("pk"), median=_Median(taken))
    return Day(found["count"], found["median"])
