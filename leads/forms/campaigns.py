"""The form of a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.actions.campaigns import Details
from leads.models import Campaign
from quotarider.accounts.models import Member

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """Name, channel, cost, dates, the UTM values that it answers to, and who answers for its leads."""

    name = forms.CharField(label=_("Name"), max_length=120)
    channel = forms.CharField(label=_("Channel"), max_length=60, required=False, help_text=_("As “Paid search”"))
    cost = forms.DecimalField(label=_("Cost"), min_value=0, max_digits=12, decimal_places=2, required=False)
    owner = forms.TypedChoiceField(label=_("Answers for its leads"), required=False, coerce=int, empty_value=None)
    starts_on = forms.DateField(label=_("Starts"), required=False, widget=DATE)
    ends_on = forms.DateField(label=_("Ends"), required=False, widget=DATE)
    utm_source = forms.CharField(label="utm_source", max_length=120, required=False)
    utm_medium = forms.CharField(label="utm_medium", max_length=120, required=False)
    utm_campaign = forms.CharField(label="utm_campaign", max_length=120, required=False)

    def __init__(self, *args: Any, owners: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {member.pk: member for member in owners}
        nobody = ("", _("Marketing’s manager"))
        self.fields["owner"].choices = [nobody, *((m.pk, m.name) for m in owners)]  # type: ignore[attr-defined]

    def details(self) -> Details:
        """What was entered, for the action."""
        data = self.cleaned_data
        return Details(**{**data, "cost": data["cost"] or 0, "owner": self.owners.get(data["owner"])})


def initial(campaign: Campaign) -> dict[str, Any]:
    """A campaign as the form shows it."""
    return {name: getattr(campaign, name) for name in CampaignForm.base_fields if name != "owner"} | {
        "owner": campaign.owner_id
    }
