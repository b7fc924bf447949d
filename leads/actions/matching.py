"""The same person, the same company: found, completed, never silently overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from leads.models import AlternativeFact, Company, Person
from leads.queries import matching as queries
from leads.rules.candidate import Candidate
from quotarider.tenancy import bulk

PERSON_FACTS: Final = ("full_name", "title", "seniority", "department", "country", "timezone")
COMPANY_FACTS: Final[Mapping[str, str]] = {
    "name": "company_name",
    "employees": "employees",
    "industry": "industry",
    "country": "country",
    "growth_stage": "growth_stage",
    "revenue": "revenue",
}
_NOTHING: Final = (None, "")


class Matched(NamedTuple):
    """The person of each candidate, its company loaded; `known` are the ids of those that were there before."""

    people: list[Person]
    known: frozenset[int]


def match(candidates: Sequence[Candidate], *, owners: Mapping[str, int], told_by: str, at: datetime) -> Matched:
    """Finds or makes the person of each candidate, and fills in new facts.

    By e-mail; then by phone, if one of the two has no e-mail; then as the person of the lead that the sender's id names
    (`owners`: person ids by it); else a new person. Callers hold the identity locks.
    """
    book = _Book(candidates, owners, told_by, at)
    people = [book.person_of(c) for c in candidates]
    book.save()
    return Matched(people, frozenset(book.by_id))


class _Book:
    """The people and companies of a batch, found in two statements, saved in a few."""

    def __init__(self, candidates: Sequence[Candidate], owners: Mapping[str, int], told_by: str, at: datetime) -> None:
        self.owners, self.told_by, self.at = owners, told_by, at
        found = queries.people(
            emails={c.email_norm for c in candidates if c.email_norm},
            phones={c.phone_norm for c in candidates if c.phone_norm},
            ids=set(owners.values()),
        )
        companies = queries.companies(
            domains={c.domain for c in candidates if c.domain}, ids={p.company_id for p in found if p.company_id}
        )
        self.by_domain = {c.domain: c for c in companies.values() if c.domain}
        self.by_id = {person.pk: person for person in found}
        self.by_email: dict[str, Person] = {}
        self.by_phone: dict[str, Person] = {}
        self.new_companies: list[Company] = []
        self.new_people: list[Person] = []
        self.changed: dict[int, Person | Company] = {}  # by identity of the object: new ones have no id yet
        self.beside: list[AlternativeFact] = []
        for person in found:
            person.company = companies.get(person.company_id or 0)
            self._remember(person)

    def person_of(self, c: Candidate) -> Person:
        person = self._known(c) or self._new_person()
        if person.company is None and (company := self._company_of(c)) is not None:
            person.company = company
            self._touch(person)
        self._complete(person, [(name, getattr(c, name)) for name in PERSON_FACTS])
        self._complete_key(person, "email", c.email, c.email_norm)
        self._complete_key(person, "phone", c.phone, c.phone_norm)
        if person.company is not None:
            self._complete(person.company, [(name, getattr(c, given)) for name, given in COMPANY_FACTS.items()])
            self._add_technologies(person.company, c.technologies)
        self._remember(person)
        return person

    def _known(self, c: Candidate) -> Person | None:
        if c.email_norm and c.email_norm in self.by_email:
            return self.by_email[c.email_norm]
        person = self.by_phone.get(c.phone_norm) if c.phone_norm else None
        if person and not (c.email_norm and person.email_norm):
            return person
        return self.by_id.get(self.owners.get(c.external_id, 0)) if c.external_id else None

    def _new_person(self) -> Person:
        person = Person(created_at=self.at, company=None)
        self.new_people.append(person)
        return person

    def _remember(self, person: Person) -> None:
        if person.email_norm:
            self.by_email.setdefault(person.email_norm, person)
        if person.phone_norm:
            self.by_phone.setdefault(person.phone_norm, person)

    def _company_of(self, c: Candidate) -> Company | None:
        """The company of the domain, else one that only has a name, and is its person's alone."""
        if not c.domain:
            return self._new_company(None) if c.company_name else None
        if c.domain not in self.by_domain:
            self.by_domain[c.domain] = self._new_company(c.domain)
        return self.by_domain[c.domain]

    def _new_company(self, domain: str | None) -> Company:
        company = Company(domain=domain, created_at=self.at)
        self.new_companies.append(company)
        return company

    def _complete(self, of: Person | Company, told: Iterable[tuple[str, Any]]) -> None:
        for field, value in told:
            if value in _NOTHING:
                continue
            known = getattr(of, field)
            if known in _NOTHING:
                setattr(of, field, value)
                self._touch(of)
            elif known != value and str(known).casefold() != str(value).casefold():
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
        changed = [each for each in self.changed.values() if id(each) not in new]
        people = [each for each in changed if isinstance(each, Person)]
        bulk.insert(self.new_companies)
        for person in (*self.new_people, *people):
            person.company = person.company  # takes over the id its company has just got
        bulk.insert(self.new_people)
        bulk.update(people, *PERSON_FACTS, "email", "email_norm", "phone", "phone_norm", "company")
        bulk.update([each for each in changed if isinstance(each, Company)], *COMPANY_FACTS, "technologies")
        for fact in self.beside:
            fact.person, fact.company = fact.person, fact.company
        bulk.insert(self.beside, skip_known=True)
