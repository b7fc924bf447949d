"""The lead definition: what a good lead is, as the Agreement in force says it."""

import dataclasses
from collections.abc import Mapping
from functools import cache

from leads.rules.definition import reading, template
from leads.rules.definition.facts import FACTS, LABELS, SIGNAL_KINDS, Facts, FactType, FactValue, is_known
from leads.rules.definition.fields import Fields, Problem
from leads.rules.definition.parts import ICP, Bands, Disqualifier, EngagementRule, FitRule, Persona, Rule, Trigger
from leads.rules.definition.predicates import OPS, OPS_BY_TYPE, Predicate, predicate_in_words

__all__ = [
    "FACTS",
    "ICP",
    "LABELS",
    "OPS",
    "OPS_BY_TYPE",
    "SIGNAL_KINDS",
    "Bands",
    "Definition",
    "Disqualifier",
    "EngagementRule",
    "FactType",
    "FactValue",
    "Facts",
    "FitRule",
    "InvalidDefinition",
    "Persona",
    "Predicate",
    "Rule",
    "Trigger",
    "default_definition",
    "is_known",
    "predicate_in_words",
]


class InvalidDefinition(ValueError):
    """A definition that can't be used; `problems` are pairs of a field's path and what to do about it."""

    def __init__(self, problems: list[Problem]) -> None:
        """`problems` in the order of the fields."""
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))
        self.problems = problems


@dataclasses.dataclass(frozen=True, slots=True)
class Definition:
    """What a good lead is: profile, scoring rules, bands, the score that makes an MQL, what must be known by then."""

    icp: ICP
    rules: tuple[Rule, ...]
    bands: Bands
    threshold: int
    required_facts: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Definition":
        """The definition that `to_json` gave, or that a form built. Raises: InvalidDefinition."""
        problems: list[Problem] = []
        whole = Fields(data, "", problems)
        found = cls(
            icp=reading.icp(whole.child("icp")),
            rules=reading.rules(whole),
            bands=reading.bands(whole.child("bands")),
            threshold=whole.whole("threshold", 0, 100),
            required_facts=whole.names("required_facts", FACTS),
        )
        whole.finish()
        if problems:
            raise InvalidDefinition(problems)
        return found

    def to_json(self) -> dict[str, object]:
        """The definition as JSON values (dict, list, str, int, float, bool, None), its keys in a fixed order."""
        return {field.name: _json(getattr(self, field.name)) for field in dataclasses.fields(self)}


@cache
def default_definition() -> Definition:
    """What a new workspace starts from: software sold to small and mid-sized companies."""
    return Definition.from_json(template.SMB_SOFTWARE)


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if not dataclasses.is_dataclass(value):
        return value
    kind = {"kind": "fit"} if isinstance(value, FitRule) else {}
    kind = {"kind": "engagement"} if isinstance(value, EngagementRule) else kind
    return kind | {field.name: _json(getattr(value, field.name)) for field in dataclasses.fields(value)}
