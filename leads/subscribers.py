"""What the first stage does when something happens elsewhere."""

from leads.events import DefinitionRevised
from quotarider.tenancy.tasks import enqueue


def rescore_open_leads(event: DefinitionRevised) -> None:
    """After commit, in pieces: a new definition may concern a million leads."""
    enqueue("leads.tasks.rescore_after_revision", workspace_id=event.workspace_id, definition_id=event.definition_id)
