"""One lead as sent, checked and normalised, whatever door it came through."""

from leads.rules.candidate.parts import MAX_TOUCHPOINTS, OUTCOMES, TEXT_LIMITS, Candidate, InvalidLead, SentTouchpoint
from leads.rules.candidate.reading import read, read_touchpoint

__all__ = [
    "MAX_TOUCHPOINTS",
    "OUTCOMES",
    "TEXT_LIMITS",
    "Candidate",
    "InvalidLead",
    "SentTouchpoint",
    "read",
    "read_touchpoint",
]
