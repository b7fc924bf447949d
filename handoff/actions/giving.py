"""Handing leads off: the next available rep, the context packet, the state."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from handoff import queries
from handoff.events import HandoffsMoved, LeadsHandedOff
from handoff.models import Handoff, Seat, Team
from handoff.rules import packet, routing
from leads.actions import moving
from leads.models import Lead
from leads.queries import definition as definitions
from leads.rules import states
from leads.rules.definition import Definition
from quotarider import events, tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit_actions
from quotarider.errors import Conflict
from quotarider.tenancy import bulk


class HandoffEnded(Conflict):
    """The hand-off was ended by somebody or something faster."""


@transaction.atomic(savepoint=False)
def hand_off(lead_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Gives qualified leads to the next available reps, else to the team's queue under its manager.

    1. Write the hand-offs and move the leads (lead rows are locked first, the roster's lock is the last and shortest).
    2. Tell: the clocks start in the same transaction.

    Returns the ids of the new hand-offs. Leads that are no longer marketing's are left alone.
    """
    leads = queries.to_give(lead_ids)
    if not leads:
        return []
    definition = definitions.parsed(definitions.in_force(at))
    team = queries.default_team()
    choices = _share_out(team, len(leads), at)
    return _give(leads, choices, team, definition, at)


def _share_out(team: Team, count: int, at: datetime) -> list[routing.Choice]:
    candidates = queries.candidates(team, at)
    choices = routing.share_out(candidates, count, at=at)
    if any(choice.seat_id for choice in choices):
        _count_given(candidates, at)
    return choices


def _count_given(candidates: Sequence[routing.Candidate], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE handoff_seat s SET given = c.given, last_given_at = %s FROM unnest(%s::bigint[], %s::int[]) "
            "AS c(id, given) WHERE s.workspace_id = %s AND s.id = c.id AND s.given <> c.given",
            [at, [c.seat_id for c in candidates], [c.given for c in candidates], tenancy.current().workspace_id],
        )


def _give(
    leads: Sequence[tuple[Lead, int]],
    choices: Sequence[routing.Choice],
    team: Team,
    definition: Definition,
    at: datetime,
) -> list[int]:
    new = [
        Handoff(
            lead=lead,
            epoch=epoch,
            owner_id=choice.member_id or team.manager_id,
            team=team,
            in_team_queue=choice.member_id is None,
            score=lead.score or 0,
            band=lead.band,
            packet=packet.packet(definition, persona=lead.persona, trigger_events=lead.trigger_events),
            explanation=choice.why[:300],
            handed_off_at=at,
        )
        for (lead, epoch), choice in zip(leads, choices, strict=True)
    ]
    bulk.insert(new)
    moving.move([moving.Move(h.lead_id, states.HANDED_OFF, h.owner_id, h.in_team_queue) for h in new], at=at)
    ids = tuple(h.pk for h in new)
    events.publish(LeadsHandedOff(tenancy.current().workspace_id, at, ids))
    return list(ids)


@transaction.atomic
def hand_over(handoff: Handoff, *, to: Member, why: str, by: Member, at: datetime) -> Handoff:
    """Gives an open hand-off to a named colleague; the lead keeps its state, the next epoch begins.

    Raises: HandoffEnded, also when somebody accepted the lead since `handoff` was read.
    """
    current = unchanged(handoff)
    return pass_on(current, to=to, explanation=f"Handed over by {by.name}" + (f": {why}" if why else ""), by=by, at=at)


@transaction.atomic
def take(handoff: Handoff, *, by: Member, at: datetime) -> Handoff:
    """A rep takes a lead out of the team's queue. Raises: HandoffEnded when somebody was faster."""
    current = locked(handoff)
    if not current.in_team_queue:
        raise HandoffEnded(f"{current.owner.name} has this lead already.")
    return pass_on(current, to=by, explanation=f"{by.name} took it from the team’s queue", by=by, at=at)


def next_in_turn(handoff: Handoff, *, at: datetime) -> tuple[Member | None, str]:
    """Who of the hand-off's team is next (None: nobody is in), and why; counted as given."""
    choice = _share_out(handoff.team or queries.default_team(), 1, at)[0]
    found = accounts.members(tenancy.current().workspace_id).filter(pk=choice.member_id or 0).first()
    return found, choice.why


