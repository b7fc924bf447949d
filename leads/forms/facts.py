"""Editing one fact."""

from typing import Any, Final

from django import forms

from leads.models import Lead
from leads.rules.definition import LABELS

PERSON: Final = {
    "full_name": "full_name",
    "email": "email",
    "phone": "phone",
    "title": "title",
    "seniority": "seniority",
    "department": "department",
    "timezone": "timezone",
}
COMPANY: Final = {
    "company_name": "name",
    "employees": "employees",
    "industry": "industry",
    "country": "country",
    "growth_stage": "growth_stage",
    "revenue": "revenue",
}
FIELDS: Final = (*PERSON, *COMPANY)
NAMES: Final = {**LABELS, "timezone": "Time zone"}


def value_of(lead: Lead, field: str) -> Any:
    """What we hold of a fact."""
    if field in PERSON:
        return getattr(lead.person, PERSON[field])
    return getattr(lead.company, COMPANY[field]) if lead.company else None


class FactForm(forms.Form):
    """The new value of one fact; the action says whether it can be read."""

    value = forms.CharField(max_length=300, strip=True)

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = NAMES.get(field, field)
        self.fields["value"].widget.attrs |= {"autocomplete": "off", "data-autofocus": ""}
