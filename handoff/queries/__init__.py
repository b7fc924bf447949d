"""Reading the queue and the roster."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet

from handoff.models import Absence, Handoff, NextStep, Seat, Team, Touch
from handoff.rules import listing, routing
from leads.models import Lead
from leads.rules import states
from quotarider import tenancy
from quotarider.accounts.models import Member
from quotarider.tenancy import bulk


def default_team() -> Team:
    """The team that takes what no other does. Raises: Team.DoesNotExist."""
    found = bulk.fetch(
        "SELECT {t} FROM handoff_team t WHERE t.workspace_id = %s AND t.is_default",
        [tenancy.current().workspace_id],
        t=Team,
    )
    if not found:
        raise Team.DoesNotExist("No default team in this workspace.")
    return found[0][0]


def teams() -> QuerySet[Team]:
    """All teams by name, with managers and seats."""
    return Team.objects.select_related("manager__user").prefetch_related("seats__member__user").order_by("name", "id")


def team_for(public_id: UUID) -> Team:
    """One team. Raises: Team.DoesNotExist."""
    return teams().get(public_id=public_id)


def candidates(team: Team, at: datetime) -> list[routing.Candidate]:
    """The team's active seats, locked for giving, with who is out of office at `at`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.member_id, coalesce(nullif(u.name, ''), u.email), s.given, s.last_given_at,
                   EXISTS (SELECT FROM handoff_absence a WHERE a.workspace_id = s.workspace_id
                              AND a.member_id = s.member_id AND a.starts_at <= %(at)s AND a.ends_at > %(at)s), s.id
              FROM handoff_seat s
              JOIN accounts_member m ON m.workspace_id = s.workspace_id AND m.id = s.member_id
              JOIN accounts_user u ON u.id = m.user_id
             WHERE s.workspace_id = %(workspace)s AND s.team_id = %(team)s AND s.is_active AND m.is_active
             ORDER BY s.id FOR NO KEY UPDATE OF s
            """,
            {"at": at, "workspace": tenancy.current().workspace_id, "team": team.pk},
        )
        return [routing.Candidate(*row) for row in cursor.fetchall()]


def to_give(lead_ids: Iterable[int]) -> list[tuple[Lead, int]]:
    """Those of the leads that are marketing's, locked in id order, each with the number of its next hand-off."""
    rows = bulk.fetch(
        "SELECT {l}, (SELECT coalesce(max(h.epoch), 0) + 1 FROM handoff_handoff h "
        "WHERE h.workspace_id = l.workspace_id AND h.lead_id = l.id) FROM leads_lead l "
        "WHERE l.workspace_id = %s AND l.id = ANY(%s::bigint[]) AND l.state = ANY(%s::varchar[]) "
        "ORDER BY l.id FOR NO KEY UPDATE OF l",
        [tenancy.current().workspace_id, list(lead_ids), sorted(states.MARKETINGS)],
        l=Lead,
    )
    return [(lead, epoch) for lead, epoch in rows]


def absences_of(member_ids: Iterable[int], *, from_: datetime) -> dict[int, tuple[tuple[datetime, datetime], ...]]:
    """Absences that are not over at `from_`, by member, as half-open UTC intervals."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member_id, starts_at, ends_at FROM handoff_absence "
            "WHERE workspace_id = %s AND member_id = ANY(%s::bigint[]) AND ends_at > %s ORDER BY starts_at",
            [tenancy.current().workspace_id, list(set(member_ids)), from_],
        )
        for member_id, starts_at, ends_at in cursor.fetchall():
            found.setdefault(member_id, []).append((starts_at, ends_at))
    return {member_id: tuple(intervals) for member_id, intervals in found.items()}


def briefed() -> QuerySet[Handoff]:
    """Hand-offs with lead, person, company and campaign, and their open next step as `step_text`, `step_due_at` and
    `step_planned_at`. Few joins: planning eight tables costs more than reading them."""
    rows = Handoff.objects.select_related("lead__person", "lead__company", "lead__campaign")
    step = FilteredRelation("lead__next_steps", condition=Q(lead__next_steps__done_at=None))
    return rows.annotate(step=step).annotate(
        step_text=F("step__text"), step_due_at=F("step__due_at"), step_planned_at=F("step__planned_at")
    )


def queue(member: Member) -> QuerySet[Handoff]:
    """The member's open hand-offs: by deadline, then score, with what the queue shows of each."""
    rows = briefed().filter(owner=member, ended_at=None)
    return rows.order_by(F("act_by").asc(nulls_last=True), "-score", "id")


def queues(member: Member) -> tuple[list[Handoff], list[Handoff]]:
    """The member's own queue, and what waits in the queues of the member's teams under another manager; one statement."""
    own = Handoff.objects.filter(owner=member, ended_at=None).values("pk")
    waiting = Handoff.objects.filter(ended_at=None, in_team_queue=True, team_id__in=_teams_of(member))
    wanted = own.union(waiting.exclude(owner=member).values("pk"), all=True)
    rows = sorted(briefed().filter(pk__in=wanted), key=_by_deadline)
    return [row for row in rows if row.owner_id == member.pk], [row for row in rows if row.owner_id != member.pk]


def _by_deadline(handoff: Handoff) -> tuple[bool, datetime, int, int]:
    """The order of `queue`, for rows in hand."""
    return handoff.act_by is None, handoff.act_by or handoff.handed_off_at, -handoff.score, handoff.pk


