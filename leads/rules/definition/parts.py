"""What a lead definition is made of: frozen values that compare and hash by content. `reading` builds and checks them."""

from dataclasses import dataclass

from leads.rules.definition.predicates import Predicate


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of buyer: what tells them (keywords in the title, seniority, department), and what reps should know."""

    name: str
    roles: tuple[str, ...] = ()
    seniorities: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    responsibilities: str = ""
    challenges: str = ""
    motivations: str = ""
    next_step: str = ""
    likely_objection: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event at the company that makes it buy, and what to do about it."""

    name: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """A condition under which a lead is never handed off, and the reason that is shown."""

    reason: str
    predicate: Predicate


@dataclass(frozen=True, slots=True)
class ICP:
    """The ideal customer profile; `size_*` in employees, `revenue_*` in whole units of the workspace's currency a year.

    Countries are alpha-2 codes. An empty tuple or None means that any will do.
    """

    size_min: int | None = None
    size_max: int | None = None
    industries: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    growth_stages: tuple[str, ...] = ()
    revenue_min: int | None = None
    revenue_max: int | None = None
    personas: tuple[Persona, ...] = ()
    trigger_events: tuple[Trigger, ...] = ()
    disqualifiers: tuple[Disqualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class FitRule:
    """Points, positive or negative, for a fact that meets a condition."""

    name: str
    predicate: Predicate
    points: int


@dataclass(frozen=True, slots=True)
class EngagementRule:
    """Points for each signal of a kind, halved every `half_life_days`; the rule's sum never exceeds `cap` either way.

    `asset` and `campaign` narrow it to signals of that asset, of that campaign (slug or name).
    """

    name: str
    signal: str
    points: int
    cap: int
    half_life_days: float
    asset: str | None = None
    campaign: str | None = None


Rule = FitRule | EngagementRule


@dataclass(frozen=True, slots=True)
class Bands:
    """The lowest scores that count as hot and as warm; below is cold."""

    hot: int
    warm: int
