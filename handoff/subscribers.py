"""What handing off does when something happens elsewhere."""

from handoff import queries
from handoff.actions import giving, leaving, pulse
from handoff.events import HandoffsMoved, LeadsHandedOff, LeadTouched, NextStepPlanned
from leads.events import LeadsEnded, LeadsQualified
from quotarider.accounts import queries as accounts
from quotarider.accounts.events import MemberLeft
from quotarider.tenancy.actions import WorkspaceFounded


def hand_off_qualified(event: LeadsQualified) -> None:
    """MQLs with everything known go to the next available rep."""
    giving.hand_off(event.lead_ids, at=event.at)


def end_handoffs(event: LeadsEnded) -> None:
    """A lead that ended is in nobody's hands."""
    giving.end_of_leads(event.lead_ids, how="ended", at=event.at)


def found_team(event: WorkspaceFounded) -> None:
    """A new workspace has one team; its creator answers for the queue."""
    giving.found_team(accounts.members(event.workspace_id).get(pk=event.member_id))


def move_on(event: MemberLeft) -> None:
    """What a rep who leaves had in hand goes to those who stay."""
    members = accounts.members(event.workspace_id)
    leaving.move_on(members.get(pk=event.member_id), by=members.get(pk=event.by_id), at=event.at)


def show_given(event: LeadsHandedOff) -> None:
    """New leads show in their owners' queues at once."""
    pulse.changed(queries.owners_of(event.handoff_ids))


def show_moved(event: HandoffsMoved) -> None:
    """Leads that moved on leave their former owners' queues at once."""
    pulse.changed(queries.owners_of(event.ended_handoff_ids))


def show_worked(event: LeadTouched | NextStepPlanned) -> None:
    """What was done shows wherever the queue is open."""
    pulse.changed(queries.owners_of([event.handoff_id]))


def show_ended(event: LeadsEnded) -> None:
    """Leads that ended leave their last owners' queues at once."""
    pulse.changed(queries.last_owners_of(event.lead_ids, event.at))
