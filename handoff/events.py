"""What happens between marketing's hands and sales'."""

from dataclasses import dataclass
from datetime import datetime

from quotarider.events import Event


@dataclass(frozen=True)
class LeadsHandedOff(Event):
    """MQLs were given to owners; the clocks start."""

    handoff_ids: tuple[int, ...]


@dataclass(frozen=True)
class LeadTouched(Event):
    """A touch was recorded. `occurred_at` is the instant it counts from; `is_first` of this hand-off."""

    lead_id: int
    handoff_id: int
    touch_id: int
    occurred_at: datetime
    is_first: bool


@dataclass(frozen=True)
class NextStepPlanned(Event):
    """The owner said what comes next and when."""

    lead_id: int
    handoff_id: int
    next_step_id: int


@dataclass(frozen=True)
class NextStepDone(Event):
    """The planned step was done (by a touch, or by saying so)."""

    lead_id: int
    handoff_id: int
    next_step_id: int


@dataclass(frozen=True)
class HandoffsMoved(Event):
    """Open hand-offs ended because the lead went to another owner; the new ones are in LeadsHandedOff."""

    ended_handoff_ids: tuple[int, ...]
