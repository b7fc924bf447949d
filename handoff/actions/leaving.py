"""When a member leaves: seats, teams and leads go to those who stay."""

from datetime import datetime

from django.db import transaction

from handoff.actions import giving
from handoff.models import Handoff, Seat, Team
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member


@transaction.atomic
def move_on(member: Member, *, by: Member, at: datetime) -> int:
    """Gives the member's open hand-offs to the next in turn, else to the team's queue; returns how many.

    The member's seats are closed and teams get another manager first, so that nothing comes back.
    """
    Seat.objects.filter(member=member).update(is_active=False)
    stand_in = accounts.accountable(tenancy.current().workspace_id, "sales_manager")
    Team.objects.filter(manager=member).update(manager=stand_in)
    held = Handoff.objects.filter(owner=member, ended_at=None).order_by("lead_id")
    for handoff in held:
        _give_away(giving.locked(handoff), member, by, at)
    return len(held)


def _give_away(current: Handoff, member: Member, by: Member, at: datetime) -> None:
    to, why = giving.next_in_turn(current, at=at)
    giving.pass_on(
        current,
        to=to or giving.manager_of(current),
        explanation=f"{member.name} left; {why[0].lower()}{why[1:]}",
        by=by,
        at=at,
        in_team_queue=to is None,
    )
