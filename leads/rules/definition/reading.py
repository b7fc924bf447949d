"""A lead definition's parts from JSON, checked; problems go to the `Fields` they were found in."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, TypeGuard

from leads.rules import countries
from leads.rules.definition.facts import FACTS, SIGNAL_KINDS, FactType
from leads.rules.definition.fields import LIST_MAX, TEXT_MAX, Fields
from leads.rules.definition.parts import ICP, Bands, Disqualifier, EngagementRule, FitRule, Persona, Rule, Trigger
from leads.rules.definition.predicates import OPS_BY_TYPE, Predicate, Value

POINTS_MAX: Final = 100
HALF_LIFE_MAX_DAYS: Final = 3650
NUMBER_MAX: Final = 10**15
_COUNTRY_REMEDY: Final = "Not a country code. Write two letters, like DE or US."
_COUNTS: Final = {"between": (2, 2), "at_least": (1, 1), "at_most": (1, 1), "is_known": (0, 0), "is_unknown": (0, 0)}
_COUNT_REMEDIES: Final = {
    (0, 0): "Give no values: only whether it is known counts.",
    (1, 1): "Give one value.",
    (2, 2): "Give two values, the lower and the upper bound.",
    (1, LIST_MAX): "Give one value or more.",
}


def icp(fields: Fields) -> ICP:
    """The profile; each range's ends in order, names told apart."""
    personas = tuple(_persona(child) for child in fields.children("personas"))
    triggers = tuple(_trigger(child) for child in fields.children("trigger_events"))
    found = ICP(
        size_min=fields.optional_whole("size_min", 0, NUMBER_MAX),
        size_max=fields.optional_whole("size_max", 0, NUMBER_MAX),
        industries=fields.names("industries"),
        countries=fields.names("countries", countries.NAMES, _COUNTRY_REMEDY),
        technologies=fields.names("technologies"),
        growth_stages=fields.names("growth_stages"),
        revenue_min=fields.optional_whole("revenue_min", 0, NUMBER_MAX),
        revenue_max=fields.optional_whole("revenue_max", 0, NUMBER_MAX),
        personas=personas,
        trigger_events=triggers,
        disqualifiers=tuple(_disqualifier(child) for child in fields.children("disqualifiers")),
    )
    _check_order(fields, "size_min", found.size_min, found.size_max)
    _check_order(fields, "revenue_min", found.revenue_min, found.revenue_max)
    _check_distinct(fields, "personas", (persona.name for persona in personas))
    _check_distinct(fields, "trigger_events", (trigger.name for trigger in triggers))
    fields.finish()
    return found


def rules(fields: Fields) -> tuple[Rule, ...]:
    """The scoring rules of the field `rules`, each under a name of its own."""
    found = tuple(_rule(child) for child in fields.children("rules"))
    _check_distinct(fields, "rules", (rule.name for rule in found))
    return found


def bands(fields: Fields) -> Bands:
    """The two bounds, warm not above hot."""
    found = Bands(hot=fields.whole("hot", 0, 100), warm=fields.whole("warm", 0, 100))
    if found.warm > found.hot:
        fields.problem("warm", "Above hot. Lower it, or raise hot.")
    fields.finish()
    return found


def predicate(fields: Fields) -> Predicate:
    """A condition whose operator and values suit its fact."""
    fact = fields.choice("fact", FACTS)
    if not fact:
        return Predicate("", "")
    kind = FACTS[fact]
    op = fields.choice("op", OPS_BY_TYPE[kind])
    values = tuple(value for value in fields.items("values") if _is_value(value, kind))
    if len(values) != len(fields.items("values")):
        fields.problem("values", f"Not all of them fit the fact. Give only {_EXPECTED[kind]}.")
    elif op:
        _check_values(fields, fact, op, values)
    fields.finish()
    return Predicate(fact, op, values)


