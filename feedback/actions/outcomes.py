"""How leads end: won, lost, disqualified; and marketing's decision on what came back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from feedback.actions import reasons
from feedback.models import Outcome, Reason
from handoff.models import Handoff
from leads.actions import moving
from leads.events import LeadsEnded
from leads.models import Lead
from leads.queries import intake
from leads.rules import states
from quotarider import events, tenancy
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import DomainError
from sla.actions import clocks


class OutcomeIncomplete(DomainError):
    """An outcome lacks its amount, reason or date."""


@transaction.atomic
def win(handoff: Handoff, *, amount: Decimal, by: Member, at: datetime) -> None:
    """The deal is won. Raises: OutcomeIncomplete, LeadMoved."""
    if amount < 0:
        raise OutcomeIncomplete("Enter the amount of the deal, 0 or more.", field="amount")
    _end(handoff.lead_id, "won", at=at, by=by, amount=amount)


@transaction.atomic
def lose(handoff: Handoff, *, reason: Reason, note: str, by: Member, at: datetime) -> None:
    """The deal is lost, with a reason. Raises: OutcomeIncomplete, LeadMoved."""
    if reason.use != "lost":
        raise OutcomeIncomplete("Choose a lost reason from the list.", field="reason")
    _end(handoff.lead_id, "lost", at=at, by=by, reason=reason, note=note)


@transaction.atomic
def disqualify(lead: Lead, *, reason: Reason, note: str = "", by: Member, at: datetime) -> None:
    """Marketing ends a lead that it had in hand. Raises: OutcomeIncomplete, LeadMoved."""
    if reason.use != "disqualify":
        raise OutcomeIncomplete("Choose a reason from the list.", field="reason")
    _end(lead.pk, "disqualified", at=at, by=by, reason=reason, note=note, expected=states.MARKETINGS)


def _end(
    lead_id: int,
    kind: str,
    *,
    at: datetime,
    by: Member,
    reason: Reason | None = None,
    amount: Decimal | None = None,
    note: str = "",
    expected: frozenset[str] = states.SALES,
) -> None:
    moving.move_one(lead_id, kind, at=at, reason=reason.category if reason else "", expected=expected)
    Lead.objects.filter(pk=lead_id).update(amount=amount)
    Outcome.objects.create(
        lead_id=lead_id, kind=kind, reason=reason, amount=amount, note=note, at=at, recorded_at=at, member=by
    )
    audit.record(kind, subject="lead", subject_id=lead_id, by=by, at=at)
    events.publish(LeadsEnded(tenancy.current().workspace_id, at, (lead_id,)))


@transaction.atomic
def nurture(lead: Lead, *, until: datetime, by: Member, at: datetime) -> None:
    """Marketing keeps a lead warm until a date, when it must look again. Raises: OutcomeIncomplete, LeadMoved."""
    if until <= at:
        raise OutcomeIncomplete("Choose a date that lies ahead.", field="until")
    if lead.state != states.NURTURING:
        moving.move_one(lead.pk, states.NURTURING, at=at, expected=states.MARKETINGS)
    clocks.meet([lead.pk], "return_decision", "nurture_review", "missing_facts", met_at=at)
    clocks.start([clocks.Start(lead.pk, "nurture_review", lead.owner_id or by.pk, due_at=until)], at=at)
    audit.record("nurture", subject="lead", subject_id=lead.pk, by=by, at=at, data={"until": until.isoformat()})


def note_ended(lead_ids: Sequence[int], *, at: datetime) -> None:
    """Puts the outcome of leads on record that were ended by an import or a rule; those that have one are left alone."""
    known = set(Outcome.objects.filter(lead_id__in=list(lead_ids)).values_list("lead_id", flat=True))
    rows = Lead.objects.filter(pk__in=set(lead_ids) - known, state__in=["won", "lost", "disqualified"])
    told = intake.lost_reasons([lead.pk for lead in rows])
    Outcome.objects.bulk_create(
        Outcome(
            lead=lead,
            kind=lead.state,
            reason=_told_reason(lead, told),
            amount=lead.amount,
            at=lead.ended_at or at,
            recorded_at=at,
        )
        for lead in rows
    )


def _told_reason(lead: Lead, told: dict[int, str]) -> Reason | None:
    if lead.state == "won":
        return None
    if lead.state == "disqualified":
        return reasons.for_told(lead.reason, "disqualify")
    reason = reasons.for_told(told.get(lead.pk, ""), "lost")
    Lead.objects.filter(pk=lead.pk).update(reason=reason.category)
    return reason
