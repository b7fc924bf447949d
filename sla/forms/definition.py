"""The lead definition as a plain form: rows for rules, personas, triggers and disqualifiers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.rules.definition import (
    FACTS,
    LABELS,
    OPS_BY_TYPE,
    SIGNAL_KINDS,
    Definition,
    EngagementRule,
    FactType,
    FitRule,
    InvalidDefinition,
    Predicate,
)
from sla.forms.rows import CHOOSE, LONG, Line, Meta, Row, Rows, joined, put, rows_of, split
from sla.rules.wording import SIGNALS

OPERATORS = {
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "contains_any": gettext_lazy("contains any of"),
    "between": gettext_lazy("is between (two values)"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "is_known": gettext_lazy("is known"),
    "is_unknown": gettext_lazy("is unknown"),
}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


class ConditionRow(Row):
    """A row with a condition on a fact."""

    fact = forms.ChoiceField(label=gettext_lazy("Fact"), required=False, choices=[CHOOSE, *LABELS.items()])
    op = forms.ChoiceField(label=gettext_lazy("Condition"), required=False, choices=[CHOOSE, *OPERATORS.items()])
    values = forms.CharField(label=gettext_lazy("Values, with commas between"), required=False, max_length=5000)

    @property
    def predicate(self) -> dict[str, object]:
        """The condition as JSON; values of the type that the fact has, where they can be read as one."""
        given = self.cleaned_data
        kind = FACTS.get(given["fact"], FactType.TEXT)
        return {
            "fact": given["fact"],
            "op": given["op"],
            "values": [_typed(value, kind) for value in split(given["values"])],
        }

    @staticmethod
    def initial_of(predicate: Predicate) -> dict[str, Any]:
        """What the row shows of a condition."""
        values = [("yes" if value else "no") if isinstance(value, bool) else value for value in predicate.values]
        return {"fact": predicate.fact, "op": predicate.op, "values": joined(values)}


def _typed(value: str, kind: FactType) -> object:
    if kind is FactType.NUMBER:
        digits = re.sub(r"[\s.’']", "", value)
        return int(digits) if digits.isascii() and digits.isdigit() else value
    if kind is FactType.FLAG:
        return True if value.casefold() in YES else False if value.casefold() in NO else value
    return value


class FitRow(ConditionRow):
    """Points for a fact."""

    name = forms.CharField(label=gettext_lazy("Rule"), required=False, max_length=200)
    points = forms.IntegerField(label=gettext_lazy("Points"), required=False)
    field_order = ("name", "fact", "op", "values", "points")

    def as_json(self) -> dict[str, object]:
        """The rule."""
        given = self.cleaned_data
        return {"kind": "fit", "name": given["name"], "points": given["points"], "predicate": self.predicate}


class DisqualifierRow(ConditionRow):
    """A condition under which a lead is never handed off."""

    reason = forms.CharField(label=gettext_lazy("Reason shown"), required=False, max_length=200)
    field_order = ("reason", "fact", "op", "values")

    def as_json(self) -> dict[str, object]:
        """The disqualifier."""
        return {"reason": self.cleaned_data["reason"], "predicate": self.predicate}


class EngagementRow(Row):
    """Points for a signal."""

    name = forms.CharField(label=gettext_lazy("Rule"), required=False, max_length=200)
    signal = forms.ChoiceField(
        label=gettext_lazy("Signal"),
        required=False,
        choices=[CHOOSE, *((kind, SIGNALS[kind]) for kind in SIGNAL_KINDS)],
    )
    asset = forms.CharField(label=gettext_lazy("Only this asset"), required=False, max_length=200)
    campaign = forms.CharField(label=gettext_lazy("Only this campaign"), required=False, max_length=200)
    points = forms.IntegerField(label=gettext_lazy("Points each"), required=False)
    cap = forms.IntegerField(label=gettext_lazy("At most"), required=False)
    half_life_days = forms.FloatField(label=gettext_lazy("Half-life, days"), required=False)

    def as_json(self) -> dict[str, object]:
        """The rule."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}
        return {"kind": "engagement", **given}


