"""What sales says of a lead, and what marketing decides."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from feedback.actions.verdicts import Acceptance, Rejection
from feedback.models import Reason
from handoff.forms import TimedForm, WhenField
from leads.rules.definition import LABELS

ANSWERS = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not yet known"))]
ASKED = {"competitor": _("Which competitor"), "note": _("In a few words")}


class AcceptForm(TimedForm):
    """What sales confirmed, and the dated next step."""

    CONFIRMED = ("problem", "budget", "timeline", "authority")

    next_step = forms.CharField(label=_("What happens next"), max_length=300)
    next_step_at = WhenField(label=_("When"))

    def __init__(self, data: Any = None, *, at: datetime, next_step: str = "") -> None:
        super().__init__(data, at=at, initial={"next_step": next_step, **dict.fromkeys(self.CONFIRMED, "unknown")})
        labels = {
            "problem": _("They have a problem that we solve"),
            "budget": _("There is a budget"),
            "timeline": _("There is a timeline"),
            "authority": _("They decide, or bring in who does"),
        }
        for name in self.CONFIRMED:
            self.fields[name] = forms.ChoiceField(label=labels[name], choices=ANSWERS, widget=forms.RadioSelect)
        self.order_fields([*self.CONFIRMED, "next_step", "next_step_at"])

    def acceptance(self) -> Acceptance:
        """What the action takes."""
        data = self.cleaned_data
        return Acceptance({name: data[name] for name in self.CONFIRMED}, data["next_step"], data["next_step_at"])


class ReasonForm(forms.Form):
    """A reason from the catalogue; one that asks for a fact has a field of its own for it beside.

    Errors of `fact` belong to the field beside the chosen reason.
    """

    aliases = ("fact",)

    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.RadioSelect, error_messages={"required": _("Choose a reason.")}
    )

    def __init__(self, data: Any = None, *, reasons: Iterable[Reason]) -> None:
        super().__init__(data)
        self._reasons = {str(reason.public_id): reason for reason in reasons}
        self.fields["reason"].choices = [(key, r.label) for key, r in self._reasons.items()]  # type: ignore[attr-defined]
        for reason in self._reasons.values():
            if reason.asks:
                label = ASKED.get(reason.asks) or LABELS.get(reason.asks, reason.asks)
                self.fields[_fact_name(reason)] = forms.CharField(label=label, required=False, max_length=200)

    def rows(self) -> list[tuple[Reason, BoundField | None, bool]]:
        """Each reason, the field of the fact it asks for, and whether it is chosen."""
        chosen = str(self["reason"].value() or "")
        return [
            (reason, self[_fact_name(reason)] if reason.asks else None, key == chosen)
            for key, reason in self._reasons.items()
        ]

    @property
    def chosen(self) -> Reason:
        """The reason that was chosen."""
        return self._reasons[self.cleaned_data["reason"]]

    @property
    def fact(self) -> str:
        """What it asked for."""
        return str(self.cleaned_data.get(_fact_name(self.chosen), "")).strip()

    def add_error(self, field: str | None, error: Any) -> None:
        key = self.cleaned_data.get("reason", "") if field == "fact" else ""
        super().add_error(_fact_name(self._reasons[key]) if key else field, error)


def _fact_name(reason: Reason) -> str:
    return f"fact-{reason.public_id}"


class RejectForm(ReasonForm):
    """Why not, and the buyer's own words."""

    quote = forms.CharField(
        label=_("In their own words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the buyer said; marketing reads it with the campaign."),
    )

    def rejection(self) -> Rejection:
        """What the action takes."""
        return Rejection(self.chosen, self.fact, self.cleaned_data["quote"])


class LoseForm(ReasonForm):
    """Why the deal was lost."""

    note = forms.CharField(
        label=_("What happened"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """A reason that asks for something gets an answer."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "reason" in cleaned and self.chosen.asks and not (self.fact or cleaned.get("note", "").strip()):
            self.add_error("fact", _("“%(reason)s” needs one more fact: fill it in.") % {"reason": self.chosen.label})
        return cleaned

    def told(self) -> str:
        """The fact that the reason asked for, and the note."""
        return ": ".join(part for part in (self.fact, self.cleaned_data["note"].strip()) if part)


class WinForm(forms.Form):
    """The deal's amount, in the workspace's currency."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)


class NurtureForm(TimedForm):
    """Until when marketing keeps the lead warm."""

    until = WhenField(label=_("Look at it again"))


class DisqualifyForm(LoseForm):
    """Why marketing ends a lead."""
