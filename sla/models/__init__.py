"""The third stage's tables."""

from sla.models.agreement import Agreement
from sla.models.clocks import Clock, Heartbeat, Step

__all__ = ["Agreement", "Clock", "Heartbeat", "Step"]
