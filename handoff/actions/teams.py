"""Who is in the rotation, and who answers for its queue."""

from datetime import datetime

from django.db import transaction

from handoff.actions import giving
from handoff.models import Handoff, Seat, Team
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import DomainError


class SeatInvalid(DomainError):
    """A seat, or a team's queue, can't be given to this member."""


@transaction.atomic
def add_seat(team: Team, *, member: Member, by: Member, at: datetime) -> Seat:
    """Puts a member into the rotation; one who is in it stays. Raises: SeatInvalid."""
    if not member.may("work_queue"):
        raise SeatInvalid(f"{member.name} can’t work leads: choose an active rep or sales manager.", field="member")
    seat = giving.add_seat(team, member)
    audit.record("add seat", subject="team", subject_id=team.pk, by=by, at=at, data={"member": member.pk})
    return seat


@transaction.atomic
def remove_seat(seat: Seat, *, by: Member, at: datetime) -> None:
    """Takes a member out of the rotation; the leads in hand stay with them. Repeated, it changes nothing."""
    if Seat.objects.filter(pk=seat.pk, is_active=True).update(is_active=False):
        data = {"member": seat.member_id}
        audit.record("remove seat", subject="team", subject_id=seat.team_id, by=by, at=at, data=data)


@transaction.atomic
def change_manager(team: Team, *, manager: Member, by: Member, at: datetime) -> None:
    """Another member answers for the team; what waits in its queue goes with it. Raises: SeatInvalid."""
    if not manager.may("reassign"):
        raise SeatInvalid(f"{manager.name} can’t manage a team: choose an active sales manager.", field="manager")
    if not Team.objects.filter(pk=team.pk).exclude(manager=manager).update(manager=manager):
        return
    data = {"from": team.manager_id, "to": manager.pk}
    audit.record("change manager", subject="team", subject_id=team.pk, by=by, at=at, data=data)
    waiting = Handoff.objects.filter(team=team, in_team_queue=True, ended_at=None).exclude(owner=manager)
    for handoff in waiting.order_by("lead_id"):
        explanation = f"Waits in the queue of {team.name}; {manager.name} answers for it now"
        current = giving.locked(handoff)
        giving.pass_on(current, to=manager, explanation=explanation, by=by, at=at, in_team_queue=True)
