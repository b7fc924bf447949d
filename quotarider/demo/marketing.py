"""What marketing does: supplies missing facts, decides on what came back, looks at the nurtured, hears of signals."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from feedback.actions import outcomes
from leads.actions import facts, touchpoints
from leads.models import Lead
from leads.rules import states
from leads.rules.candidate import SentTouchpoint
from quotarider.demo import arrivals, dice

if TYPE_CHECKING:
    from quotarider.demo.story import Case, Story

REVIEW = 20 * 540  # business minutes that the Agreement gives
DISQUALIFIES = {  # the chance by reject reason, and why
    "Wrong company size": (0.75, "Not our kind of customer"),
    "Wrong industry": (0.7, "Not our kind of customer"),
    "Student or private person": (1.0, "Not our kind of customer"),
    "No problem that we solve": (0.6, "No need"),
    "Wrong or dead contact data": (0.8, "Can't be reached"),
    "Duplicate": (1.0, "Duplicate"),
    "Something else": (0.7, "No need"),
    "Committed to a competitor": (0.3, "No need"),
}


class Later(NamedTuple):
    """A signal of a known lead, on its way."""

    lead_id: int
    sent: SentTouchpoint


def has(story: "Story", case: "Case", lead: Lead, at: datetime) -> None:
    """A lead is marketing's: facts are supplied where some are missing, else it is looked at by a date."""
    if lead.state == states.HELD and not case.is_held:
        case.is_held = True
        if case.dice.random() < 0.93:
            story.at(
                story.world.after(at, case.dice.uniform(40, 520)), partial(_supply, story, case, lead.pk), gives=True
            )
        else:  # not found: overdue before somebody gives up
            story.at(story.world.after(at, case.dice.uniform(560, 1500)), partial(_give_up, story, case, lead.pk))
    elif lead.state == states.NURTURING and not case.is_reviewed:
        case.is_reviewed = True
        part = case.dice.uniform(0.5, 0.97) if case.dice.random() < 0.96 else case.dice.uniform(1.02, 1.15)
        story.at(story.world.after(at, REVIEW * part), partial(_review, story, case, lead.pk, 1))


def expect_more(story: "Story", case: "Case", lead: Lead, at: datetime) -> None:
    """What the lead will do later is told in the mornings and afternoons, many leads at once."""
    if case.has_later:
        return
    case.has_later = True
    for number, (when, kind, asset) in enumerate(case.arrival.later):
        told_at = _next_sync(when)
        if told_at not in story.signals:
            story.signals[told_at] = []
            story.at(told_at, partial(_hear, story), gives=True)
        identity = f"{case.arrival.external_id}-later-{number}"
        sent = SentTouchpoint(kind, when, asset=asset, external_id=identity)
        story.signals[told_at].append(Later(lead.pk, sent))


def returned(story: "Story", case: "Case", lead_id: int, label: str, at: datetime) -> None:
    """A reject comes back: a decision is due."""
    minutes = case.dice.lognormvariate(0, 0.55) * 700
    story.at(story.world.after(at, minutes), partial(_decide, story, case, lead_id, label))


def _next_sync(when: datetime) -> datetime:
    local = when.astimezone(arrivals.ZONE)
    hour = 10 if local.hour < 10 else 15
    sync = local.replace(hour=hour, minute=5, second=0, microsecond=0)
    return sync if sync > local else (sync + arrivals.DAY).replace(hour=10)


def _hear(story: "Story", at: datetime) -> None:
    told = story.signals.pop(at)
    known = Lead.objects.filter(pk__in=[each.lead_id for each in told], state__in=states.OPEN).in_bulk()
    sent = [(known[each.lead_id], each.sent) for each in told if each.lead_id in known]
    if sent:
        touchpoints.record(sent, source=story.world.sources["marketing"], at=at)
        story.look(known, at)


def _lead(lead_id: int, *expected: str) -> Lead | None:
    rows = Lead.objects.select_related("person", "company", "owner__user")
    return rows.filter(pk=lead_id, state__in=expected).first()


def _supply(story: "Story", case: "Case", lead_id: int, at: datetime) -> None:
    lead = _lead(lead_id, states.HELD)
    if lead is None:
        return
    known = {"phone": case.arrival.phone, "company_name": case.arrival.firm.name}
    for field in lead.missing_facts:
        facts.correct(lead, field=field, value=known[field], by=lead.owner, at=at)
    story.look([lead_id], at)


def _give_up(story: "Story", case: "Case", lead_id: int, at: datetime) -> None:
    if lead := _lead(lead_id, states.HELD):
        _disqualify(story, lead, "Can't be reached", at)


def _decide(story: "Story", case: "Case", lead_id: int, label: str, at: datetime) -> None:
    lead = _lead(lead_id, states.RETURNED)
    if lead is None:
        return
    chance, why = DISQUALIFIES.get(label, (0.1, "No need"))
    if case.dice.random() < chance:
        _disqualify(story, lead, why, at)
    else:
        _nurture(story, case, lead, 1, at)


def _review(story: "Story", case: "Case", lead_id: int, number: int, at: datetime) -> None:
    lead = _lead(lead_id, states.NURTURING)
    if lead is None:
        return
    if case.dice.random() < 0.45 + 0.15 * number:
        why = dice.draw({"No need": 60, "Can't be reached": 22, "Not our kind of customer": 18}, case.dice)
        _disqualify(story, lead, why, at)
    else:
        _nurture(story, case, lead, number + 1, at)


def _disqualify(story: "Story", lead: Lead, why: str, at: datetime) -> None:
    outcomes.disqualify(lead, reason=story.world.reasons["disqualify", why], by=lead.owner, at=at)


def _nurture(story: "Story", case: "Case", lead: Lead, number: int, at: datetime) -> None:
    until = story.world.after(at + timedelta(days=case.dice.uniform(18, 55)), case.dice.uniform(30, 400))
    until = until.replace(minute=0, second=0, microsecond=0)
    case.is_reviewed = True
    outcomes.nurture(lead, until=until, by=lead.owner, at=at)
    when = story.world.after(until - timedelta(days=2), case.dice.uniform(5, 500))
    when = min(when, until - timedelta(minutes=case.dice.uniform(2, 40)))
    story.at(when, partial(_review, story, case, lead.pk, number))
