"""A lead entered by hand: a call that came in, a card from a fair."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Campaign
from leads.rules import candidate
from leads.rules.definition import SIGNAL_KINDS

FIELDS = ("full_name", "email", "phone", "title", "company_name", "employees", "country", "campaign", "note")


class ManualLeadForm(forms.Form):
    """What is known; the same checks as at every other door. `key` makes a double submit harmless."""

    full_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    company_name = forms.CharField(label=_("Company"), max_length=200, required=False)
    employees = forms.CharField(label=_("Company size"), max_length=9, required=False, help_text=_("People"))
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    signal = forms.ChoiceField(label=_("What they did"), required=False)
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, campaigns: list[Campaign], default_country: str, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default_country, self.at = default_country, at
        self.fields["campaign"].choices = [("", _("None")), *((c.name, c.name) for c in campaigns)]  # type: ignore[attr-defined]
        kinds = [(kind, kind.replace("_", " ").capitalize()) for kind in SIGNAL_KINDS]
        self.fields["signal"].choices = [("", _("Not said")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The lead as read, in `candidate`; what is wrong is told at its field."""
        data = super().clean() or self.cleaned_data
        try:
            self.candidate = candidate.read(self.payload(), default_country=self.default_country, at=self.at)
        except candidate.InvalidLead as invalid:
            for name, message in invalid.problems:
                self.add_error(name if name in self.fields else None, message)
        return data

    def payload(self) -> dict[str, Any]:
        """What was entered, in the shape that all doors share."""
        sent = {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data.get(name)}
        if self.cleaned_data.get("signal"):
            sent["touchpoints"] = [{"kind": self.cleaned_data["signal"]}]
        return sent
