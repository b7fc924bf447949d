"""What happens to seats."""

from dataclasses import dataclass

from quotarider.events import Event


@dataclass(frozen=True)
class MemberLeft(Event):
    """A seat was closed, or changed sides: what its member had in hand goes to somebody else."""

    member_id: int
    by_id: int
