"""Correcting what is known about a lead's person and company."""

from datetime import datetime
from typing import Any

from django.db import transaction

from leads.actions import scoring, search
from leads.models import AlternativeFact, Company, Lead, Person
from leads.rules import candidate, normalise, states
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import DomainError

PERSON_FIELDS = {
    "full_name": "full_name",
    "email": "email",
    "phone": "phone",
    "title": "title",
    "seniority": "seniority",
    "department": "department",
    "timezone": "timezone",
}
COMPANY_FIELDS = {
    "company_name": "name",
    "employees": "employees",
    "industry": "industry",
    "country": "country",
    "growth_stage": "growth_stage",
    "revenue": "revenue",
}


class FactInvalid(DomainError):
    """A value that can't be taken over; says what to write instead."""


@transaction.atomic
def correct(lead: Lead, *, field: str, value: str, by: Member, at: datetime) -> None:
    """Writes one fact of the lead's person or company; the former value is kept beside it. The lead is scored again.

    Raises: FactInvalid.
    """
    told = _read(field, value, lead, at)
    if field in PERSON_FIELDS:
        _write(Person.objects.select_for_update(no_key=True).get(pk=lead.person_id), field, told, by, at)
    else:
        _write(_company_of(lead, at), COMPANY_FIELDS[field], told, by, at)
    audit.record("correct fact", subject="lead", subject_id=lead.pk, by=by, at=at, data={"field": field})
    if lead.state in states.OPEN:
        scoring.score([lead.pk], at=at, cause="facts")


def correct_from_sales(lead_id: int, *, field: str, value: str, by: Member, at: datetime) -> None:
    """The fact that a reject reason asked for corrects the lead, where it is one we keep and can read."""
    if field not in PERSON_FIELDS and field not in COMPANY_FIELDS:
        return
    lead = Lead.objects.select_related("person", "company").get(pk=lead_id)
    try:
        correct(lead, field=field, value=value, by=by, at=at)
    except FactInvalid as invalid:
        raise FactInvalid(invalid.message, field="fact") from None


def _read(field: str, value: str, lead: Lead, at: datetime) -> Any:
    if field not in PERSON_FIELDS and field not in COMPANY_FIELDS:
        raise FactInvalid("This fact can't be edited.", field=field)
    try:
        # an id of its own, so that a single field passes as a lead
        read = candidate.read({field: value, "external_id": "-"}, default_country=lead.person.country, at=at)
    except candidate.InvalidLead as invalid:
        raise FactInvalid(invalid.problems[0][1], field=field) from None
    if field in ("email", "phone"):
        return getattr(read, field), getattr(read, f"{field}_norm")
    return getattr(read, field)


def _company_of(lead: Lead, at: datetime) -> Company:
    if lead.company_id:
        return Company.objects.select_for_update(no_key=True).get(pk=lead.company_id)
    company = Company.objects.create(created_at=at)
    Lead.objects.filter(pk=lead.pk).update(company=company)
    Person.objects.filter(pk=lead.person_id, company=None).update(company=company)
    return company


def _write(of: Person | Company, field: str, told: Any, by: Member, at: datetime) -> None:
    former = getattr(of, field)
    if field in ("email", "phone"):
        told, norm = told
        _refuse_taken(of, field, norm)
        setattr(of, f"{field}_norm", norm)
    if former not in (None, "") and str(former) != str(told):
        _keep_former(of, field, former, by, at)
    setattr(of, field, told)
    of.save()
    search.index_again(of)


def _refuse_taken(of: Person | Company, field: str, norm: str | None) -> None:
    if field == "email" and norm and Person.objects.filter(email_norm=norm).exclude(pk=of.pk).exists():
        raise FactInvalid("Another person has this address. Merge the two instead.", field="email")


def _keep_former(of: Person | Company, field: str, former: Any, by: Member, at: datetime) -> None:
    fact = AlternativeFact(
        person=of if isinstance(of, Person) else None,
        company=of if isinstance(of, Company) else None,
        field=field,
        value=str(former)[:300],
        told_by="before correction",
        learned_at=at,
        settled_at=at,
        settled_by=by,
    )
    AlternativeFact.objects.bulk_create([fact], ignore_conflicts=True)


@transaction.atomic
def settle(fact: AlternativeFact, *, take: bool, by: Member, at: datetime) -> None:
    """Takes over a value that was told beside ours, or puts it aside; either way the other one stays on record.

    Raises: FactInvalid where another person has the address.
    """
    of = fact.person or fact.company
    if take and of is not None:
        _write(of, fact.field, _as_stored(of, fact), by, at)
    AlternativeFact.objects.filter(pk=fact.pk).update(settled_at=at, settled_by=by, was_taken=take)
    audit.record("settle fact", subject="fact", subject_id=fact.pk, by=by, at=at, data={"taken": take})
    if take and of is not None:
        concerned = Lead.objects.filter(state__in=states.OPEN, **{type(of).__name__.lower(): of})
        scoring.score(list(concerned.values_list("pk", flat=True)), at=at, cause="facts")


def _as_stored(of: Person | Company, fact: AlternativeFact) -> Any:
    """The told text as the column holds it; e-mail and phone with their comparison forms."""
    if fact.field in ("employees", "revenue"):
        return int(fact.value)
    if fact.field == "email":
        return fact.value, normalise.email(fact.value)
    if fact.field == "phone":
        return fact.value, _phone_norm(fact.value, of.country)
    return fact.value


def _phone_norm(phone: str, country: str) -> str | None:
    try:
        return normalise.phone(phone, country or None)
    except normalise.InvalidValue:
        return None  # a local number without its country can be dialled, not compared
