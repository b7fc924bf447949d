"""What the last stage does when something happens earlier."""

from feedback.actions import outcomes, reasons
from leads.events import LeadsEnded
from quotarider.tenancy.actions import WorkspaceFounded


def found_reasons(event: WorkspaceFounded) -> None:
    """A new workspace begins with the usual reasons."""
    reasons.found(at=event.at)


def note_outcomes(event: LeadsEnded) -> None:
    """Leads that ended elsewhere (told with an import, disqualified by rule) get their outcome on record."""
    outcomes.note_ended(event.lead_ids, at=event.at)
