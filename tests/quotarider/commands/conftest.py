from tests.sla.conftest import hand_off, seated, tuesday

__all__ = ["hand_off", "seated", "tuesday"]
