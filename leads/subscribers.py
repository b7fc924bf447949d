"""What the first stage does when something happens elsewhere."""

from leads.actions import owning
from leads.events import DefinitionRevised
from quotarider.accounts.events import MemberLeft
from quotarider.tenancy.tasks import enqueue


def rescore_open_leads(event: DefinitionRevised) -> None:
    """After commit, in pieces: a new definition may concern a million leads."""
    enqueue("leads.tasks.rescore_after_revision", workspace_id=event.workspace_id, definition_id=event.definition_id)


def give_away(event: MemberLeft) -> None:
    """What a marketer who leaves answered for gets another owner."""
    owning.give_away(event.member_id, at=event.at)
