"""Which clocks start, are met, or fall away when something happens to a lead."""

from typing import Any

from handoff import queries as handoffs
from handoff.events import HandoffsMoved, LeadsHandedOff, LeadTouched, NextStepDone, NextStepPlanned
from leads.events import LeadsEnded, LeadsHeld, LeadsNurtured, LeadsReowned
from leads.queries import leads
from leads.rules.definition import default_definition
from quotarider.accounts import queries as accounts
from quotarider.tenancy.actions import WorkspaceFounded
from sla.actions import agreements, clocks
from sla.rules.terms import default_terms


def found_agreement(event: WorkspaceFounded) -> None:
    """A new workspace begins with the template, unsigned."""
    member = accounts.members(event.workspace_id).select_related("workspace").get(pk=event.member_id)
    agreements.revise(
        definition=default_definition(),
        terms=default_terms(member.workspace.timezone),
        summary="Template for software sold to small and mid-sized companies",
        by=member,
        at=event.at,
    )


def start_nurture_clocks(event: LeadsNurtured) -> None:
    """Marketing looks at a nurtured lead again, by a date."""
    clocks.cancel(event.lead_ids, "missing_facts", at=event.at)
    _start_marketings(event.lead_ids, "nurture_review", event)


def start_missing_facts_clocks(event: LeadsHeld) -> None:
    """Marketing supplies what is missing."""
    clocks.cancel(event.lead_ids, "nurture_review", at=event.at)
    _start_marketings(event.lead_ids, "missing_facts", event)


def _start_marketings(lead_ids: tuple[int, ...], kind: str, event: LeadsHeld | LeadsNurtured) -> None:
    seen = leads.seen(lead_ids)
    clocks.start([clocks.Start(pk, kind, one.owner_id, **_told(one)) for pk, one in seen.items()], at=event.at)


def _told(one: leads.Seen) -> dict[str, Any]:
    """What a promise can be matched by."""
    return {"band": one.band, "source": one.source, "campaign": one.campaign, "country": one.country}


def start_sales_clocks(event: LeadsHandedOff) -> None:
    """From the hand-off on sales owes: the first touch, or what was still owed when the lead changed hands."""
    given = handoffs.given(event.handoff_ids)
    clocks.meet([h.lead_id for h in given], "missing_facts", "return_decision", "nurture_review", met_at=event.at)
    seen = leads.seen([h.lead_id for h in given])
    clocks.start([_sales_start(h, seen[h.lead_id]) for h in given], at=event.at)


def _sales_start(h: handoffs.Given, seen: leads.Seen) -> clocks.Start:
    kind, due_at = "first_touch", None
    if h.accepted_at:
        step = handoffs.open_step_of(h.lead_id)
        kind, due_at = "next_step", step.due_at if step and step.due_at > h.handed_off_at else None
    elif h.first_touch_at:
        kind = "verdict"
    return clocks.Start(
        h.lead_id,
        kind,
        h.owner_id,
        handoff_id=h.pk,
        manager_id=h.manager_id,
        due_at=due_at,
        **_told(seen),
    )


def cancel_clocks_of_moved(event: HandoffsMoved) -> None:
    """What the former owner owed falls away; a breach stays on its record."""
    moved = handoffs.handoffs_by_id(event.ended_handoff_ids)
    clocks.cancel([h.lead_id for h in moved], at=event.at)


def meet_first_touch(event: LeadTouched) -> None:
    """The first touch is done, dated at the instant it counts from; a verdict is owed next."""
    if not event.is_first:
        return
    clocks.meet([event.lead_id], "first_touch", met_at=event.occurred_at)
    handoff = handoffs.given([event.handoff_id])[0]
    seen = leads.seen([handoff.lead_id])
    clocks.start([_sales_start(handoff, seen[handoff.lead_id])], at=event.at)


def start_next_step_clock(event: NextStepPlanned) -> None:
    """A dated next step is a clock like any other."""
    handoff = handoffs.handoffs_by_id([event.handoff_id])[0]
    step = handoffs.open_step_of(event.lead_id)
    if step is not None and handoff.accepted_at:
        clocks.cancel([event.lead_id], "next_step", at=event.at)
        clocks.start(
            [
                clocks.Start(
                    event.lead_id,
                    "next_step",
                    handoff.owner_id,
                    handoff_id=handoff.pk,
                    manager_id=handoff.team.manager_id if handoff.team else None,
                    due_at=step.due_at,
                )
            ],
            at=event.at,
        )


def meet_next_step(event: NextStepDone) -> None:
    """The planned step was done."""
    clocks.meet([event.lead_id], "next_step", met_at=event.at)


def cancel_clocks_of_ended(event: LeadsEnded) -> None:
    """Nobody owes anything on a lead that ended."""
    clocks.cancel(event.lead_ids, at=event.at)


def pass_clocks_on(event: LeadsReowned) -> None:
    """What is owed on a lead is owed by its new owner."""
    clocks.pass_on(event.lead_ids, owner_id=event.owner_id)
