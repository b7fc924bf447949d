"""What the reps do with what they are given."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from feedback.actions import outcomes, verdicts
from handoff.actions import touching
from handoff.models import Handoff, NextStep
from leads.rules import states
from quotarider.demo import cast, dice, marketing, words
from quotarider.demo.arrivals import ZONE

if TYPE_CHECKING:
    from quotarider.demo.story import Case, Story

ANYBODY = cast.Discipline(20, 0.6, 0.1)
WARM = 3.6  # a warm lead waits so many times longer
NOT_REACHED = {"voicemail": 40, "no_answer": 45}
REJECTS = {  # chances among all rejects that the lead itself doesn't suggest
    "Not now, later": 26,
    "No budget": 14,
    "Can't decide, won't introduce": 10,
    "No problem that we solve": 18,
    "Committed to a competitor": 12,
    "Wrong industry": 6,
    "Wrong or dead contact data": 6,
    "Duplicate": 3,
    "Something else": 4,
}
LOSSES = {
    "Too expensive": 22,
    "Chose a competitor": 20,
    "Lacks a feature": 12,
    "No decision was made": 26,
    "Postponed": 12,
    "Budget withdrawn": 9,
    "Not the right customer": 5,
}


def given(story: "Story", case: "Case", handoff: Handoff, at: datetime) -> None:
    """A rep has a new lead: the first touch, a verdict, or the next step is theirs."""
    discipline = story.world.disciplines.get(handoff.owner_id, ANYBODY)
    minutes = discipline.median * (1 if handoff.band == "hot" else WARM)
    minutes *= case.dice.lognormvariate(0, discipline.spread)
    local = at.astimezone(ZONE)
    if discipline.dreads_fridays and local.weekday() == 4 and local.hour >= 13:
        minutes *= case.dice.uniform(5, 25)
    if case.dice.random() < discipline.forgets:
        minutes += case.dice.uniform(90, 500)
    opened = story.world.after(at, minutes, of=handoff.owner_id)
    takes = timedelta(seconds=case.dice.randint(40, 420))
    story.at(opened + takes, partial(_attempt, story, case, handoff.pk, 1, opened))


def current(handoff_id: int) -> Handoff | None:
    """The hand-off, if nobody has ended it meanwhile."""
    rows = Handoff.objects.select_related("lead__company", "owner__user")
    return rows.filter(pk=handoff_id, ended_at=None).first()


def _attempt(story: "Story", case: "Case", handoff_id: int, number: int, opened: datetime | None, at: datetime) -> None:
    handoff = current(handoff_id)
    if handoff is None or handoff.lead.state not in (states.HANDED_OFF, states.WORKING):
        return
    is_reached = case.dice.random() < case.arrival.campaign.reaches + 0.1 * number
    touching.touch(handoff, _told(case, is_reached, opened), by=handoff.owner, at=at)
    if is_reached or number == 3:
        talks = is_reached and case.dice.random() < 0.7
        minutes = case.dice.uniform(2, 20) if talks else case.dice.lognormvariate(0, 0.7) * 200
        when = story.world.after(at, minutes, of=handoff.owner_id)
        story.at(when, partial(_decide, story, case, handoff_id, is_reached))
    else:
        when = story.world.after(at, case.dice.uniform(60, 330), of=handoff.owner_id)
        story.at(when, partial(_attempt, story, case, handoff_id, number + 1, None))


def _told(case: "Case", is_reached: bool, opened: datetime | None) -> touching.Attempt:
    has_phone = bool(case.arrival.payload.get("phone")) or case.is_held
    kind = "call" if has_phone and case.dice.random() < 0.85 else "email"
    if is_reached:
        result = "reached" if kind == "call" else "replied"
    elif kind == "email":
        result = "sent"
    elif case.arrival.campaign.key == "outbound" and case.dice.random() < 0.35:
        result = "wrong_person"
    else:
        result = dice.draw(NOT_REACHED, case.dice)
    return touching.Attempt(kind, result, note=case.dice.choice(words.CALLS[result]), opened_at=opened)


def _decide(story: "Story", case: "Case", handoff_id: int, is_reached: bool, at: datetime) -> None:
    handoff = current(handoff_id)
    if handoff is None or handoff.lead.state not in (states.HANDED_OFF, states.WORKING):
        return
    discipline = story.world.disciplines.get(handoff.owner_id, ANYBODY)
    if is_reached and case.dice.random() < _chance(case) * discipline.accepts:
        _accept(story, case, handoff, at)
    else:
        _reject(story, case, handoff, is_reached, at)


def _chance(case: "Case") -> float:
    size = 0.2 if case.arrival.firm.employees < 200 else 1.0
    who = {"other": 0.75, "student": 0.05}.get(case.arrival.buyer, 1.0)
    return min(0.97, case.arrival.campaign.accepts * 1.25) * size * who


def _accept(story: "Story", case: "Case", handoff: Handoff, at: datetime) -> None:
    confirmed = {
        "problem": dice.draw({"yes": 85, "unknown": 15}, case.dice),
        "budget": dice.draw({"yes": 35, "no": 10, "unknown": 55}, case.dice),
        "timeline": dice.draw({"yes": 45, "unknown": 55}, case.dice),
        "authority": dice.draw({"yes": 50, "no": 15, "unknown": 35}, case.dice),
    }
    due_at = next_date(story, case, handoff.owner_id, at, 1, 4)
    step = case.dice.choice(words.NEXT_STEPS)
    verdicts.accept(handoff, verdicts.Acceptance(confirmed, step, due_at), by=handoff.owner, at=at)
    steps = case.dice.choice((2, 2, 3, 3, 4, 5, 6))
    go_on(story, case, handoff, steps, at)


def go_on(story: "Story", case: "Case", handoff: Handoff, steps: int, at: datetime) -> None:
    """The planned next step is done in time by most; `steps` more to the end of the deal."""
    due_at = NextStep.objects.values_list("due_at", flat=True).get(lead_id=handoff.lead_id, done_at=None)
    early = case.dice.uniform(2, 60) if steps > 1 else case.dice.uniform(45, 110)  # the deal still has to be closed
    if case.dice.random() < 0.07:
        when = story.world.after(due_at, case.dice.uniform(1, 400), of=handoff.owner_id)
    else:
        when = story.world.after(max(due_at - timedelta(minutes=early), at), 1, of=handoff.owner_id)
    story.at(when, partial(_step, story, case, handoff.pk, steps))


def _step(story: "Story", case: "Case", handoff_id: int, steps: int, at: datetime) -> None:
    handoff = current(handoff_id)
    if handoff is None or handoff.lead.state not in (states.ACCEPTED, states.OPPORTUNITY):
        return
    kind, result = case.dice.choice((("meeting", "reached"), ("call", "reached"), ("email", "replied")))
    touching.touch(handoff, touching.Attempt(kind, result), by=handoff.owner, at=at)
    if steps <= 1:
        story.at(at + timedelta(minutes=case.dice.randint(6, 40)), partial(_close, story, case, handoff_id))
        return
    due_at = next_date(story, case, handoff.owner_id, at, 2, 11)
    touching.plan_next_step(handoff, text=case.dice.choice(words.NEXT_STEPS), due_at=due_at, by=handoff.owner, at=at)
    go_on(story, case, handoff, steps - 1, at)


def _close(story: "Story", case: "Case", handoff_id: int, at: datetime) -> None:
    handoff = current(handoff_id)
    if handoff is None:
        return
    if case.dice.random() < case.arrival.campaign.wins:
        size = min(case.arrival.firm.employees, 2500)
        amount = round((5200 + size * 24) * case.dice.lognormvariate(0, 0.45), -2)
        outcomes.win(handoff, amount=Decimal(int(amount)), by=handoff.owner, at=at)
        return
    reason = dice.draw(LOSSES, case.dice)
    note = words.LOST_NOTES[reason] if case.dice.random() < 0.5 else ""
    outcomes.lose(handoff, reason=story.world.reasons["lost", reason], note=note, by=handoff.owner, at=at)


def _reject(story: "Story", case: "Case", handoff: Handoff, is_reached: bool, at: datetime) -> None:
    label = _why_not(case, is_reached)
    reason, firm = story.world.reasons["reject", label], case.arrival.firm
    fact = {"employees": str(firm.employees), "industry": case.dice.choice(words.INDUSTRIES)}.get(reason.asks, "")
    fact = fact or case.dice.choice(words.FACTS.get(reason.asks, ("",)))
    quote = case.dice.choice(words.QUOTES[label]).format(fact=fact) if is_reached else ""
    verdicts.reject(handoff, verdicts.Rejection(reason, fact, quote), by=handoff.owner, at=at)
    marketing.returned(story, case, handoff.lead_id, label, at)


def _why_not(case: "Case", is_reached: bool) -> str:
    if case.arrival.buyer == "student":
        return "Student or private person"
    if case.arrival.firm.employees < 200 and case.dice.random() < 0.8:
        return "Wrong company size"
    if not is_reached:
        return dice.draw(
            {"Wrong or dead contact data": 45, "Not now, later": 35, "No problem that we solve": 20}, case.dice
        )
    return dice.draw(REJECTS, case.dice)


def next_date(story: "Story", case: "Case", member_id: int, at: datetime, low: float, high: float) -> datetime:
    """A date for the next step, so many working days ahead, on a quarter of an hour."""
    when = story.world.after(at, case.dice.uniform(low, high) * 540, of=member_id)
    return when.replace(minute=when.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)
