"""The terms of the Agreement as a plain form: promises, business time, ladders, targets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quotarider.web.forms import ZONES
from sla.forms.rows import CHOOSE, LONG, Meta, Row, Rows, put, rows_of, split
from sla.rules import InvalidRule, business_time
from sla.rules.calendar import Calendar
from sla.rules.kinds import KINDS
from sla.rules.ladder import Ladder, Rung
from sla.rules.terms import BANDS, Promise, Terms
from sla.rules.wording import STEPS, WEEKDAYS

OFFERED_STEPS = {kind: words for kind, words in STEPS.items() if kind != "reassign"}  # nothing reassigns by itself yet
MINUTE = timedelta(minutes=1)


class PromiseRow(Row):
    """A promise; empty conditions match every lead."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Promise"),
        required=False,
        choices=[CHOOSE, *((name, kind.label) for name, kind in KINDS.items())],
    )
    minutes = forms.IntegerField(label=gettext_lazy("Business minutes"), required=False)
    band = forms.ChoiceField(
        label=gettext_lazy("Band"),
        required=False,
        choices=[(band, band.capitalize() or gettext_lazy("Any")) for band in BANDS],
    )
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=60)
    campaign = forms.CharField(label=gettext_lazy("Campaign"), required=False, max_length=120)
    country = forms.CharField(label=gettext_lazy("Country"), required=False, max_length=2)

    def read(self) -> Promise | None:
        """The promise, or None with its problem at the field."""
        given = {name: self.cleaned_data[name] for name in ("kind", "minutes", "band", "source", "campaign", "country")}
        try:
            return Promise(**given)
        except InvalidRule as wrong:
            put(self, {}, wrong.field, _sentence(wrong)) or self.add_error(None, _sentence(wrong))
        return None