class PersonaRow(Row):
    """A kind of buyer."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    roles = Line(label=gettext_lazy("Words in the title"))
    seniorities = Line(label=gettext_lazy("Seniority"))
    departments = Line(label=gettext_lazy("Department"))
    responsibilities = forms.CharField(
        label=gettext_lazy("Responsible for"), required=False, widget=forms.Textarea(attrs=LONG)
    )
    challenges = forms.CharField(label=gettext_lazy("Challenges"), required=False, widget=forms.Textarea(attrs=LONG))
    motivations = forms.CharField(label=gettext_lazy("Motivations"), required=False, widget=forms.Textarea(attrs=LONG))
    next_step = forms.CharField(label=gettext_lazy("Next step"), required=False, widget=forms.Textarea(attrs=LONG))
    likely_objection = forms.CharField(
        label=gettext_lazy("Objection to expect"), required=False, widget=forms.Textarea(attrs=LONG)
    )

    def as_json(self) -> dict[str, object]:
        """The persona."""
        return {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}


class TriggerRow(Row):
    """An event that makes a company buy."""

    name = forms.CharField(label=gettext_lazy("Event"), required=False, max_length=200)
    next_step = forms.CharField(label=gettext_lazy("What to do about it"), required=False, max_length=4000)

    def as_json(self) -> dict[str, object]:
        """The trigger."""
        return {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}


class ProfileForm(Meta):
    """Everything of the definition that is not a row."""

    size_min = forms.IntegerField(label=gettext_lazy("From, people"), required=False)
    size_max = forms.IntegerField(label=gettext_lazy("Up to, people"), required=False)
    revenue_min = forms.IntegerField(label=gettext_lazy("Revenue a year from"), required=False)
    revenue_max = forms.IntegerField(label=gettext_lazy("Revenue a year up to"), required=False)
    industries = Line(label=gettext_lazy("Industries"))
    countries = Line(label=gettext_lazy("Countries"), help_text=gettext_lazy("Two letters each, such as DE, AT."))
    technologies = Line(label=gettext_lazy("Technologies"))
    growth_stages = Line(label=gettext_lazy("Growth stages"))
    threshold = forms.IntegerField(label=gettext_lazy("Handed off from a score of"), required=False)
    hot = forms.IntegerField(label=gettext_lazy("Hot from a score of"), required=False)
    warm = forms.IntegerField(label=gettext_lazy("Warm from a score of"), required=False)
    required_facts = forms.MultipleChoiceField(
        label=gettext_lazy("Must be known before a hand-off"),
        required=False,
        choices=[*LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    ICP: ClassVar = (
        "size_min", "size_max", "revenue_min", "revenue_max", "industries", "countries", "technologies", "growth_stages",
    )  # fmt: skip
    use_required_attribute = False


ROWS: Mapping[str, type[Rows]] = {
    "fit": rows_of(FitRow),
    "engagement": rows_of(EngagementRow),
    "disqualifiers": rows_of(DisqualifierRow),
    "personas": rows_of(PersonaRow, extra=0),
    "triggers": rows_of(TriggerRow),
}


class DefinitionEditor:
    """The form and its rows. After `is_valid`, `definition` is what they say; else each problem stands at its field."""

    profile_fields = ProfileForm.ICP

    def __init__(self, current: Definition, version: int, data: Any = None) -> None:
        """`current` fills the form; `data` is what was posted."""
        initial = _initial(current)
        self.form = ProfileForm(data, initial={**initial.pop("form"), "base": version})
        self.rows = {name: rows(data, initial=initial[name], prefix=name) for name, rows in ROWS.items()}
        self.definition: Definition | None = None

    def is_valid(self) -> bool:
        """Whether a definition came out of it."""
        if not all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())]):
            return False
        try:
            self.definition = Definition.from_json(self._json())
        except InvalidDefinition as wrong:
            for path, message in wrong.problems:
                self._show(path, message)
        return self.definition is not None

    def _json(self) -> dict[str, object]:
        given = self.form.cleaned_data
        kept = {name: [row.as_json() for row in rows.kept] for name, rows in self.rows.items()}
        return {
            "icp": {
                **{name: given[name] for name in ProfileForm.ICP},
                "countries": [code.upper() for code in given["countries"]],
                "personas": kept["personas"],
                "trigger_events": kept["triggers"],
                "disqualifiers": kept["disqualifiers"],
            },
            "rules": [*kept["fit"], *kept["engagement"]],
            "bands": {"hot": given["hot"], "warm": given["warm"]},
            "threshold": given["threshold"],
            "required_facts": given["required_facts"],
        }

    def _show(self, path: str, message: str) -> None:
        """A problem of the rules, such as (`rules.3.predicate.values`, what to do), at the field it is about."""
        places: Mapping[str, Sequence[Row]] = {
            "rules": [*self.rows["fit"].kept, *self.rows["engagement"].kept],
            "icp.personas": self.rows["personas"].kept,
            "icp.trigger_events": self.rows["triggers"].kept,
            "icp.disqualifiers": self.rows["disqualifiers"].kept,
        }
        found = re.fullmatch(r"(rules|icp\.\w+)\.(\d+)\.(?:predicate\.)?(\w+)(?:\..*)?", path)
        if found and found[1] in places:
            row = places[found[1]][int(found[2])]
            put(row, {}, found[3], _chosen(row, found[3]) or message)
        elif not put(self.form, {}, re.sub(r"^(icp|bands)\.|\.\d+$", "", path), message):
            self.form.add_error(None, f"{path}: {message}")


def _chosen(row: Row, field: str) -> str:
    """What to choose, in the words of the form; "" where the rules say it themselves."""
    if field in ("fact", "signal"):
        return _("Choose one.")
    fact = str(row.cleaned_data.get("fact"))
    if field != "op" or fact not in FACTS:
        return ""
    known = ", ".join(str(OPERATORS[op]) for op in OPS_BY_TYPE[FACTS[fact]])
    return _("Does not suit “%(fact)s”. Choose one of: %(known)s.") % {"fact": LABELS[fact], "known": known}


def _initial(current: Definition) -> dict[str, Any]:
    icp = current.icp
    return {
        "form": {
            **{name: _plain(getattr(icp, name)) for name in ProfileForm.ICP},
            "threshold": current.threshold,
            "hot": current.bands.hot,
            "warm": current.bands.warm,
            "required_facts": list(current.required_facts),
        },
        "fit": [
            {"name": rule.name, "points": rule.points, **ConditionRow.initial_of(rule.predicate)}
            for rule in current.rules
            if isinstance(rule, FitRule)
        ],
        "engagement": [
            {name: _plain(getattr(rule, name)) for name in EngagementRow.base_fields}
            for rule in current.rules
            if isinstance(rule, EngagementRule)
        ],
        "disqualifiers": [
            {"reason": each.reason, **ConditionRow.initial_of(each.predicate)} for each in icp.disqualifiers
        ],
        "personas": [{name: _plain(getattr(each, name)) for name in PersonaRow.base_fields} for each in icp.personas],
        "triggers": [{"name": each.name, "next_step": each.next_step} for each in icp.trigger_events],
    }


def _plain(value: Any) -> Any:
    return joined(value) if isinstance(value, tuple) else value