def manager_of(handoff: Handoff) -> Member:
    """Who answers for the queue of the hand-off's team."""
    return (handoff.team or queries.default_team()).manager


def pass_on(
    current: Handoff, *, to: Member, explanation: str, by: Member, at: datetime, in_team_queue: bool = False
) -> Handoff:
    """Ends a locked, open hand-off and begins the next one, with what was done so far."""
    end([current.pk], how="handed_over", at=at)
    new = Handoff.objects.create(
        lead=current.lead,
        epoch=current.epoch + 1,
        owner=to,
        team_id=current.team_id,
        in_team_queue=in_team_queue,
        score=current.lead.score or 0,
        band=current.lead.band,
        packet=current.packet,
        explanation=explanation[:300],
        handed_off_at=at,
        first_touch_at=current.first_touch_at,
        accepted_at=current.accepted_at,
    )
    Lead.objects.filter(pk=current.lead_id).update(owner=to, in_team_queue=in_team_queue)
    data = {"lead": current.lead_id, "from": current.owner_id, "to": to.pk}
    audit_actions.record("hand over", subject="handoff", subject_id=new.pk, by=by, at=at, data=data)
    workspace_id = tenancy.current().workspace_id
    events.publish(HandoffsMoved(workspace_id, at, (current.pk,)))
    events.publish(LeadsHandedOff(workspace_id, at, (new.pk,)))
    return new


def locked(handoff: Handoff) -> Handoff:
    """The open hand-off as it is now, behind its lead's row lock. Raises: HandoffEnded."""
    Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=handoff.lead_id)
    found = Handoff.objects.filter(pk=handoff.pk).select_related("lead__campaign", "owner__user").get()
    require_open(found)
    return found


def unchanged(handoff: Handoff) -> Handoff:
    """The same, for what must not follow an acceptance that its author did not know of. Raises: HandoffEnded."""
    current = locked(handoff)
    if current.accepted_at != handoff.accepted_at:
        raise HandoffEnded(f"{current.owner.name}’s lead was accepted a moment ago. Reload to see where it is.")
    return current


def require_open(handoff: Handoff) -> None:
    """Raises: HandoffEnded for a hand-off that has ended, saying who has the lead now."""
    if handoff.ended_at is None:
        return
    now = queries.open_handoff_of(handoff.lead_id)
    if now is None:
        raise HandoffEnded("This lead is no longer with sales: it went back to marketing, or it ended.")
    raise HandoffEnded(f"{now.owner.name} has this lead now. {now.explanation}.")


def end(handoff_ids: Sequence[int], *, how: str, at: datetime) -> None:
    """Ends open hand-offs. Raises: HandoffEnded when one of them has ended already."""
    ended = Handoff.objects.filter(pk__in=handoff_ids, ended_at=None).update(
        ended_at=at, ended_as=how, act_by=None, act_on=""
    )
    if ended != len(handoff_ids):
        raise HandoffEnded("This lead has been handed to somebody else in the meantime. Reload the queue.")


def end_of_leads(lead_ids: Sequence[int], *, how: str, at: datetime) -> None:
    """Ends whatever hand-offs of these leads are still open."""
    Handoff.objects.filter(lead_id__in=lead_ids, ended_at=None).update(
        ended_at=at, ended_as=how, act_by=None, act_on=""
    )


@transaction.atomic
def found_team(manager: Member) -> Team:
    """The default team of a new workspace, its creator answering for the queue."""
    return Team.objects.create(name="Sales", manager=manager, is_default=True)


@transaction.atomic
def add_seat(team: Team, member: Member) -> Seat:
    """Puts a rep into a team's rotation, starting level with who was given the fewest."""
    fewest = Seat.objects.filter(team=team, is_active=True).order_by("given").values_list("given", flat=True).first()
    seat, _ = Seat.objects.get_or_create(team=team, member=member, defaults={"given": fewest or 0})
    Seat.objects.filter(pk=seat.pk, is_active=False).update(is_active=True, given=max(seat.given, fewest or 0))
    return seat
