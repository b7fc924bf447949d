"""What the story finds in the workspace: people, reasons, doors, calendars."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from feedback.models import Reason
from handoff import queries as handoffs
from leads.models import Source
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.demo import cast
from sla.queries import agreement as agreements
from sla.rules import business_time
from sla.rules.business_time import Absences
from sla.rules.calendar import Calendar


@dataclass(frozen=True)
class World:
    """The demo's workspace as the story needs it; `absences` are by member id, `calendars` from their instants on."""

    seed: int
    members: dict[str, Member]
    disciplines: dict[int, cast.Discipline]
    reasons: dict[tuple[str, str], Reason]
    sources: dict[str, Source]
    absences: dict[int, Absences]
    calendars: list[tuple[datetime, Calendar]]

    @classmethod
    def load(cls, seed: int, *, since: datetime) -> Self:
        """Reads it, in the workspace's scope."""
        members = {
            m.user.email: m for m in accounts.members(tenancy.current().workspace_id).select_related("workspace")
        }
        reps = {members[player.email].pk: discipline for player, discipline in cast.REPS.items()}
        versions = agreements.versions().order_by("version")
        return cls(
            seed=seed,
            members={player.key: members[player.email] for player in cast.CAST},
            disciplines=reps,
            reasons={(reason.use, reason.label): reason for reason in Reason.objects.all()},
            sources={source.slug: source for source in Source.objects.all()},
            absences=handoffs.absences_of(reps, from_=since),
            calendars=[(version.in_force_from, agreements.terms(version).calendar) for version in versions],
        )

    def member(self, pk: int) -> Member:
        """The member of that id."""
        return next(member for member in self.members.values() if member.pk == pk)

    def after(self, at: datetime, minutes: float, *, of: int | None = None) -> datetime:
        """The instant by which so many business minutes of a member (else of the company) have passed."""
        calendar = [calendar for since, calendar in self.calendars if since <= at][-1]
        away = self.absences.get(of, ()) if of else ()
        return business_time.deadline(calendar, at, timedelta(minutes=minutes), away)
