"""Reading the queue and the roster."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from handoff.models import Absence, Handoff, NextStep, Seat, Team, Touch
from quotarider.accounts.models import Member


def default_team() -> Team:
    """The team that takes what no other does. Raises: Team.DoesNotExist."""
    return Team.objects.select_related("manager").get(is_default=True)


def teams() -> QuerySet[Team]:
    """All teams by name, with managers and seats."""
    return Team.objects.select_related("manager__user").prefetch_related("seats__member__user").order_by("name", "id")


def team_for(public_id: UUID) -> Team:
    """One team. Raises: Team.DoesNotExist."""
    return teams().get(public_id=public_id)


def roster(team: Team, at: datetime) -> QuerySet[Seat]:
    """The team's active seats, locked for giving, annotated with `is_out` (of office at `at`)."""
    out = Absence.objects.filter(member_id=OuterRef("member_id"), starts_at__lte=at, ends_at__gt=at)
    seats = Seat.objects.filter(team=team, is_active=True, member__is_active=True)
    return (
        seats.select_related("member__user")
        .annotate(is_out=Exists(out))
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def absences_of(member_ids: Iterable[int], *, from_: datetime) -> dict[int, tuple[tuple[datetime, datetime], ...]]:
    """Absences that are not over at `from_`, by member, as half-open UTC intervals."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Absence.objects.filter(member_id__in=set(member_ids), ends_at__gt=from_).order_by("starts_at")
    for member_id, starts_at, ends_at in rows.values_list("member_id", "starts_at", "ends_at"):
        found.setdefault(member_id, []).append((starts_at, ends_at))
    return {member_id: tuple(intervals) for member_id, intervals in found.items()}


def queue(member: Member) -> QuerySet[Handoff]:
    """The member's open hand-offs: by deadline, then score, with lead, person and company."""
    rows = Handoff.objects.filter(owner=member, ended_at=None)
    return rows.select_related("lead__person", "lead__company", "lead__campaign").order_by(
        F("act_by").asc(nulls_last=True), "-score", "id"
    )


def open_handoff_for(member: Member, public_id: UUID) -> Handoff:
    """An open hand-off that the member may work: one's own, or any for those who may reassign.

    Raises: Handoff.DoesNotExist.
    """
    rows = Handoff.objects.select_related("lead__person", "lead__company", "lead__campaign", "owner__user", "team")
    rows = rows.filter(public_id=public_id, ended_at=None)
    return rows.get() if member.may("reassign") else rows.get(owner=member)


def handoffs_of(lead_id: int) -> QuerySet[Handoff]:
    """All hand-offs of a lead, newest first."""
    return Handoff.objects.select_related("owner__user", "team").filter(lead_id=lead_id).order_by("-epoch")


def touches_of(lead_id: int) -> QuerySet[Touch]:
    """All touches of a lead, newest first."""
    return Touch.objects.select_related("member__user").filter(lead_id=lead_id).order_by("-occurred_at", "-id")


def open_step_of(lead_id: int) -> NextStep | None:
    """The lead's planned next step, if one is open."""
    return NextStep.objects.filter(lead_id=lead_id, done_at=None).first()


def handoffs_by_id(ids: Iterable[int]) -> QuerySet[Handoff]:
    """Hand-offs with their leads, owners and teams, in id order."""
    rows = Handoff.objects.select_related("lead__campaign", "lead__source", "lead__company", "lead__person", "team")
    return rows.filter(pk__in=list(ids)).order_by("pk")
