"""The second stage's tables."""

from handoff.models.handoffs import Handoff, NextStep, Touch
from handoff.models.teams import Absence, Seat, Team

__all__ = ["Absence", "Handoff", "NextStep", "Seat", "Team", "Touch"]
