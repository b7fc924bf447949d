from tests.races.together import reps, together
from tests.sla.conftest import hand_off, seated, tuesday

__all__ = ["hand_off", "reps", "seated", "together", "tuesday"]
