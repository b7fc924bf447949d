"""What happens to leads. All carry batches of ids: one lead is a batch of one."""

from dataclasses import dataclass

from quotarider.events import Event


@dataclass(frozen=True)
class LeadsNurtured(Event):
    """Below the threshold, and marketing's: new ones, and ones that fell back."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True)
class LeadsHeld(Event):
    """At the threshold, but facts agreed on are missing: marketing's."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True)
class LeadsQualified(Event):
    """At the threshold with everything known (MQL): to be handed off now."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True)
class LeadsReowned(Event):
    """Marketing's leads got another owner."""

    lead_ids: tuple[int, ...]
    owner_id: int


@dataclass(frozen=True)
class LeadsEnded(Event):
    """Open leads that ended: won, lost or disqualified. Also history that was told its outcome."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True)
class DefinitionRevised(Event):
    """A new lead definition is in force: open leads are to be re-scored."""

    definition_id: int
