"""What both editors of the Agreement share: rows of a kind that can be added and taken out, lists written in a line."""

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONG = {"rows": 2}
CHOOSE = ("", _("Choose"))


def split(text: str) -> list[str]:
    """The values of a line: `Software, "Food, drink"`; line breaks part them as well."""
    rows = csv.reader(text.replace("\r", "").split("\n"), skipinitialspace=True)
    return [value.strip() for row in rows for value in row if value.strip()]


def joined(values: Iterable[object]) -> str:
    """The line that `split` reads back."""
    return ", ".join(f'"{value}"' if "," in str(value) else str(value) for value in values)


class Line(forms.CharField):
    """Several texts in a line, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=5000, **kwargs)

    def clean(self, value: Any) -> Any:
        """The texts."""
        return split(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        """A list as its line."""
        return joined(value) if isinstance(value, list | tuple) else value


class Row(forms.Form):
    """One row of an editor. What it must hold is the rules' to say, so nothing is required here."""

    use_required_attribute = False

    @property
    def is_gone(self) -> bool:
        """Taken out, or left blank."""
        if not hasattr(self, "cleaned_data"):
            return False
        given = [value for name, value in self.cleaned_data.items() if name not in ("DELETE", "ORDER")]
        return bool(self.cleaned_data.get("DELETE")) or not any(value not in (None, "", []) for value in given)


class Rows(forms.BaseFormSet):
    """Rows of a kind; a message of the rules about the whole of them is `problems`."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Rows are taken out by a hidden mark, which static/js/forms.js sets."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget = forms.HiddenInput()

    @property
    def kept(self) -> list[Any]:
        """The rows that count, in order."""
        return [form for form in self.forms if not form.is_gone]


def rows_of(row: type[Row], *, extra: int = 1, **kwargs: Any) -> type[Rows]:
    """The formset of a row, with blank ones at its end for those without scripts."""
    return forms.formset_factory(row, formset=Rows, extra=extra, can_delete=True, max_num=200, **kwargs)  # type: ignore[return-value]


class Meta(forms.Form):
    """What every edit says: which version it began with, and what it changes."""

    base = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=_("What changes, in a sentence"),
        max_length=200,
        help_text=_("Both sides read it in the list of versions."),
        widget=forms.TextInput(attrs={"placeholder": _("Fewer points for downloads: they rarely answer")}),
    )


def put(form: forms.BaseForm, names: Mapping[str, str], field: str, message: str) -> bool:
    """Shows a message at the field that the rules call `field`; False where the form has no such field."""
    name = names.get(field, field)
    if name not in form.fields:
        return False
    form.add_error(name, message)
    return True
