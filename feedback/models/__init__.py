"""The last stage's tables."""

from feedback.models.reasons import Reason
from feedback.models.verdicts import Outcome, Verdict

__all__ = ["Outcome", "Reason", "Verdict"]
