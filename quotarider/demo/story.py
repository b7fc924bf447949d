"""The simulation: what falls due in the order of its time, told through the same actions as everything else.

Each piece is told on its own, from the arrival of its leads to the demo's present, in one transaction: the
drivers of the clocks see either none of it or all of it, with every step that has passed on record.
"""

import hashlib
import heapq
import itertools
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.db import connection

from handoff.models import Handoff
from leads.actions import intake
from leads.models import Lead
from leads.rules import candidate, states
from quotarider import tenancy
from quotarider.demo import marketing, sales
from quotarider.demo.arrivals import Arrival
from quotarider.demo.world import World
from sla.actions import enforcing

Act = Callable[[datetime], None]


@dataclass
class Case:
    """One lead as the story knows it: how it came, its own dice, what was already reacted to."""

    arrival: Arrival
    dice: random.Random
    handoffs: set[int] = field(default_factory=set)
    is_held: bool = False
    is_reviewed: bool = False
    has_later: bool = False


class Story:
    """Events in the order of their time, up to `end`; those after it never happen."""

    def __init__(self, world: World, *, end: datetime, quiet_from: datetime, tells: bool) -> None:
        """After `quiet_from` nothing new is given to reps; `tells`: the steps of the clocks leave notices."""
        self.world, self.end, self.quiet_from, self.tells = world, end, quiet_from, tells
        self.dice = random.Random(f"{world.seed}:story")
        self.cases: dict[int, Case] = {}
        self.signals: dict[datetime, list[marketing.Later]] = {}
        self._heap: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()

    def at(self, when: datetime, act: Act, *, gives: bool = False) -> None:
        """Plans an act. `gives`: a rep may get a lead by it."""
        if when <= (self.quiet_from if gives else self.end):
            heapq.heappush(self._heap, (when, next(self._order), act))

    def expect(self, arrivals: Iterable[Arrival]) -> None:
        """Plans the arrivals; those of one door at one instant come as a batch."""
        for (when, _source), batch in itertools.groupby(
            sorted(arrivals, key=lambda a: (a.at, a.source, a.external_id)), key=lambda a: (a.at, a.source)
        ):
            self.at(when, partial(self.receive, list(batch)), gives=True)

    def run(self) -> None:
        """Lets everything happen, the clocks' steps between."""
        while self._heap:
            when, _, act = heapq.heappop(self._heap)
            self._sweep(when)
            act(when)
        self._sweep(self.end)

    def receive(self, arrivals: Sequence[Arrival], at: datetime) -> None:
        """Leads of one door arrive, and everybody does their part."""
        ids = self.take_in(arrivals, at)
        for lead_id, arrival in zip(ids, arrivals, strict=True):
            dice = random.Random(f"{self.world.seed}:case:{arrival.external_id}")
            self.cases.setdefault(lead_id, Case(arrival, dice))
        self.look(ids, at)

    def take_in(self, arrivals: Sequence[Arrival], at: datetime) -> list[int]:
        """Leads of one door arrive; returns their ids. Nobody reacts yet."""
        source = self.world.sources[arrivals[0].source]
        received = intake.receive([_read(arrival, at) for arrival in arrivals], source=source, at=at)
        return [answer.lead_id for answer in received]

    def look(self, lead_ids: Iterable[int], at: datetime) -> None:
        """Everybody looks at what became of these leads, and plans what they will do about it."""
        ids = sorted(set(lead_ids))
        given = {h.lead_id: h for h in Handoff.objects.filter(lead_id__in=ids, ended_at=None).select_related("owner")}
        for lead in Lead.objects.filter(pk__in=ids, state__in=states.OPEN).order_by("pk"):
            case, handoff = self.cases.get(lead.pk), given.get(lead.pk)
            if case is None:
                continue
            if handoff and handoff.pk not in case.handoffs:
                case.handoffs.add(handoff.pk)
                sales.given(self, case, handoff, at)
            elif lead.state in (states.HELD, states.NURTURING):
                marketing.has(self, case, lead, at)
            marketing.expect_more(self, case, lead, at)

    def _sweep(self, to: datetime) -> None:
        workspace_id = tenancy.current().workspace_id
        while (due := _next_due(workspace_id)) is not None and due < to:
            seen = min(to, due + timedelta(seconds=self.dice.uniform(0.2, 0.9)))
            enforcing.sweep(at=seen, workspace_id=workspace_id, tell=self.tells)


def _next_due(workspace_id: int) -> datetime | None:
    """When the next step of a clock falls due; asked before each event, so without the ORM's detours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(next_step_at) FROM sla_clock WHERE workspace_id = %s AND met_at IS NULL "
            "AND cancelled_at IS NULL AND parked_at IS NULL",
            [workspace_id],
        )
        due: datetime | None = cursor.fetchone()[0]
        return due


def _read(arrival: Arrival, at: datetime) -> intake.Arrival:
    sent = json.dumps(arrival.payload, sort_keys=True, ensure_ascii=False).encode()
    return intake.Arrival(
        candidate.read(arrival.payload, default_country="DE", at=at), arrival.payload, hashlib.sha256(sent).hexdigest()
    )
