"""What a rep says of a lead, and who is on a team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handoff.actions.touching import Attempt
from handoff.models import Handoff, Touch
from handoff.rules import story, when
from quotarider.accounts.models import Member


class WhenField(forms.CharField):
    """A date and time as people write it, in the member's zone: an aware UTC instant. The form sets `at`."""

    at: datetime

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("help_text", _("For example: %(examples)s.") % {"examples": when.EXAMPLES})
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": "when-hints", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return when.parse(text, at=self.at, zone=timezone.get_current_timezone())
        except when.UnreadableWhen as unreadable:
            raise ValidationError(str(unreadable)) from None


class TimedForm(forms.Form):
    """A form whose dates are read as of the instant `at`."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, WhenField):
                field.at = at


class TouchForm(forms.Form):
    """One attempt: its result, and a note. The hidden stamp says when the server opened the form, and is its identity."""

    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    result = forms.ChoiceField(label=_("Result"), error_messages={"required": _("Choose how it went.")})
    stamp = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, handoff: Handoff, kind: str, member: Member, at: datetime) -> None:
        super().__init__(data)
        self._salt = f"touch:{handoff.public_id}:{kind}:{member.pk}"
        self._kind = kind
        self.fields["result"].choices = [(name, Touch.RESULTS[name]) for name in story.RESULTS_OF[kind]]  # type: ignore[attr-defined]
        self.initial["stamp"] = signing.dumps([at.isoformat(), uuid4().hex], salt=self._salt)

    def clean_stamp(self) -> tuple[datetime, str]:
        """When the form was opened, and its key."""
        try:
            opened_at, key = signing.loads(self.cleaned_data["stamp"], salt=self._salt)
        except signing.BadSignature:
            raise ValidationError(_("This form is out of date: close it and open it again.")) from None
        return datetime.fromisoformat(opened_at), key

    def told(self) -> str:
        """The result in words."""
        label = Touch.RESULTS[self.cleaned_data["result"]]
        return label[0].lower() + label[1:]

    def attempt(self) -> Attempt:
        """What the action takes."""
        opened_at, key = self.cleaned_data["stamp"]
        return Attempt(self._kind, self.cleaned_data["result"], self.cleaned_data["note"], opened_at, key)


class NextStepForm(TimedForm):
    """What comes next, and when."""

    text = forms.CharField(label=_("What happens next"), max_length=300)
    due_at = WhenField(label=_("When"))


class MemberField(forms.ChoiceField):
    """One of some members, by public id; cleaned to the Member."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.members: dict[str, Member] = {}

    def offer(self, members: Iterable[Member], notes: dict[int, str] | None = None) -> None:
        """Sets who can be chosen, each with a note behind the name if there is one."""
        known = list(members)
        self.members = {str(member.public_id): member for member in known}
        self.choices = [("", _("Choose…"))] + [
            (str(m.public_id), f"{m.name} ({notes[m.pk]})" if notes and m.pk in notes else m.name) for m in known
        ]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return self.members[chosen] if chosen else None


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = MemberField(label=_("Colleague"))
    why = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, colleagues: Iterable[Member], out: dict[int, str]) -> None:
        super().__init__(data)
        self.fields["to"].offer(colleagues, out)  # type: ignore[attr-defined]


class SeatForm(forms.Form):
    """A member for the rotation."""

    member = MemberField(label=_("Member"))

    def __init__(self, data: Any = None, *, members: Iterable[Member], prefix: UUID | str) -> None:
        super().__init__(data, prefix=f"seat-{prefix}")
        self.fields["member"].offer(members)  # type: ignore[attr-defined]


class ManagerForm(forms.Form):
    """Who answers for a team."""

    manager = MemberField(label=_("Manager"))

    def __init__(self, data: Any = None, *, members: Iterable[Member], prefix: UUID | str, initial: Any = None) -> None:
        super().__init__(data, prefix=f"manager-{prefix}", initial=initial)
        self.fields["manager"].offer(members)  # type: ignore[attr-defined]


class AbsenceForm(TimedForm):
    """Who is away, from when until when."""

    member = MemberField(label=_("Who"))
    starts_at = WhenField(label=_("From"), help_text="")
    ends_at = WhenField(label=_("Until"))

    def __init__(self, data: Any = None, *, members: Iterable[Member], at: datetime, initial: Any = None) -> None:
        super().__init__(data, at=at, prefix="absence", initial=initial)
        self.fields["member"].offer(members)  # type: ignore[attr-defined]
