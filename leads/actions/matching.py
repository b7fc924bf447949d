"""The same person, the same company: found, completed, never silently overwritten."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from leads.models import AlternativeFact, Company, Person
from leads.rules.candidate import Candidate

PERSON_FACTS = ("full_name", "title", "seniority", "department", "country", "timezone")
COMPANY_FACTS = {
    "name": "company_name",
    "employees": "employees",
    "industry": "industry",
    "country": "country",
    "growth_stage": "growth_stage",
    "revenue": "revenue",
}


def match(candidates: Sequence[Candidate], *, told_by: str, at: datetime) -> list[Person]:
    """The person of each candidate, found or made, with its company loaded; new facts filled in.

    By e-mail; then by phone, if one of the two has no e-mail; else a new person. Callers hold the identity locks.
    """
    book = _Book(candidates, told_by, at)
    people = [book.person_of(c) for c in candidates]
    book.save()
    return people


class _Book:
    """The people and companies of a batch, found in two statements, saved in a few."""

    def __init__(self, candidates: Sequence[Candidate], told_by: str, at: datetime) -> None:
        self.told_by, self.at = told_by, at
        self.companies = _companies({c.domain for c in candidates if c.domain})
        self.by_email, self.by_phone = _people(
            {c.email_norm for c in candidates if c.email_norm}, {c.phone_norm for c in candidates if c.phone_norm}
        )
        self.new_companies: list[Company] = []
        self.new_people: list[Person] = []
        self.changed: dict[int, Person | Company] = {}  # by identity of the object: new ones have no id yet
        self.beside: list[AlternativeFact] = []

    def person_of(self, c: Candidate) -> Person:
        person = self._known(c) or self._new_person(c)
        company = self._company_of(c, person)
        if company is not None and person.company is None:
            person.company = company
            self._touch(person)
        self._complete(person, {name: getattr(c, name) for name in PERSON_FACTS})
        self._complete_key(person, "email", c.email, c.email_norm)
        self._complete_key(person, "phone", c.phone, c.phone_norm)
        if person.company is not None:
            self._complete(person.company, {name: getattr(c, given) for name, given in COMPANY_FACTS.items()})
            self._add_technologies(person.company, c.technologies)
        self._remember(person)
        return person

    def _known(self, c: Candidate) -> Person | None:
        if c.email_norm and c.email_norm in self.by_email:
            return self.by_email[c.email_norm]
        person = self.by_phone.get(c.phone_norm) if c.phone_norm else None
        return person if person and not (c.email_norm and person.email_norm) else None

    def _new_person(self, c: Candidate) -> Person:
        person = Person(created_at=self.at)
        self.new_people.append(person)
        return person

    def _remember(self, person: Person) -> None:
        if person.email_norm:
            self.by_email.setdefault(person.email_norm, person)
        if person.phone_norm:
            self.by_phone.setdefault(person.phone_norm, person)

    def _company_of(self, c: Candidate, person: Person) -> Company | None:
        if c.domain:
            if c.domain not in self.companies:
                self.companies[c.domain] = self._new_company(c.domain)
            return self.companies[c.domain]
        if c.company_name and person.company is None:
            return self._new_company(None)
        return None

    def _new_company(self, domain: str | None) -> Company:
        company = Company(domain=domain, created_at=self.at)
        self.new_companies.append(company)
        return company

    def _complete(self, of: Person | Company, told: dict[str, Any]) -> None:
        for field, value in told.items():
            known = getattr(of, field)
            if value in (None, "") or known == value:
                continue
            if known in (None, ""):
                setattr(of, field, value)
                self._touch(of)
            elif str(known).casefold() != str(value).casefold():
                self._keep_beside(of, field, value)

    def _complete_key(self, person: Person, field: str, value: str, norm: str | None) -> None:
        known = getattr(person, f"{field}_norm") or getattr(person, field)
        if not value or known == (norm or value):
            return
        if not known:
            setattr(person, field, value)
            setattr(person, f"{field}_norm", norm)
            self._touch(person)
        else:
            self._keep_beside(person, field, value)

    def _add_technologies(self, company: Company, told: Iterable[str]) -> None:
        new = [t for t in told if t not in company.technologies]
        if new:
            company.technologies = [*company.technologies, *new]
            self._touch(company)

    def _touch(self, of: Person | Company) -> None:
        self.changed[id(of)] = of

    def _keep_beside(self, of: Person | Company, field: str, value: Any) -> None:
        self.beside.append(
            AlternativeFact(
                person=of if isinstance(of, Person) else None,
                company=of if isinstance(of, Company) else None,
                field=field,
                value=str(value)[:300],
                told_by=self.told_by,
                learned_at=self.at,
            )
        )

    def save(self) -> None:
        new = {id(each) for each in (*self.new_people, *self.new_companies)}
        Company.objects.bulk_create(self.new_companies)
        for person in self.new_people:
            person.company = person.company  # takes over the id its company has just got
        Person.objects.bulk_create(self.new_people)
        changed = [each for each in self.changed.values() if id(each) not in new]
        for each in changed:
            if isinstance(each, Person):
                each.company = each.company
        Person.objects.bulk_update(
            [each for each in changed if isinstance(each, Person)],
            [*PERSON_FACTS, "email", "email_norm", "phone", "phone_norm", "company"],
        )
        Company.objects.bulk_update(
            [each for each in changed if isinstance(each, Company)], [*COMPANY_FACTS, "technologies"]
        )
        for fact in self.beside:
            fact.person, fact.company = fact.person, fact.company
        AlternativeFact.objects.bulk_create(self.beside, ignore_conflicts=True)


def _companies(domains: set[str]) -> dict[str, Company]:
    if not domains:
        return {}
    rows = Company.objects.filter(domain__in=domains).select_for_update(no_key=True).order_by("pk")
    return {str(company.domain): company for company in rows}


def _people(emails: set[str], phones: set[str]) -> tuple[dict[str, Person], dict[str, Person]]:
    rows = Person.objects.select_related("company").select_for_update(of=("self",), no_key=True).order_by("pk")
    by_email = {str(p.email_norm): p for p in rows.filter(email_norm__in=emails)} if emails else {}
    by_phone: dict[str, Person] = {}
    for person in rows.filter(phone_norm__in=phones) if phones else ():
        by_phone.setdefault(str(person.phone_norm), by_email.get(str(person.email_norm), person))
    return by_email, by_phone
