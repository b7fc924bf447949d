"""A lead's score from 0 to 100: fit points plus engagement points, with the lines that explain it.

Rounding, so that the lines always add up: a rule's exact points are quantised to 9 decimals (below that, the last bit
of a float shows), then rounded half to even to a whole number; a score sums whole numbers only. The order of signals
can't matter: contributions are summed by `math.fsum`, which is exact.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from leads.rules import folding
from leads.rules.definition import (
    Bands,
    Definition,
    EngagementRule,
    Facts,
    FitRule,
    Persona,
    Predicate,
    is_known,
    predicate_in_words,
    predicates,
)

SECONDS_PER_DAY: Final = 86_400
FULL: Final = 100


class Signal(NamedTuple):
    """One thing that the lead did; `asset` and `campaign` are compared folded, `occurred_at` is aware."""

    kind: str
    asset: str | None
    campaign: str | None
    occurred_at: datetime


class Line(NamedTuple):
    """What one rule gave: whole points, `kind` fit or intent, and why in words."""

    rule: str
    points: int
    kind: str
    detail: str


class Scored(NamedTuple):
    """A score with its explanation; `fit` and `engagement` are the unclamped sums of the lines."""

    score: int
    fit: int
    engagement: int
    band: str
    lines: tuple[Line, ...]
    disqualified_by: str | None
    persona: str | None


Scorer = Callable[[Facts, Sequence[Signal], datetime], Scored]


def score(definition: Definition, facts: Facts, signals: Sequence[Signal], at: datetime) -> Scored:
    """The score of a lead as of `at` (aware); signals after that instant don't count."""
    return compile_definition(definition)(facts, signals, at)


def compile_definition(definition: Definition) -> Scorer:
    """The definition as a function of facts, signals and instant; compiled once for each definition object."""
    return _compiled(_SameObject(definition))


def missing_facts(definition: Definition, facts: Facts) -> tuple[str, ...]:
    """The required facts that nobody knows yet, in the definition's order."""
    return tuple(fact for fact in definition.required_facts if not is_known(facts.get(fact)))


class _SameObject:
    """A definition as a cache key: by identity, since hashing it whole costs more than scoring a lead."""

    __slots__ = ("definition",)

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __hash__(self) -> int:
        return id(self.definition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameObject) and self.definition is other.definition


@lru_cache(maxsize=256)
def _compiled(key: _SameObject) -> Scorer:
    definition = key.definition
    fits = [_fit(rule) for rule in definition.rules if isinstance(rule, FitRule)]
    intents = [_Intent(rule) for rule in definition.rules if isinstance(rule, EngagementRule)]
    disqualifiers = [(each.reason, predicates.test_of(each.predicate)) for each in definition.icp.disqualifiers]
    profiles = [_Profile(persona) for persona in definition.icp.personas]
    bands = definition.bands

    def scorer(facts: Facts, signals: Sequence[Signal], at: datetime) -> Scored:
        fit_lines = [line for test, line in fits if test(facts)]
        intent_lines = _intent_lines(intents, signals, at)
        fit = sum([line.points for line in fit_lines])
        engagement = sum([line.points for line in intent_lines])
        clamped = max(0, min(FULL, fit + engagement))
        return Scored(
            score=clamped,
            fit=fit,
            engagement=engagement,
            band=_band(bands, clamped),
            lines=(*fit_lines, *intent_lines),
            disqualified_by=next((reason for reason, test in disqualifiers if test(facts)), None),
            persona=_persona(profiles, facts),
        )

    return scorer


def _fit(rule: FitRule) -> tuple[predicates.Test, Line]:
    return predicates.test_of(rule.predicate), Line(rule.name, rule.points, "fit", predicate_in_words(rule.predicate))


class _Intent:
    """An engagement rule made ready: its narrowing folded, its label put together."""

    __slots__ = ("asset", "campaign", "cap", "half_life", "kind", "label", "name", "points")

    def __init__(self, rule: EngagementRule) -> None:
        self.name = rule.name
        self.kind = rule.signal
        self.asset = None if rule.asset is None else folding.fold(rule.asset)
        self.campaign = None if rule.campaign is None else folding.fold(rule.campaign)
        self.points = rule.points
        self.cap = rule.cap
        self.half_life = rule.half_life_days * SECONDS_PER_DAY
        self.label = rule.signal.replace("_", " ")

    def ages(self, signals: list[Signal], at: datetime) -> list[float]:
        """The ages in seconds of those signals of its kind that the rule is about."""
        return [
            (at - signal.occurred_at).total_seconds()
            for signal in signals
            if (self.asset is None or folding.fold(signal.asset or "") == self.asset)
            and (self.campaign is None or folding.fold(signal.campaign or "") == self.campaign)
        ]

    def line(self, ages: list[float], at: datetime) -> Line | None:
        """What signals of these ages give as of `at`; None where that rounds to nothing."""
        if not ages:
            return None
        exact = self.points * math.fsum([0.5 ** (age / self.half_life) for age in ages])
        points = round(round(max(-self.cap, min(self.cap, exact)), 9))
        if points == 0:
            return None
        latest = (at - timedelta(seconds=min(ages))).date()
        detail = f"{len(ages)} × {self.label}, latest {latest}"
        return Line(self.name, points, "intent", detail if abs(exact) <= self.cap else f"{detail}, capped")


def _intent_lines(intents: list[_Intent], signals: Sequence[Signal], at: datetime) -> list[Line]:
    by_kind: dict[str, list[Signal]] = {}
    for signal in signals:
        if signal.occurred_at <= at:
            by_kind.setdefault(signal.kind, []).append(signal)
    lines = (intent.line(intent.ages(by_kind[intent.kind], at), at) for intent in intents if intent.kind in by_kind)
    return [line for line in lines if line is not None]


class _Profile:
    """A persona made ready: one test for each thing that tells it."""

    __slots__ = ("name", "tests")

    def __init__(self, persona: Persona) -> None:
        told_by = (
            ("title", "contains_any", persona.roles),
            ("seniority", "in", persona.seniorities),
            ("department", "in", persona.departments),
        )
        self.name = persona.name
        self.tests = [(fact, predicates.test_of(Predicate(fact, op, values))) for fact, op, values in told_by if values]

    def matches(self, facts: Facts) -> int:
        """How many of the known facts fit; 0 where one of them doesn't."""
        results = [test(facts) for fact, test in self.tests if is_known(facts.get(fact))]
        return len(results) if all(results) else 0


def _persona(profiles: list[_Profile], facts: Facts) -> str | None:
    """The persona that most known facts fit, the first of equals."""
    best, found = 0, None
    for profile in profiles:
        count = profile.matches(facts)
        if count > best:
            best, found = count, profile.name
    return found


def _band(bands: Bands, clamped: int) -> str:
    if clamped >= bands.hot:
        return "hot"
    return "warm" if clamped >= bands.warm else "cold"
