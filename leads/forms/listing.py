"""What the lead list is asked for, in its address."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Campaign, Source
from leads.queries import listing
from leads.rules import states
from quotarider.accounts.models import Member

COLUMNS: Final = {
    "": _("All"),
    "nurtured": _("Nurtured"),
    "held": _("Held"),
    "in_queue": _("In queue"),
    "in_work": _("In work"),
    "returned": _("Returned"),
    "closed": _("Closed"),
}
PERIODS: Final = {"1": _("Last 24 hours"), "7": _("Last 7 days"), "30": _("Last 30 days"), "90": _("Last 90 days")}
BANDS: Final = {"hot": _("Hot"), "warm": _("Warm"), "cold": _("Cold")}


class FilterForm(forms.Form):
    """All optional; what can't be read is left out of account, so that an old link still shows a list.

    `after` and `before` are the cursors of neighbouring pages.
    """

    q = forms.CharField(required=False, max_length=200)
    column = forms.ChoiceField(required=False, choices=[*COLUMNS.items()])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any state")), *states.LABELS.items()])
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    band = forms.ChoiceField(label=_("Score"), required=False, choices=[("", _("Any score")), *BANDS.items()])
    period = forms.ChoiceField(label=_("Arrived"), required=False, choices=[("", _("Any time")), *PERIODS.items()])
    after = forms.UUIDField(required=False)
    before = forms.UUIDField(required=False)

    def __init__(
        self,
        data: Any,
        *,
        member: Member,
        members: Sequence[Member],
        campaigns: Sequence[Campaign],
        sources: Sequence[Source],
    ) -> None:
        super().__init__(data)
        self.owners = {"me": member} | {str(m.public_id): m for m in members if m.is_active}
        self.campaigns = {str(c.public_id): c for c in campaigns}
        self.sources = {s.slug: s for s in sources}
        self._offer("owner", _("Anybody’s"), {"me": _("Mine"), "queue": _("Nobody’s yet"), **_names(self.owners)})
        self._offer("campaign", _("Any campaign"), _names(self.campaigns))
        self._offer("source", _("Any source"), _names(self.sources))
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
        self.full_clean()

    def _offer(self, name: str, nothing: Any, choices: dict[str, Any]) -> None:
        self.fields[name].choices = [("", nothing), *choices.items()]  # type: ignore[attr-defined]

    def narrow(self, at: datetime) -> listing.Narrow:
        """What was asked for, as of an instant."""
        said = self.cleaned_data
        owner = self.owners.get(said.get("owner", ""))
        campaign = self.campaigns.get(said.get("campaign", ""))
        source = self.sources.get(said.get("source", ""))
        days = said.get("period")
        return listing.Narrow(
            words=listing.words_of(said.get("q", "")),
            column=said.get("column", ""),
            state=said.get("state", ""),
            owner_id=owner.pk if owner else None,
            in_team_queue=said.get("owner") == "queue",
            campaign_id=campaign.pk if campaign else None,
            source_id=source.pk if source else None,
            band=said.get("band", ""),
            since=at - timedelta(days=int(days)) if days else None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("after", "before"))

    @property
    def cursors(self) -> dict[str, UUID | None]:
        """Where the page begins or ends."""
        return {"after": self.cleaned_data.get("after"), "before": self.cleaned_data.get("before")}


def _names(choices: dict[str, Any]) -> dict[str, str]:
    return {value: choice.name for value, choice in choices.items() if value != "me"}
