"""What the board looks at, as its address says it; whatever is wrong in the address falls back to the whole."""

from collections.abc import Callable, Container
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotarider.accounts.models import Member
from quotarider.web.requests import WorkspaceRequest
from sla.queries.board import Period, Roster
from sla.queries.clocks import VERDICTS

DAYS = (7, 30, 90)
T = TypeVar("T")


class BoardFilter:
    """The choice of days, of a team or a rep, and of a verdict and an hour of the week."""

    periods = DAYS

    def __init__(self, request: WorkspaceRequest, roster: Roster) -> None:
        """Reads `days`, `team`, `rep`, `outcome`, `weekday` and `hour` from the query string."""
        self._given = request.GET
        self._now = request.now
        self.roster = roster
        self.days = self._one_of("days", int, DAYS) or DAYS[0]
        self.team = next((t for t in roster.teams if t.public_id == self._uuid("team")), None)
        self.rep = next((m for m in roster.members.values() if m.public_id == self._uuid("rep")), None)
        self.outcome = self._one_of("outcome", str, VERDICTS) or ""

    @property
    def owners(self) -> tuple[int, ...] | None:
        """The members chosen; None: everybody."""
        if self.rep:
            return (self.rep.pk,)
        return tuple(sorted(self.roster.seats[self.team.pk])) if self.team else None

    @property
    def hour(self) -> tuple[int | None, int | None]:
        """Weekday (1 is Monday) and hour of the deadlines asked for, or both None."""
        weekday, hour = self._one_of("weekday", int, range(1, 8)), self._one_of("hour", int, range(24))
        return (weekday, hour) if weekday is not None and hour is not None else (None, None)

    @property
    def reps(self) -> list[Member]:
        """Whom one can choose: everybody in a seat, of the chosen team or of all."""
        teams = [self.team] if self.team else self.roster.teams
        ids = {member_id for team in teams for member_id in self.roster.seats[team.pk]}
        return sorted((self.roster.members[pk] for pk in ids if pk in self.roster.members), key=lambda m: m.name)

    def period(self, zone: str) -> Period:
        """From so many days ago until now."""
        return Period(self._now - timedelta(days=self.days), self._now, zone, self.owners)

    def query(self, **other: object) -> str:
        """The choice as a query string, with some of it changed; None and empty leave out."""
        values = {
            "days": self.days,
            "team": self.team.public_id if self.team else None,
            "rep": self.rep.public_id if self.rep else None,
            **other,
        }
        return "?" + urlencode({name: value for name, value in values.items() if value not in (None, "")})

    @property
    def here(self) -> str:
        """The choice as it is."""
        return self.query()

    @property
    def in_words(self) -> str:
        """`Last 7 days, Team North`."""
        days = ngettext("Last %(days)s day", "Last %(days)s days", self.days) % {"days": self.days}
        whose = self.rep.name if self.rep else self.team.name if self.team else _("all teams")
        return f"{days}, {whose}"

    def _uuid(self, name: str) -> UUID | None:
        return self._read(name, UUID)

    def _one_of(self, name: str, kind: Callable[[str], T], known: Container[T]) -> T | None:
        value = self._read(name, kind)
        return value if value in known else None

    def _read(self, name: str, kind: Callable[[str], T]) -> T | None:
        try:
            return kind(self._given.get(name, ""))
        except ValueError:
            return None
