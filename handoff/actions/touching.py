"""What the rep does: touches, next steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from handoff import queries
from handoff.actions import giving
from handoff.events import LeadTouched, NextStepDone, NextStepPlanned
from handoff.models import Handoff, NextStep, Touch
from handoff.rules.touching import effective_instant
from leads.actions import moving
from leads.rules import states
from quotarider import events, tenancy
from quotarider.accounts.models import Member
from quotarider.errors import DomainError


class StepInThePast(DomainError):
    """A next step must lie ahead."""


@dataclass(frozen=True)
class Attempt:
    """One outbound attempt as the rep tells it. `opened_at` is the server's stamp from when the action was opened."""

    kind: str
    result: str
    note: str = ""
    opened_at: datetime | None = None
    key: str | None = None


def locked(handoff: Handoff) -> Handoff:
    """The open hand-off behind its lead's row lock. Raises: HandoffEnded."""
    return giving.locked(handoff)


@transaction.atomic
def touch(handoff: Handoff, attempt: Attempt, *, by: Member, at: datetime) -> Touch:
    """Records a touch; it counts from when its action was opened, if completed within 30 minutes.

    A repeat with the same key is the same touch, also when both come at once. The first one moves the lead to work.
    Raises: HandoffEnded.
    """
    if attempt.key and (known := queries.touch_of_key(attempt.key)):
        return known
    current = locked(handoff)
    if attempt.key and (known := queries.touch_of_key(attempt.key)):
        return known
    occurred_at = max(effective_instant(attempt.opened_at, at), current.handed_off_at)
    made = Touch.objects.create(
        lead=current.lead,
        handoff=current,
        member=by,
        kind=attempt.kind,
        result=attempt.result,
        note=attempt.note,
        opened_at=attempt.opened_at,
        occurred_at=occurred_at,
        recorded_at=at,
        key=attempt.key,
    )
    is_first = bool(Handoff.objects.filter(pk=current.pk, first_touch_at=None).update(first_touch_at=occurred_at))
    moving.move([moving.Move(current.lead_id, states.WORKING)], at=at, expected=[states.HANDED_OFF])
    events.publish(
        LeadTouched(tenancy.current().workspace_id, at, current.lead_id, current.pk, made.pk, occurred_at, is_first)
    )
    return made


@transaction.atomic
def plan_next_step(handoff: Handoff, *, text: str, due_at: datetime, by: Member, at: datetime) -> NextStep:
    """Plans what comes next; a step that was open before counts as done.

    Raises: StepInThePast, HandoffEnded.
    """
    if due_at <= at:
        raise StepInThePast("Choose a date and time that lie ahead.", field="due_at")
    if due_at > at + timedelta(days=366):
        raise StepInThePast("Choose a date within a year.", field="due_at")
    current = locked(handoff)
    finish_step(current, at=at)
    step = NextStep.objects.create(
        lead=current.lead, handoff=current, member=by, text=text, due_at=due_at, planned_at=at
    )
    events.publish(NextStepPlanned(tenancy.current().workspace_id, at, current.lead_id, current.pk, step.pk))
    return step


def finish_step(handoff: Handoff, *, at: datetime) -> None:
    """Closes the lead's open next step, if there is one."""
    step = NextStep.objects.filter(lead_id=handoff.lead_id, done_at=None).first()
    if step and NextStep.objects.filter(pk=step.pk, done_at=None).update(done_at=at):
        events.publish(NextStepDone(tenancy.current().workspace_id, at, handoff.lead_id, handoff.pk, step.pk))
