"""What was said of a lead."""

from django.db.models import QuerySet

from feedback.models import Outcome, Verdict
from handoff.models import Handoff
from quotarider.accounts.models import Member


def said(handoff: Handoff, kind: str, *, by: Member) -> bool:
    """Whether the member has given this verdict on the hand-off already: a repeat of it is harmless."""
    return Verdict.objects.filter(handoff=handoff, kind=kind, member=by).exists()


def ended(lead_id: int, kind: str, *, by: Member) -> bool:
    """Whether the member has ended the lead in this way already."""
    return Outcome.objects.filter(lead_id=lead_id, kind=kind, member=by).exists()


def verdicts_of(lead_id: int) -> QuerySet[Verdict]:
    """All verdicts on a lead, newest first."""
    return Verdict.objects.select_related("member__user", "reason").filter(lead_id=lead_id).order_by("-at", "-id")


def outcomes_of(lead_id: int) -> QuerySet[Outcome]:
    """How the lead ended, newest first."""
    return Outcome.objects.select_related("member__user", "reason").filter(lead_id=lead_id).order_by("-at", "-id")


def last_rejections(lead_ids: list[int]) -> dict[int, Verdict]:
    """The newest rejection of each lead that has one."""
    rows = Verdict.objects.select_related("member__user", "reason").filter(lead_id__in=lead_ids, kind="rejected")
    return {verdict.lead_id: verdict for verdict in rows.order_by("at", "id")}