class RungRow(Row):
    """A step: at a share of the time, or so many business minutes after the deadline."""

    kind = forms.ChoiceField(label=gettext_lazy("Step"), required=False, choices=[CHOOSE, *OFFERED_STEPS.items()])
    share = forms.FloatField(label=gettext_lazy("At % of the time"), required=False)
    after = forms.IntegerField(label=gettext_lazy("or minutes after it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = (self.initial or {}).get("kind")
        if kind and kind not in OFFERED_STEPS:
            self.fields["kind"].choices = [*self.fields["kind"].choices, (kind, STEPS[kind])]  # type: ignore[attr-defined]

    def read(self) -> Rung | None:
        """The step, or None with its problem at the field."""
        share, after = self.cleaned_data["share"], self.cleaned_data["after"]
        try:
            return Rung(
                self.cleaned_data["kind"],
                None if share is None else share / 100,
                None if after is None else after * MINUTE,
            )
        except InvalidRule as wrong:
            put(self, {}, wrong.field, _sentence(wrong)) or self.add_error(None, _sentence(wrong))
        return None


class TermsForm(Meta):
    """Business time and targets."""

    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=[(z, z.replace("_", " ")) for z in ("UTC", *ZONES)]
    )
    holiday_country = forms.CharField(
        label=gettext_lazy("Public holidays of"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("A country, such as DE"),
    )
    holiday_subdivision = forms.CharField(
        label=gettext_lazy("in the region"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("Such as BE for Berlin"),
    )
    days_off = forms.CharField(
        label=gettext_lazy("Own days off"),
        required=False,
        help_text=gettext_lazy("Dates such as 2026-12-24, with commas between"),
        widget=forms.Textarea(attrs=LONG),
    )
    promised_share = forms.IntegerField(
        label=gettext_lazy("Sales: first touches in time, %"), min_value=0, max_value=100
    )
    monthly_handoffs = forms.IntegerField(
        label=gettext_lazy("Marketing: hand-offs a month"), min_value=0, max_value=1_000_000
    )
    accepted_share = forms.IntegerField(
        label=gettext_lazy("Marketing: accepted by sales, %"), min_value=0, max_value=100
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(WEEKDAYS):
            self.fields[f"hours_{day}"] = forms.CharField(
                label=name, required=False, widget=forms.TextInput(attrs={"placeholder": _("closed")})
            )

    @property
    def weekdays(self) -> list[forms.BoundField]:
        """The seven fields of the week."""
        return [self[f"hours_{day}"] for day in range(7)]

    def calendar(self) -> Calendar | None:
        """The calendar, or None with its problem at the field."""
        given = self.cleaned_data
        try:
            return Calendar.from_json(
                {
                    "timezone": given["timezone"],
                    "hours": {str(day): _windows(given[f"hours_{day}"]) for day in range(7)},
                    "holiday_country": given["holiday_country"].upper() or None,
                    "holiday_subdivision": given["holiday_subdivision"].upper() or None,
                    "days_off": split(given["days_off"]),
                }
            )
        except InvalidRule as wrong:
            names = {f"hours.{day}": f"hours_{day}" for day in range(7)} | {"hours": "hours_0"}
            put(self, names, wrong.field, _sentence(wrong)) or self.add_error(None, _sentence(wrong))
        return None


ROWS: Mapping[str, type[Rows]] = {
    "promises": rows_of(PromiseRow, can_order=True),
    "ladder": rows_of(RungRow),
    "marketing_ladder": rows_of(RungRow),
}


@dataclass(frozen=True)
class Example:
    """What a promise means for a lead handed off on Friday at 16:50; `due_at` by the clock on the wall."""

    promise: str
    due_at: datetime


class TermsEditor:
    """The form and its rows. After `is_valid`, `terms` is what they say; else each problem stands at its field."""

    def __init__(self, current: Terms, version: int, data: Any = None) -> None:
        """`current` fills the form; `data` is what was posted."""
        self._current, initial = current, _initial(current)
        self.form = TermsForm(data, initial={**initial.pop("form"), "base": version})
        self.rows = {name: rows(data, initial=initial[name], prefix=name) for name, rows in ROWS.items()}
        self.terms: Terms | None = None

    def is_valid(self) -> bool:
        """Whether terms came out of it."""
        self.terms = self._read() if self._is_readable() else None
        return self.terms is not None

    def examples(self, now: datetime) -> list[Example]:
        """When a lead handed off next Friday at 16:50 is late, by each promise of a first touch; [] while unreadable."""
        if not self.form.is_bound:
            return _examples(self._current.calendar, self._current.promises, now)
        if not self._is_readable():
            return []
        calendar, promises = self.form.calendar(), self._promises()
        return [] if calendar is None or promises is None else _examples(calendar, promises, now)

    def _is_readable(self) -> bool:
        return all([not set(self.form.errors) - {"summary"}, *(rows.is_valid() for rows in self.rows.values())])

    def _read(self) -> Terms | None:
        calendar, promises = self.form.calendar(), self._promises()
        sales, marketing = self._ladder("ladder"), self._ladder("marketing_ladder")
        given = self.form.cleaned_data
        if calendar is None or promises is None or sales is None or marketing is None or self.form.errors:
            return None
        return Terms(
            calendar,
            promises,
            sales,
            marketing,
            promised_share=given["promised_share"],
            monthly_handoffs=given["monthly_handoffs"],
            accepted_share=given["accepted_share"],
        )

    def _promises(self) -> tuple[Promise, ...] | None:
        rows = self.rows["promises"]
        placed = sorted(rows.kept, key=lambda row: (row.cleaned_data.get("ORDER") or 999, rows.forms.index(row)))
        read = [row.read() for row in placed]
        return None if None in read else tuple(read)

    def _ladder(self, name: str) -> Ladder | None:
        read = [row.read() for row in self.rows[name].kept]
        if None in read:
            return None
        try:
            return Ladder(tuple(read))
        except InvalidRule as wrong:
            self.form.add_error(None, f"{LADDERS[name]}: {_sentence(wrong, _LADDER_REMEDIES)}")
        return None


LADDERS = {
    "ladder": gettext_lazy("Steps of sales’ clocks"),
    "marketing_ladder": gettext_lazy("Steps of marketing’s clocks"),
}
_LADDER_REMEDIES = {"never become late": gettext_lazy("Add the step “Mark late” at 100 % of the time")}


def _examples(calendar: Calendar, promises: tuple[Promise, ...], now: datetime) -> list[Example]:
    at = _friday(now.astimezone(calendar.zone))
    return [
        Example(promise.name.partition(": ")[2], _due(calendar, at, promise).astimezone(calendar.zone))
        for promise in promises
        if promise.kind == "first_touch"
    ]


def _friday(now: datetime) -> datetime:
    day = now + timedelta(days=(4 - now.weekday()) % 7)
    return day.replace(hour=16, minute=50, second=0, microsecond=0)


def _due(calendar: Calendar, at: datetime, promise: Promise) -> datetime:
    return business_time.deadline(calendar, at, promise.minutes * MINUTE)


def _sentence(wrong: InvalidRule, remedies: Mapping[str, Any] | None = None) -> str:
    return f"{wrong.problem[:1].upper()}{wrong.problem[1:]}. {(remedies or {}).get(wrong.problem, wrong.remedy)}."


def _windows(text: str) -> list[list[str]]:
    """`9-12, 13:00-18:00` as pairs of times; what is no pair is left for the calendar to refuse."""
    return [[_time(part) for part in window.replace("–", "-").split("-")] for window in split(text)]


def _time(text: str) -> str:
    hours, _colon, minutes = text.strip().partition(":")
    return f"{hours:0>2}:{minutes or '00'}" if hours else ""


def _initial(current: Terms) -> dict[str, Any]:
    calendar = current.calendar
    hours = {
        f"hours_{day}": ", ".join(f"{opens}-{closes}" for opens, closes in calendar.hours.get(day, ()))
        for day in range(7)
    }
    return {
        "form": {
            "timezone": calendar.timezone,
            "holiday_country": calendar.holiday_country or "",
            "holiday_subdivision": calendar.holiday_subdivision or "",
            "days_off": ", ".join(day.isoformat() for day in sorted(calendar.days_off)),
            "promised_share": current.promised_share,
            "monthly_handoffs": current.monthly_handoffs,
            "accepted_share": current.accepted_share,
            **hours,
        },
        "promises": [vars(promise).copy() for promise in current.promises],
        "ladder": [_rung(rung) for rung in current.ladder.rungs],
        "marketing_ladder": [_rung(rung) for rung in current.marketing_ladder.rungs],
    }


def _rung(rung: Rung) -> dict[str, Any]:
    share = None if rung.share is None else f"{rung.share * 100:g}"
    return {"kind": rung.kind, "share": share, "after": None if rung.after is None else rung.after // MINUTE}