def _teams_of(member: Member) -> QuerySet[Seat, Any]:
    return Seat.objects.filter(member=member, is_active=True).values("team_id")


def visible_handoff_for(member: Member, public_id: UUID) -> Handoff:
    """A hand-off, be it ended, that the member may see: one's own, one that waits or waited in one's team's queue, or any with
    the permission to view any queue. Raises: Handoff.DoesNotExist."""
    rows = briefed().filter(public_id=public_id)
    if member.may("view_any_queue"):
        return rows.get()
    return rows.get(Q(owner=member) | Q(in_team_queue=True, team_id__in=_teams_of(member)))


def workable_handoff_for(member: Member, public_id: UUID) -> Handoff:
    """A hand-off, be it ended, that the member may work: one's own, or any for those who may reassign.

    Raises: Handoff.DoesNotExist.
    """
    rows = briefed().filter(public_id=public_id)
    return rows.get() if member.may("reassign") else rows.get(owner=member)


def open_handoff_for(member: Member, public_id: UUID) -> Handoff:
    """The same, open ones only. Raises: Handoff.DoesNotExist."""
    found = workable_handoff_for(member, public_id)
    if found.ended_at is not None:
        raise Handoff.DoesNotExist("This hand-off has ended.")
    return found


def open_handoff_of(lead_id: int) -> Handoff | None:
    """The lead's open hand-off, if sales has it in hand."""
    return briefed().filter(lead_id=lead_id, ended_at=None).first()


def rows_of(member_id: int) -> list[listing.Row]:
    """The pulse's view of a member's open hand-offs; one index scan."""
    rows = Handoff.objects.filter(owner_id=member_id, ended_at=None)
    return list(rows.values_list("pk", "act_by", "handed_off_at"))


def owners_of(handoff_ids: Iterable[int]) -> list[int]:
    """Whose queues these hand-offs are in, or were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT owner_id FROM handoff_handoff WHERE workspace_id = %s AND id = ANY(%s::bigint[])",
            [tenancy.current().workspace_id, list(handoff_ids)],
        )
        return [owner_id for (owner_id,) in cursor.fetchall()]


def last_owners_of(lead_ids: Iterable[int], at: datetime) -> list[int]:
    """Who had these leads until `at`."""
    return list(Handoff.objects.filter(lead_id__in=list(lead_ids), ended_at=at).values_list("owner_id", flat=True))


def handoffs_of(lead_id: int) -> QuerySet[Handoff]:
    """All hand-offs of a lead, newest first."""
    return Handoff.objects.select_related("owner__user", "team").filter(lead_id=lead_id).order_by("-epoch")


def touches_of(lead_id: int) -> QuerySet[Touch]:
    """All touches of a lead, newest first."""
    return Touch.objects.select_related("member__user").filter(lead_id=lead_id).order_by("-occurred_at", "-id")


def open_step_of(lead_id: int) -> NextStep | None:
    """The lead's planned next step, if one is open."""
    return NextStep.objects.filter(lead_id=lead_id, done_at=None).first()


def steps_of(lead_id: int) -> QuerySet[NextStep]:
    """All next steps of a lead, newest first."""
    return NextStep.objects.select_related("member__user").filter(lead_id=lead_id).order_by("-planned_at", "-id")


def touch_of_key(key: str) -> Touch | None:
    """The touch that a form has already made, if it was sent before."""
    return Touch.objects.filter(key=key).first()


def seat_for(public_id: UUID) -> Seat:
    """One seat that is in the rotation. Raises: Seat.DoesNotExist."""
    return Seat.objects.select_related("member__user", "team").get(public_id=public_id, is_active=True)


def absences(at: datetime) -> QuerySet[Absence]:
    """Absences that are not over, soonest first."""
    return Absence.objects.select_related("member__user").filter(ends_at__gt=at).order_by("starts_at", "id")


def absence_for(member: Member, public_id: UUID) -> Absence:
    """One's own absence, or anybody's for those who manage teams. Raises: Absence.DoesNotExist."""
    rows = Absence.objects.select_related("member__user").filter(public_id=public_id)
    return rows.get() if member.may("manage_teams") else rows.get(member=member)


def handoffs_by_id(ids: Iterable[int]) -> QuerySet[Handoff]:
    """Hand-offs with their leads, owners and teams, in id order."""
    rows = Handoff.objects.select_related("lead__campaign", "lead__source", "lead__company", "lead__person", "team")
    return rows.filter(pk__in=list(ids)).order_by("pk")


class Given(NamedTuple):
    """What clocks see of a hand-off."""

    pk: int
    lead_id: int
    owner_id: int
    manager_id: int | None
    handed_off_at: datetime
    first_touch_at: datetime | None
    accepted_at: datetime | None


def given(ids: Iterable[int]) -> list[Given]:
    """Hand-offs as clocks see them, in id order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.id, h.lead_id, h.owner_id, t.manager_id, h.handed_off_at, h.first_touch_at, h.accepted_at "
            "FROM handoff_handoff h LEFT JOIN handoff_team t ON t.workspace_id = h.workspace_id AND t.id = h.team_id "
            "WHERE h.workspace_id = %s AND h.id = ANY(%s::bigint[]) ORDER BY h.id",
            [tenancy.current().workspace_id, list(ids)],
        )
        return [Given(*row) for row in cursor.fetchall()]