def _persona(fields: Fields) -> Persona:
    found = Persona(
        name=fields.name("name"),
        roles=fields.names("roles"),
        seniorities=fields.names("seniorities"),
        departments=fields.names("departments"),
        responsibilities=fields.text("responsibilities", maximum=TEXT_MAX),
        challenges=fields.text("challenges", maximum=TEXT_MAX),
        motivations=fields.text("motivations", maximum=TEXT_MAX),
        next_step=fields.text("next_step", maximum=TEXT_MAX),
        likely_objection=fields.text("likely_objection", maximum=TEXT_MAX),
    )
    fields.finish()
    return found


def _trigger(fields: Fields) -> Trigger:
    found = Trigger(name=fields.name("name"), next_step=fields.text("next_step", maximum=TEXT_MAX))
    fields.finish()
    return found


def _disqualifier(fields: Fields) -> Disqualifier:
    found = Disqualifier(reason=fields.name("reason"), predicate=predicate(fields.child("predicate")))
    fields.finish()
    return found


def _rule(fields: Fields) -> Rule:
    kind = fields.choice("kind", ("fit", "engagement"))
    if not kind:
        return FitRule("", Predicate("", ""), 0)
    found = _engagement_rule(fields) if kind == "engagement" else _fit_rule(fields)
    if fields.get("points") == 0:
        fields.problem("points", "Zero has no effect. Give points, or remove the rule.")
    fields.finish()
    return found


def _fit_rule(fields: Fields) -> FitRule:
    return FitRule(
        name=fields.name("name"),
        predicate=predicate(fields.child("predicate")),
        points=fields.whole("points", -POINTS_MAX, POINTS_MAX),
    )


def _engagement_rule(fields: Fields) -> EngagementRule:
    return EngagementRule(
        name=fields.name("name"),
        signal=fields.choice("signal", SIGNAL_KINDS),
        points=fields.whole("points", -POINTS_MAX, POINTS_MAX),
        cap=fields.whole("cap", 1, POINTS_MAX),
        half_life_days=fields.above_zero("half_life_days", HALF_LIFE_MAX_DAYS),
        asset=fields.text("asset").strip() or None,
        campaign=fields.text("campaign").strip() or None,
    )


_EXPECTED: Final = {
    FactType.TEXT: "texts",
    FactType.LIST: "texts",
    FactType.NUMBER: "whole numbers from 0",
    FactType.FLAG: "true or false",
}


def _is_value(value: object, kind: FactType) -> TypeGuard[Value]:
    if kind is FactType.FLAG:
        return isinstance(value, bool)
    if kind is FactType.NUMBER:
        return type(value) is int and 0 <= value <= NUMBER_MAX
    return isinstance(value, str)


def _check_values(fields: Fields, fact: str, op: str, values: tuple[Value, ...]) -> None:
    least, most = (1, 1) if FACTS[fact] is FactType.FLAG and op == "in" else _COUNTS.get(op, (1, LIST_MAX))
    if not least <= len(values) <= most:
        fields.problem("values", _COUNT_REMEDIES[least, most])
    elif op == "between":
        low, high = values
        _check_order(fields, "values", int(low), int(high))
    elif values and isinstance(values[0], str):
        fields.names("values", *((countries.NAMES, _COUNTRY_REMEDY) if fact == "country" else ()))


def _check_order(fields: Fields, name: str, low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        fields.problem(name, "The lower bound is above the upper one. Swap them.")


def _check_distinct(fields: Fields, name: str, names: Iterable[str]) -> None:
    for index, (text, nth) in enumerate(_numbered(names)):
        if text and nth > 1:
            fields.problem(f"{name}.{index}.name", "Another one has this name. Rename one of them.")


def _numbered(names: Iterable[str]) -> Iterable[tuple[str, int]]:
    """Each name with how many of its kind have come so far."""
    seen: Counter[str] = Counter()
    for text in names:
        seen[text] += 1
        yield text, seen[text]
