"""What will become of the rows of a file, told before anything is stored: the order of intake, without its writing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from leads.rules.candidate import Candidate

Fate = Literal["created", "joined", "repeated"]


@dataclass
class Somebody:
    """A person as far as recognising goes."""

    has_email: bool
    is_open: bool


@dataclass
class Known:
    """What the workspace knows of some rows: payloads, the source's ids, people as (e-mail, phone, has an open lead)."""

    identities: Iterable[str] = ()
    external_ids: Iterable[str] = ()
    people: Iterable[tuple[str | None, str | None, bool]] = ()


@dataclass
class Foresight:
    """Remembers the rows seen so far, so that a lead that is in the file twice is foreseen as one."""

    is_history: bool
    identities: set[str] = field(default_factory=set)
    external_ids: set[str] = field(default_factory=set)
    by_email: dict[str, Somebody] = field(default_factory=dict)
    by_phone: dict[str, Somebody] = field(default_factory=dict)

    def learn(self, known: Known) -> None:
        """Takes in what the workspace knows; what the file itself told stays as it is."""
        self.identities.update(known.identities)
        self.external_ids.update(known.external_ids)
        for email, phone, is_open in known.people:
            somebody = self.by_email.get(email) if email else None
            self._remember(somebody or Somebody(bool(email), is_open), email, phone)

    def expect(self, candidate: Candidate, identity: str | None) -> Fate:
        """What will become of the next row: a new lead, one more word about a known one, or nothing new."""
        if identity and identity in self.identities:
            return "repeated"
        if identity:
            self.identities.add(identity)
        somebody = self._person_of(candidate)
        known_id = bool(candidate.external_id and candidate.external_id in self.external_ids)
        if candidate.external_id:
            self.external_ids.add(candidate.external_id)
        if known_id or (somebody.is_open and not self.is_history):
            somebody.is_open = somebody.is_open and candidate.outcome not in ("won", "lost")
            return "joined"
        somebody.is_open = somebody.is_open or not (self.is_history or candidate.outcome)
        return "created"

    def _person_of(self, c: Candidate) -> Somebody:
        """By e-mail; then by phone, if one of the two has no e-mail."""
        somebody = self.by_email.get(c.email_norm) if c.email_norm else None
        if somebody is None and c.phone_norm:
            somebody = self.by_phone.get(c.phone_norm)
            if somebody and somebody.has_email and c.email_norm:
                somebody = None
        somebody = somebody or Somebody(has_email=False, is_open=False)
        somebody.has_email = somebody.has_email or bool(c.email_norm)
        self._remember(somebody, c.email_norm, c.phone_norm)
        return somebody

    def _remember(self, somebody: Somebody, email: str | None, phone: str | None) -> None:
        if email:
            self.by_email.setdefault(email, somebody)
        if phone:
            self.by_phone.setdefault(phone, somebody)
