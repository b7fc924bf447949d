"""What marketing has to decide or to supply: returned leads, held leads, nurture reviews that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from feedback.models import Verdict
from feedback.queries import verdicts
from leads.models import Lead
from leads.rules.definition import LABELS
from sla.models import Clock

LIMIT = 200
KINDS = {"return_decision": "returned", "missing_facts": "held", "nurture_review": "nurturing"}


@dataclass(frozen=True)
class Owed:
    """A lead that waits for marketing, its clock, the last rejection if sales sent it back, and the facts it lacks."""

    lead: Lead
    clock: Clock
    verdict: Verdict | None
    missing: Sequence[str]


@dataclass(frozen=True)
class Desk:
    """What waits for marketing, each list by deadline, at most LIMIT of all; `is_cut` says that there is more."""

    returned: Sequence[Owed]
    held: Sequence[Owed]
    reviews: Sequence[Owed]
    is_cut: bool


def desk(at: datetime) -> Desk:
    """Everything that marketing owes a decision on at `at`; two statements."""
    due = Q(kind__in=["return_decision", "missing_facts"]) | Q(kind="nurture_review", due_at__lte=at)
    rows = Clock.objects.filter(due, met_at=None, cancelled_at=None).order_by("due_at", "id")
    clocks = list(
        rows.select_related("lead__person", "lead__company", "lead__campaign", "lead__owner__user")[: LIMIT + 1]
    )
    shown = [clock for clock in clocks[:LIMIT] if clock.lead.state == KINDS[clock.kind]]
    rejected = verdicts.last_rejections([clock.lead_id for clock in shown])
    owed = [_owed(clock, rejected.get(clock.lead_id)) for clock in shown]
    return Desk(
        returned=[each for each in owed if each.clock.kind == "return_decision"],
        held=[each for each in owed if each.clock.kind == "missing_facts"],
        reviews=[each for each in owed if each.clock.kind == "nurture_review"],
        is_cut=len(clocks) > LIMIT,
    )


def _owed(clock: Clock, verdict: Verdict | None) -> Owed:
    missing = [LABELS.get(fact, fact) for fact in clock.lead.missing_facts]
    return Owed(clock.lead, clock, verdict, missing)


def count(at: datetime) -> tuple[int, int]:
    """How many leads wait for a decision, and how many of them are late."""
    due = Q(kind="return_decision") | Q(kind="nurture_review", due_at__lte=at)
    deadlines = Clock.objects.filter(due, met_at=None, cancelled_at=None).values_list("due_at", flat=True)
    times = list(deadlines[:LIMIT])
    return len(times), sum(due_at < at for due_at in times)
