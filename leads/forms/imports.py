"""The forms of an import: the file, and what its columns are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.actions.imports import Plan
from leads.models import ImportJob
from leads.rules import rows, tabular

GROUPS: Sequence[tuple[Promise | str, dict[str, Any]]] = (
    (
        _("The person"),
        {
            "external_id": _("Lead id"),
            "email": _("E-mail"),
            "phone": _("Phone"),
            "full_name": _("Full name"),
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "title": _("Job title"),
            "seniority": _("Seniority"),
            "department": _("Department"),
        },
    ),
    (
        _("The company"),
        {
            "company_name": _("Company"),
            "domain": _("Domain or website"),
            "employees": _("Employees"),
            "industry": _("Industry"),
            "country": _("Country"),
            "technologies": _("Technologies"),
            "growth_stage": _("Growth stage"),
            "revenue": _("Yearly revenue"),
        },
    ),
    (
        _("What brought it"),
        {
            "arrived_at": _("Arrived at"),
            "campaign": _("Campaign"),
            "channel": _("Channel"),
            "asset": _("Asset or landing page"),
            "utm_source": "utm_source",
            "utm_medium": "utm_medium",
            "utm_campaign": "utm_campaign",
            "trigger_event": _("Trigger event"),
            "note": _("Note"),
        },
    ),
    (
        _("How it ended"),
        {
            "outcome": _("Outcome: won, lost or unknown"),
            "won_at": _("Won at"),
            "lost_at": _("Lost at"),
            "amount": _("Amount"),
            "currency": _("Currency of the amount"),
            "lost_reason": _("Lost reason"),
        },
    ),
)
CHOICES = [("", _("Leave out")), *((group, [*fields.items()]) for group, fields in GROUPS)]
LABELS = {name: label for _group, fields in GROUPS for name, label in fields.items()}
SOURCE = _("File import")
ENDED = frozenset({"won_at", "lost_at", "lost_reason"})


class UploadForm(forms.Form):
    """A file of leads."""

    file = forms.FileField(
        label=_("File with leads"),
        help_text=_(
            "CSV from any program, in any encoding: the first line names the columns. Up to 200,000 rows, 64 MB."
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"}
        ),
        error_messages={"empty": _("The file is empty. Export it again, with its header line.")},
    )

    def clean_file(self) -> UploadedFile:
        """Not larger than what is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            most = settings.IMPORT_MAX_BYTES // 2**20
            raise forms.ValidationError(gettext("The file is larger than %(most)d MB. Split it.") % {"most": most})
        return file


class PlanForm(forms.Form):
    """What each column of the file is, and what the rows are."""

    treat_as = forms.ChoiceField(
        label=_("These leads are"),
        choices=[
            ("new", _("New leads to work on: scored, and handed to sales where the Agreement says so")),
            ("history", _("History: closed, won or lost where the file tells it, else with the outcome unknown")),
        ],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
        help_text=_("An id is known within its source: to add to leads of an earlier file, name the same source."),
    )
    campaign = forms.CharField(
        label=_("Campaign of rows that name none"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "campaigns", "autocomplete": "off"}),
    )
    day_first = forms.ChoiceField(
        label=_("A date such as 3/4/2026 is"),
        choices=[("", _("Refused: it can be read two ways")), ("day", _("3 April")), ("month", _("4 March"))],
        required=False,
    )

    def __init__(self, data: Any = None, *, job: ImportJob) -> None:
        suggested = job.mapping or tabular.suggest_mapping(job.header)
        super().__init__(data, initial=_initial(job, suggested))
        self.job = job
        for place, column in enumerate(job.header):
            field = forms.ChoiceField(label=column, choices=CHOICES, required=False)
            field.initial = suggested.get(column, "") if suggested.get(column) in LABELS else ""
            self.fields[f"column_{place}"] = field

    def columns(self) -> list[forms.BoundField]:
        """The choice of each column, in the order of the file."""
        return [self[f"column_{place}"] for place in range(len(self.job.header))]

    def clean_source(self) -> str:
        """The source's name on one line."""
        return " ".join(self.cleaned_data["source"].split())

    def clean(self) -> dict[str, Any]:
        """No field twice, and something by which a lead is recognised."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [(name, cleaned.get(name)) for name in self.fields if name.startswith("column_") and cleaned.get(name)]
        seen: dict[str, str] = {}
        for name, field in chosen:
            if field in seen:
                message = gettext("“%(column)s” is this already. Leave one of the two out.")
                self.add_error(name, message % {"column": self.fields[seen[field]].label})
            seen.setdefault(str(field), name)
        if not rows.IDENTIFYING & seen.keys():
            self.add_error(None, gettext("Say which column is the e-mail address, the phone number or the lead’s id."))
        return cleaned

    def plan(self) -> Plan:
        """What was chosen, for the action."""
        data = self.cleaned_data
        chosen = ((column, data[f"column_{place}"]) for place, column in enumerate(self.job.header))
        return Plan(
            mapping={column: field for column, field in chosen if field},
            treat_as=data["treat_as"],
            source=data["source"],
            campaign=data["campaign"],
            day_first={"day": True, "month": False}.get(data["day_first"]),
        )


def _initial(job: ImportJob, suggested: Mapping[str, str]) -> dict[str, Any]:
    """As it was chosen before; a new file that tells when deals ended looks like history."""
    looks_ended = not job.mapping and not ENDED.isdisjoint(suggested.values())
    return {
        "treat_as": "history" if looks_ended else job.treat_as,
        "source": job.source.name if job.source else SOURCE,
        "campaign": job.campaign,
        "day_first": {True: "day", False: "month", None: ""}[job.day_first],
    }
