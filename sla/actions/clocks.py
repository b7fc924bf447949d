"""Starting, meeting and cancelling clocks. The only writers of a clock, beside the sweep, which only records steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from handoff import queries as handoffs
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import Conflict
from quotarider.tenancy import bulk
from sla.models import Agreement, Clock
from sla.queries import agreement as agreements
from sla.rules import business_time, kinds, ladder
from sla.rules.business_time import Absences
from sla.rules.terms import Promise, Terms


class NotParked(Conflict):
    """The clock is not parked (any more)."""


@dataclass(frozen=True)
class Start:
    """A clock to be started: on which lead, who owes, what the policy match sees, a fixed deadline if there is one."""

    lead_id: int
    kind: str
    owner_id: int
    handoff_id: int | None = None
    manager_id: int | None = None
    band: str = ""
    source: str = ""
    campaign: str = ""
    country: str = ""
    due_at: datetime | None = None


@transaction.atomic(savepoint=False)
def start(starts: Sequence[Start], *, at: datetime) -> None:
    """Starts clocks under the Agreement in force; a lead that has one of the kind running keeps it.

    All instants of the ladder are computed here, once, in business time.
    """
    if not starts:
        return
    agreement = agreements.in_force(at)
    terms = agreements.terms(agreement)
    absences = handoffs.absences_of({s.owner_id for s in starts}, from_=at)
    marketing = None
    if any(kinds.KINDS[s.kind].side == "marketing" and not s.manager_id for s in starts):
        marketing = accounts.accountable(tenancy.current().workspace_id, "marketing_manager", "marketer").pk
    bulk.insert(
        [_clock(s, agreement, terms, absences.get(s.owner_id, ()), marketing, at) for s in starts], skip_known=True
    )
    refresh_queue([s.lead_id for s in starts if kinds.KINDS[s.kind].side == "sales"])


def _clock(
    s: Start, agreement: Agreement, terms: Terms, absences: Absences, marketing: int | None, at: datetime
) -> Clock:
    promise = terms.promise(s.kind, band=s.band, source=s.source, campaign=s.campaign, country=s.country)
    rungs = terms.ladder_of(s.kind)
    due_at, step_at = _instants(s, promise, rungs, terms, absences, at)
    return Clock(
        lead_id=s.lead_id,
        handoff_id=s.handoff_id,
        kind=s.kind,
        owner_id=s.owner_id,
        manager_id=s.manager_id or (marketing if kinds.KINDS[s.kind].side == "marketing" else None),
        agreement=agreement,
        policy=promise.name[:80],
        started_at=at,
        business_seconds=promise.minutes * 60,
        due_at=due_at,
        steps=[rung.kind for rung in rungs.rungs],
        step_at=step_at,
        next_step_at=step_at[0],
    )


def _instants(
    s: Start, promise: Promise, rungs: ladder.Ladder, terms: Terms, absences: Absences, at: datetime
) -> tuple[datetime, list[datetime]]:
    if s.due_at is not None:  # a date that was chosen: shares of the way there, offsets in business time after it
        return s.due_at, [_towards(s.due_at, rung, terms, at) for rung in rungs.rungs]
    step_at = ladder.instants(terms.calendar, at, timedelta(minutes=promise.minutes), rungs, absences)
    return step_at[[rung.kind for rung in rungs.rungs].index("late")], list(step_at)


def _towards(due_at: datetime, rung: ladder.Rung, terms: Terms, at: datetime) -> datetime:
    if rung.share is not None:
        return due_at - (due_at - at) * (1 - rung.share)
    single = ladder.Ladder((ladder.Rung("late", share=1), rung))
    return ladder.instants(terms.calendar, due_at, timedelta(0), single)[-1]


@transaction.atomic(savepoint=False)
def meet(lead_ids: Iterable[int], *names: str, met_at: datetime) -> list[int]:
    """The obligation of these kinds was fulfilled, at an instant that may lie a little back; returns the lead ids.

    A touch wins a tie. A lateness that was told meanwhile is withdrawn when the instant proves it wrong.
    The business time that it took is stored, by the calendar and the absences that the clock ran under.
    """
    found = _running(lead_ids, names)
    if not found:
        return []
    _end(found, met_at, taken=_taken(found, met_at))
    refresh_queue([clock.lead_id for clock in found if kinds.KINDS[clock.kind].side == "sales"])
    return list(dict.fromkeys(clock.lead_id for clock in found))


def _running(lead_ids: Iterable[int], names: Sequence[str]) -> list[Clock]:
    """The running clocks of these leads, of these kinds if any are named, locked in id order."""
    rows = bulk.fetch(
        "SELECT {c}, a.public_id FROM sla_clock c "
        "JOIN sla_agreement a ON a.workspace_id = c.workspace_id AND a.id = c.agreement_id "
        "WHERE c.workspace_id = %s AND c.lead_id = ANY(%s::bigint[]) AND c.met_at IS NULL AND c.cancelled_at IS NULL "
        "AND (%s OR c.kind = ANY(%s::varchar[])) ORDER BY c.id FOR UPDATE OF c",
        [tenancy.current().workspace_id, list(lead_ids), not names, list(names)],
        c=Clock,
    )
    for clock, agreement_id in rows:
        clock.agreement = agreements.known(agreement_id)
    return [clock for clock, _ in rows]


def _taken(met: Sequence[Clock], met_at: datetime) -> list[int]:
    """Business seconds from each clock's start until it was met."""
    absences = handoffs.absences_of({clock.owner_id for clock in met}, from_=min(clock.started_at for clock in met))
    return [
        int(_elapsed(clock, max(met_at, clock.started_at), absences.get(clock.owner_id, ())).total_seconds())
        for clock in met
    ]


