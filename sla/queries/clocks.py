"""Single clocks: those of a lead, those behind a figure of the board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from sla.models import Clock, Step
from sla.queries.board import Period
from sla.rules import kinds, verdict, wording

LIMIT = 200
VERDICTS = ("late", "in_time", "decided", "running")


@dataclass(frozen=True)
class StepLine:
    """One step of a clock: when it was (or will be) due, noticed and told."""

    kind: str
    due_at: datetime
    noticed_at: datetime | None
    told_at: datetime | None

    @property
    def label(self) -> str:
        """What the step does, in words."""
        return wording.STEPS.get(self.kind, self.kind)

    @property
    def lag(self) -> timedelta | None:
        """From due to noticed."""
        return self.noticed_at - self.due_at if self.noticed_at else None


@dataclass(frozen=True)
class ClockLine:
    """A clock with all its steps, and what became of it: `state` is a verdict's kind, or cancelled."""

    clock: Clock
    state: str
    by: timedelta
    steps: list[StepLine]

    @property
    def label(self) -> str:
        """What is owed, in words."""
        return kinds.KINDS[self.clock.kind].label

    @property
    def obligation(self) -> str:
        """What the owner has to do, in words."""
        return kinds.KINDS[self.clock.kind].obligation

    @property
    def ahead(self) -> list[StepLine]:
        """The steps still to come."""
        return [step for step in self.steps if step.noticed_at is None]

    @property
    def is_running(self) -> bool:
        """Neither met nor cancelled."""
        return self.clock.met_at is None and self.clock.cancelled_at is None


def of_lead(lead_id: int, at: datetime, *, is_running: bool = False) -> list[ClockLine]:
    """A lead's clocks, newest first, with their steps; two statements."""
    rows = Clock.objects.filter(lead_id=lead_id, **({"met_at": None, "cancelled_at": None} if is_running else {}))
    return lines(rows.order_by("-id"), at)


def lines(rows: QuerySet[Clock], at: datetime) -> list[ClockLine]:
    """Clocks with owners, managers and steps."""
    clocks = list(rows.select_related("owner__user", "manager__user", "agreement", "lead__person", "lead__company"))
    recorded = _recorded(clock.pk for clock in clocks)
    return [_line(clock, recorded.get(clock.pk, {}), at) for clock in clocks]


def behind(
    period: Period, *, outcome: str = "", weekday: int | None = None, hour: int | None = None
) -> list[ClockLine]:
    """The first touches behind a figure of the board, newest first, at most LIMIT.

    `outcome` is one of VERDICTS; `weekday` (1 is Monday) and `hour` are those of the deadline in the period's zone.
    """
    rows = Clock.objects.filter(kind="first_touch", started_at__gte=period.since, started_at__lte=period.now)
    if period.owners is not None:
        rows = rows.filter(owner_id__in=period.owners)
    rows = rows.annotate(ended=Coalesce("met_at", "cancelled_at", period.now)).filter(_outcome(outcome))
    if weekday is not None and hour is not None:
        due = ExpressionWrapper(F("due_at") - timedelta(microseconds=1), DateTimeField())
        rows = rows.annotate(d=ExtractIsoWeekDay(due, tzinfo=period.tzinfo), h=ExtractHour(due, tzinfo=period.tzinfo))
        rows = rows.filter(d=weekday, h=hour)
    return lines(rows.order_by("-started_at", "-id")[:LIMIT], period.now)


def _outcome(outcome: str) -> Q:
    is_late, is_met = Q(ended__gt=F("due_at")), Q(met_at__isnull=False)
    return {
        "late": is_late,
        "in_time": is_met & ~is_late,
        "decided": is_met | is_late,
        "running": Q(met_at=None, cancelled_at=None),
    }.get(outcome, Q())


def _recorded(clock_ids: Iterable[int]) -> dict[int, dict[int, Step]]:
    found: dict[int, dict[int, Step]] = {}
    for step in Step.objects.filter(clock_id__in=list(clock_ids)).order_by("clock_id", "step"):
        found.setdefault(step.clock_id, {})[step.step] = step
    return found


def _line(clock: Clock, recorded: dict[int, Step], at: datetime) -> ClockLine:
    ended = clock.met_at or clock.cancelled_at
    judged = verdict.verdict(clock.due_at, ended, at)
    state = str(judged.kind)
    if clock.cancelled_at:  # taken away: no longer owed, or late all the same, but never done
        state = "cancelled" if clock.cancelled_at <= clock.due_at else "late"
    steps = [
        StepLine(kind, due_at, getattr(step, "noticed_at", None), getattr(step, "told_at", None))
        for kind, due_at, step in (
            (kind, due_at, recorded.get(place))
            for place, (kind, due_at) in enumerate(zip(clock.steps, clock.step_at, strict=False))
        )
        if step is not None or ended is None
    ]
    return ClockLine(clock, state, judged.by, steps)
