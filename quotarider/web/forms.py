"""Forms of the entrance and of the settings."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from quotarider.accounts import roles
from quotarider.accounts.models import ApiKey, Invitation, User
from quotarider.tenancy import actions as tenancy
from quotarider.tenancy import scope
from quotarider.web import actions, invitations

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))


class ZoneField(forms.ChoiceField):
    """A time zone by its name; static/js/zone.js proposes the browser's."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        first = [("", empty)] if empty else [("UTC", "UTC")]
        choices = [*first, *((zone, zone.replace("_", " ")) for zone in ZONES)]
        super().__init__(choices=choices, label=_("Time zone"), required=not empty, **kwargs)
        if not empty:
            self.initial = "UTC"
            self.widget.attrs["data-zone-guess"] = ""


class WorkspaceForm(forms.Form):
    """What a workspace needs to begin."""

    workspace_name = forms.CharField(
        label=_("Company"), max_length=120, help_text=_("Your workspace is named after it; colleagues join you there.")
    )
    timezone = ZoneField()


class SignUpForm(forms.Form):
    """What allauth asks beside address and password: a name, and a workspace unless one is waiting (invitation)."""

    field_order = ("name", "email", "password1", "workspace_name", "timezone")

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    workspace_name = forms.CharField(
        label=_("Company"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    timezone = ZoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation: Invitation | None = invitations.waiting()
        if self.invitation:
            del self.fields["workspace_name"], self.fields["timezone"]
            self.initial.setdefault("email", self.invitation.email)

    def clean(self) -> dict[str, Any]:
        """The address must be the invited one: a forwarded link opens no seat."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.invitation and cleaned.get("email") not in (None, self.invitation.email):
            self.add_error("email", _("The invitation is for another address: use that one, or sign up without it."))
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        """Names the new user and gives them their first seat; runs in the transaction that creates the user."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        if self.invitation:
            with scope(self.invitation.workspace_id) as opened:
                actions.join(invitations.take(request), user=user, at=opened.now)
        else:
            tenancy.found(user, name=self.cleaned_data["workspace_name"], timezone=self.cleaned_data["timezone"])


class InviteForm(forms.Form):
    """A seat for somebody."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=[*roles.LABELS.items()])


class MemberForm(forms.Form):
    """A seat's role, and whether it is open."""

    role = forms.ChoiceField(label=_("Role"), choices=[*roles.LABELS.items()])
    is_active = forms.BooleanField(label=_("Active"), required=False)


class ProfileForm(forms.Form):
    """What others see of a member, and the zone in which the member reads times."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    timezone = ZoneField(empty=_("As the workspace"))


class KeyForm(forms.Form):
    """A key for the API. The source is what its leads are booked under."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What uses the key, such as “Website form”."))
    source = forms.SlugField(
        label=_("Source"), max_length=60, help_text=_("Short, for example “website”: leads of this key come from it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=[*ApiKey.SCOPES.items()], widget=forms.CheckboxSelectMultiple
    )
    is_trusted = forms.BooleanField(
        label=_("Its instants prove a touch"),
        required=False,
        help_text=_(
            "A first touch that this source reports as earlier withdraws a breach. For telephony and CRM only."
        ),
    )


def describe(form: forms.Form) -> str:
    """All errors of a form in one line, for a toast."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