def _elapsed(clock: Clock, until: datetime, absences: Absences) -> timedelta:
    calendar = agreements.terms(clock.agreement).calendar
    return business_time.elapsed(calendar, clock.started_at, until, absences)


@transaction.atomic(savepoint=False)
def cancel(lead_ids: Iterable[int], *names: str, at: datetime) -> None:
    """The obligation fell away (of these kinds, or of all)."""
    found = _running(lead_ids, names)
    if found:
        _end(found, at)
        refresh_queue([clock.lead_id for clock in found if kinds.KINDS[clock.kind].side == "sales"])


def _end(locked: Sequence[Clock], at: datetime, *, taken: Sequence[int] | None = None) -> None:
    """Ends clocks whose rows are locked: met where `taken` is given, else cancelled.

    The end is recorded at the database's time of writing: behind the row's lock, so no step can be noticed after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sla_clock c
               SET met_at = CASE WHEN %(is_met)s THEN greatest(c.started_at, %(at)s) END,
                   cancelled_at = CASE WHEN NOT %(is_met)s THEN %(at)s END,
                   withdrawn_at = CASE WHEN %(is_met)s AND c.breached_at IS NOT NULL AND c.due_at >= %(at)s
                                       THEN %(at)s END,
                   taken_seconds = e.taken,
                   end_recorded_at = greatest(%(at)s, clock_timestamp() + (app_now() - statement_timestamp())),
                   next_step_at = NULL
              FROM unnest(%(ids)s::bigint[], %(taken)s::int[]) AS e(id, taken)
             WHERE c.workspace_id = %(workspace)s AND c.id = e.id
            """,
            {
                "at": at,
                "is_met": taken is not None,
                "ids": [clock.pk for clock in locked],
                "taken": [None] * len(locked) if taken is None else list(taken),
                "workspace": tenancy.current().workspace_id,
            },
        )


@transaction.atomic
def retry(clock: Clock, *, by: Member, at: datetime) -> None:
    """Puts a parked clock back into the sweep, its failures forgotten. Raises: NotParked."""
    if not Clock.objects.filter(pk=clock.pk, parked_at__isnull=False).update(parked_at=None, failures=0):
        raise NotParked("This clock is running again already. Reload the board.")
    audit.record("retry clock", subject="clock", subject_id=clock.pk, by=by, at=at, data={"lead": clock.lead_id})


@transaction.atomic
def pass_on(lead_ids: Iterable[int], *, owner_id: int) -> None:
    """The running clocks of these leads are another member's; deadlines and breaches stay."""
    locked = _running(lead_ids, [])
    Clock.objects.filter(pk__in=[clock.pk for clock in locked]).update(owner_id=owner_id)


def refresh_queue(lead_ids: Sequence[int]) -> None:
    """Writes the nearest deadline of sales' clocks into the open hand-offs, which the queue is sorted by."""
    if not lead_ids:
        return
    sales = [name for name, kind in kinds.KINDS.items() if kind.side == "sales"]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH nearest AS (
                SELECT DISTINCT ON (lead_id) lead_id, due_at, kind FROM sla_clock
                 WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(leads)s::bigint[]) AND kind = ANY(%(sales)s)
                   AND met_at IS NULL AND cancelled_at IS NULL
                 ORDER BY lead_id, due_at
            )
            UPDATE handoff_handoff h SET act_by = n.due_at, act_on = coalesce(n.kind, '')
              FROM unnest(%(leads)s::bigint[]) AS l(id) LEFT JOIN nearest n ON n.lead_id = l.id
             WHERE h.workspace_id = %(workspace)s AND h.lead_id = l.id AND h.ended_at IS NULL
               AND (h.act_by IS DISTINCT FROM n.due_at OR h.act_on IS DISTINCT FROM coalesce(n.kind, ''))
            """,
            {"sales": sales, "leads": list(lead_ids), "workspace": tenancy.current().workspace_id},
        )
