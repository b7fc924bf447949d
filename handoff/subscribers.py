"""What handing off does when something happens elsewhere."""

from handoff.actions import giving
from leads.events import LeadsEnded, LeadsQualified
from quotarider.accounts import queries as accounts
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
