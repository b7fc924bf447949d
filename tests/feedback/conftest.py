from tests.handoff.conftest import colleague, fresh, given, team

__all__ = ["colleague", "fresh", "given", "team"]
