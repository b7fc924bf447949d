"""One condition on one fact: `country in (DE, AT)`, `employees between 50 and 500`.

An unknown fact meets no condition but `is_unknown`: what nobody knows neither gains points nor disqualifies.
Texts compare without regard to case and accents.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from leads.rules import folding
from leads.rules.definition.facts import FACTS, LABELS, Facts, FactType, FactValue, is_known

Value = str | int | bool
Test = Callable[[Facts], bool]

OPS: Final = ("in", "not_in", "between", "at_least", "at_most", "contains_any", "is_known", "is_unknown")
OPS_BY_TYPE: Final[Mapping[FactType, tuple[str, ...]]] = {
    FactType.TEXT: ("in", "not_in", "contains_any", "is_known", "is_unknown"),
    FactType.NUMBER: ("between", "at_least", "at_most", "in", "not_in", "is_known", "is_unknown"),
    FactType.FLAG: ("in", "is_known", "is_unknown"),
    FactType.LIST: ("contains_any", "not_in", "is_known", "is_unknown"),
}
_WORDS: Final[Mapping[str, str]] = {
    "in": "is one of {}",
    "not_in": "is none of {}",
    "between": "is between {} and {}",
    "at_least": "is at least {}",
    "at_most": "is at most {}",
    "contains_any": "contains any of {}",
    "is_known": "is known",
    "is_unknown": "is unknown",
}
_UNSPACED_SCRIPTS_FROM = "\u2e80"
"""From here on (Han, kana, Hangul) words aren't set apart by spaces."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition: `op` applied to the fact named `fact` with `values` (texts, whole numbers or flags)."""

    fact: str
    op: str
    values: tuple[Value, ...] = ()


def holds(predicate: Predicate, facts: Facts) -> bool:
    """Whether the facts meet the condition; compile it with `test_of` when asking often."""
    return test_of(predicate)(facts)


def test_of(predicate: Predicate) -> Test:
    """The condition as a function of facts, its values folded once."""
    fact = predicate.fact
    if predicate.op == "is_unknown":
        return lambda facts: not is_known(facts.get(fact))
    if predicate.op == "is_known":
        return lambda facts: is_known(facts.get(fact))
    meets = _TESTS[FACTS[fact]](predicate.op, predicate.values)
    return lambda facts: is_known(facts.get(fact)) and meets(facts[fact])


def predicate_in_words(predicate: Predicate) -> str:
    """The condition as a phrase for people: `Company size is between 50 and 500`."""
    label = LABELS.get(predicate.fact, predicate.fact)
    if FACTS.get(predicate.fact) is FactType.FLAG and predicate.op == "in":
        return f"{label}: {' or '.join('yes' if value else 'no' for value in predicate.values)}"
    shown = [f"{value:,}" if type(value) is int else str(value) for value in predicate.values]
    if predicate.op != "between":
        shown = [", ".join(shown)]
    return f"{label} {_WORDS[predicate.op].format(*shown)}"


@lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    """Titles, industries and countries come again and again; folding one costs more than the comparison."""
    return folding.fold(text)


@lru_cache(maxsize=8192)
def _padded(text: str) -> str:
    """The folded words between spaces, so that `cto` is found in `CTO, EMEA` and not in `Director`."""
    return f" {' '.join(folding.words(text))} "


def _phrase(text: str) -> str:
    padded = _padded(text)
    return padded.strip() if any(char >= _UNSPACED_SCRIPTS_FROM for char in padded) else padded


def _text_test(op: str, values: tuple[Value, ...]) -> Callable[[FactValue], bool]:
    if op == "contains_any":
        phrases = [phrase for phrase in map(_phrase, map(str, values)) if phrase.strip()]
        return lambda value: _contains_any(_padded(str(value)), phrases)
    wanted = frozenset(_fold(str(value)) for value in values)
    if op == "in":
        return lambda value: _fold(str(value)) in wanted
    return lambda value: _fold(str(value)) not in wanted


def _list_test(op: str, values: tuple[Value, ...]) -> Callable[[FactValue], bool]:
    wanted = frozenset(_fold(str(value)) for value in values)
    if op == "contains_any":
        return lambda value: isinstance(value, tuple | list) and not wanted.isdisjoint(map(_fold, value))
    return lambda value: isinstance(value, tuple | list) and wanted.isdisjoint(map(_fold, value))


def _number_test(op: str, values: tuple[Value, ...]) -> Callable[[FactValue], bool]:
    numbers = tuple(int(value) for value in values)
    low, high = numbers[0], numbers[-1]
    tests: dict[str, Callable[[int], bool]] = {
        "between": lambda number: low <= number <= high,
        "at_least": lambda number: number >= low,
        "at_most": lambda number: number <= low,
        "in": lambda number: number in numbers,
        "not_in": lambda number: number not in numbers,
    }
    test = tests[op]
    return lambda value: isinstance(value, int) and test(value)


def _flag_test(op: str, values: tuple[Value, ...]) -> Callable[[FactValue], bool]:
    return lambda value: value in values


def _contains_any(padded: str, phrases: list[str]) -> bool:
    return any(phrase in padded for phrase in phrases)


_TESTS: Final[Mapping[FactType, Callable[[str, tuple[Value, ...]], Callable[[FactValue], bool]]]] = {
    FactType.TEXT: _text_test,
    FactType.LIST: _list_test,
    FactType.NUMBER: _number_test,
    FactType.FLAG: _flag_test,
}
