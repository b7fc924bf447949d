"""Accept, or reject with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feedback.models import Reason, Verdict
from handoff.actions import giving, pulse, touching
from handoff.models import Handoff
from leads.actions import facts, moving
from leads.rules import states
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import DomainError
from sla.actions import clocks


class VerdictIncomplete(DomainError):
    """A verdict lacks what the Agreement asks for."""


@dataclass(frozen=True)
class Acceptance:
    """What sales confirms on accepting, and the dated next step. `confirmed`: problem, budget, … to yes, no, unknown."""

    confirmed: Mapping[str, str]
    next_step: str
    next_step_at: datetime


@dataclass(frozen=True)
class Rejection:
    """Why not, the fact that the reason asks for, and the buyer's words if there were any."""

    reason: Reason
    fact: str = ""
    quote: str = ""


@transaction.atomic
def accept(handoff: Handoff, acceptance: Acceptance, *, by: Member, at: datetime) -> Verdict:
    """The lead becomes sales' own (SQL), with a dated next step.

    Raises: VerdictIncomplete, HandoffEnded, LeadMoved, StepInThePast.
    """
    if not acceptance.next_step.strip():
        raise VerdictIncomplete("Say what happens next with this lead.", field="next_step")
    current = giving.unchanged(handoff)
    moving.move_one(current.lead_id, states.ACCEPTED, at=at, expected=[states.HANDED_OFF, states.WORKING])
    Handoff.objects.filter(pk=current.pk).update(accepted_at=at)
    verdict = Verdict.objects.create(
        lead_id=current.lead_id,
        handoff=current,
        member=by,
        kind="accepted",
        confirmed=dict(acceptance.confirmed),
        at=at,
    )
    clocks.meet([current.lead_id], "verdict", met_at=at)
    clocks.cancel([current.lead_id], "first_touch", at=at)
    touching.plan_next_step(current, text=acceptance.next_step, due_at=acceptance.next_step_at, by=by, at=at)
    audit.record("accept", subject="lead", subject_id=current.lead_id, by=by, at=at)
    return verdict


@transaction.atomic
def reject(handoff: Handoff, rejection: Rejection, *, by: Member, at: datetime) -> Verdict:
    """The lead goes back to marketing, who must decide under a clock of their own. The fact corrects the lead.

    Raises: VerdictIncomplete, HandoffEnded, LeadMoved.
    """
    reason = rejection.reason
    if reason.use != "reject" or reason.retired_at:
        raise VerdictIncomplete("Choose a reason from the list.", field="reason")
    if reason.asks and not rejection.fact.strip():
        raise VerdictIncomplete(f"“{reason.label}” needs one more fact: fill it in.", field="fact")
    current = giving.unchanged(handoff)
    owner_id = _marketings(current)
    moving.move_one(
        current.lead_id,
        states.RETURNED,
        at=at,
        owner_id=owner_id,
        reason=reason.category,
        expected=[states.HANDED_OFF, states.WORKING, states.ACCEPTED],
    )
    verdict = Verdict.objects.create(
        lead_id=current.lead_id,
        handoff=current,
        member=by,
        kind="rejected",
        reason=reason,
        fact=rejection.fact,
        quote=rejection.quote,
        at=at,
    )
    clocks.meet([current.lead_id], "verdict", met_at=at)
    clocks.cancel([current.lead_id], at=at)
    touching.finish_step(current, at=at)
    giving.end([current.pk], how="rejected", at=at)
    pulse.changed([current.owner_id])
    clocks.start([clocks.Start(current.lead_id, "return_decision", owner_id)], at=at)
    facts.correct_from_sales(current.lead_id, field=reason.asks, value=rejection.fact, by=by, at=at)
    audit.record("reject", subject="lead", subject_id=current.lead_id, by=by, at=at, data={"reason": reason.pk})
    return verdict


def _marketings(handoff: Handoff) -> int:
    campaign = handoff.lead.campaign
    if campaign and campaign.owner_id and campaign.owner.is_active:
        return int(campaign.owner_id)
    return accounts.accountable(tenancy.current().workspace_id, "marketing_manager", "marketer").pk
