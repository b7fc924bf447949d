"""A sales team and leads in its hands, through the actions that give them. Call inside a workspace's scope."""

from datetime import datetime
from typing import Any

from handoff import queries
from handoff.actions import giving, touching
from handoff.models import Handoff, Team
from quotarider.accounts.models import Member
from tests.factories import leads


def team(manager: Member, *reps: Member) -> Team:
    """The default team under its manager, the reps in its rotation."""
    found = queries.default_team()
    found.manager = manager
    found.save()
    for rep in reps:
        giving.add_seat(found, rep)
    return found


def handoff(*, at: datetime, touched_by: Member | None = None, **given: Any) -> Handoff:
    """A hot lead just handed off to whoever is next in turn; `touched_by`: who reached it already."""
    lead = leads.lead(at=at, **{**leads.QUALIFIED, **given})
    found = Handoff.objects.select_related("lead__person", "owner__user").get(lead=lead, ended_at=None)
    if touched_by:
        touching.touch(found, touching.Attempt("call", "reached"), by=touched_by, at=at)
    return found
