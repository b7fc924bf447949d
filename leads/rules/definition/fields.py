"""Reading untrusted JSON field by field: whatever is wrong is collected with its path, so that a form shows all at once."""

import math
from collections.abc import Collection
from typing import Final

Problem = tuple[str, str]
"""Path of the field (`rules.0.points`) and a sentence that says what to do."""

NAME_MAX: Final = 200
TEXT_MAX: Final = 4000
LIST_MAX: Final = 500


class Fields:
    """The fields of one JSON object. A bad or missing field reads as an empty value and leaves a problem."""

    def __init__(self, value: object, path: str, problems: list[Problem]) -> None:
        """`path` is where the object stands in the whole; `problems` is shared by all of its parts."""
        self._path = path
        self._problems = problems
        self._data: dict[str, object] = value if isinstance(value, dict) else {}
        self._read: set[str] = set()
        if not isinstance(value, dict):
            problems.append((path or "definition", "Must be an object with named fields."))

    def problem(self, name: str, message: str) -> None:
        """Records what is wrong with a field."""
        self._problems.append((f"{self._path}.{name}" if self._path else name, message))

    def get(self, name: str) -> object:
        """The field as it is, None where absent."""
        self._read.add(name)
        return self._data.get(name)

    def finish(self) -> None:
        """Records the fields that nobody asked for."""
        for name in self._data:
            if name not in self._read:
                self.problem(str(name)[:NAME_MAX], "Unknown field. Remove it, or fix its spelling.")

    def text(self, name: str, *, maximum: int = NAME_MAX) -> str:
        """A text that may be empty or absent."""
        value = self.get(name)
        return "" if value is None else self._as_text(name, value, maximum)

    def name(self, name: str) -> str:
        """A text that must say something."""
        value = self.text(name).strip()
        if not value:
            self.problem(name, "Missing. Give it a text.")
        return value

    def choice(self, name: str, choices: Collection[str]) -> str:
        """One of the choices, else empty."""
        value = self.get(name)
        if isinstance(value, str) and value in choices:
            return value
        self.problem(name, f"Must be one of: {', '.join(choices)}.")
        return ""

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.optional_whole(name, low, high)
        if value is None and self.get(name) is None:
            self.problem(name, f"Missing. Give a whole number from {low} to {high}.")
        return value or 0

    def optional_whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`, or None."""
        value = self.get(name)
        if value is None or (type(value) is int and low <= value <= high):
            return value
        self.problem(name, f"Must be a whole number from {low:,} to {high:,}.")
        return None

    def above_zero(self, name: str, high: int) -> float:
        """A number above 0, up to `high`."""
        value = self.get(name)
        if type(value) in (int, float) and math.isfinite(value) and 0 < value <= high:  # type: ignore[arg-type,operator]
            return value  # type: ignore[return-value]
        self.problem(name, f"Must be a number above 0, at most {high:,}.")
        return 0

    def items(self, name: str) -> list[object]:
        """A list, absent meaning empty."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or len(value) > LIST_MAX:
            self.problem(name, f"Must be a list of at most {LIST_MAX} items.")
            return []
        return list(value)

    def names(self, name: str, choices: Collection[str] | None = None, remedy: str = "") -> tuple[str, ...]:
        """Distinct texts, each of the choices where these are given."""
        items = self.items(name)
        found = [self._as_text(f"{name}.{index}", item, NAME_MAX).strip() for index, item in enumerate(items)]
        for index, item in enumerate(found):
            if not item and isinstance(items[index], str) and not str(items[index]).strip():
                self.problem(f"{name}.{index}", "Empty. Give a text, or remove it.")
            elif item and item in found[:index]:
                self.problem(f"{name}.{index}", "Listed twice. Remove one.")
            elif item and choices is not None and item not in choices:
                self.problem(f"{name}.{index}", remedy or f"Must be one of: {', '.join(choices)}.")
        return tuple(found)

    def child(self, name: str) -> "Fields":
        """An object inside this one; absent reads as an empty one."""
        value = self.get(name)
        return self._at(name, {} if value is None else value)

    def children(self, name: str) -> list["Fields"]:
        """The objects of a list."""
        return [self._at(f"{name}.{index}", item) for index, item in enumerate(self.items(name))]

    def _at(self, name: str, value: object) -> "Fields":
        return Fields(value, f"{self._path}.{name}" if self._path else name, self._problems)

    def _as_text(self, name: str, value: object, maximum: int) -> str:
        if not isinstance(value, str):
            self.problem(name, "Must be a text.")
        elif len(value) > maximum:
            self.problem(name, f"Longer than {maximum} characters. Shorten it.")
        elif not _is_storable(value):
            self.problem(name, "Contains characters that are not text (NUL or half a character). Remove them.")
        else:
            return value
        return ""


def _is_storable(text: str) -> bool:
    """PostgreSQL's jsonb takes neither NUL nor lone surrogates."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
