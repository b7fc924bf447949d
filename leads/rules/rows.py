"""A row of an uploaded file as a lead: its cells in the form that a program would have sent them in."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from leads.rules import candidate, folding, tabular
from leads.rules.candidate import Candidate
from leads.rules.normalise import InvalidValue
from leads.rules.tabular import Row

FIELDS: Final = tuple(name for name in tabular.FIELDS if name != "consent")
"""What a column of a file of leads can be."""

IDENTIFYING: Final = frozenset({"external_id", "email", "phone"})
MAX_MESSAGE: Final = 300
MAX_FIELD: Final = 60
MAX_SAMPLE: Final = 60
SAMPLES: Final = 3

_BLANK: Final = frozenset({"NULL", "N/A", "n/a", "#N/A", "NaN", "-", "–"})
_INSTANTS: Final = ("arrived_at", "won_at", "lost_at")
_GUARDED: Final = re.compile(r"'[=+\-@]")
_EITHER_WAY: Final = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)(.*)")
_DAY_ALONE: Final = re.compile(r"[\d./-]+")
_RANGE: Final = re.compile(r"([\d.,' ]+?)\s*(?:-|–|to|bis|a|até)\s*[\d.,' ]+|([\d.,' ]+?)\s*\+|[>≥]=?\s*([\d.,' ]+)")
_PEOPLE: Final = re.compile(r"\s+(?:employees|people|staff|mitarbeiter|funcion[áa]rios|colaboradores)$", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[,;|]")
_OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "won": "won, closed won, win, success, successful, customer, gewonnen, kunde, ganho, ganha, fechado, cliente, true, yes",
    "lost": "lost, closed lost, loss, verloren, perdido, perdida",
    "unknown": "unknown, closed, unbekannt, geschlossen, desconhecido",
    "": "open, new, in progress, contacted, working, offen, neu, in bearbeitung, aberto, novo, em andamento",
}
_OUTCOMES: Final = {word.strip(): told for told, words in _OUTCOME_WORDS.items() for word in words.split(",")}


class RefusedRow(ValueError):
    """A row that can't be taken in: the column at fault and what to do, both cut to what the report holds."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field[:MAX_FIELD]
        self.message = message if len(message) <= MAX_MESSAGE else message[: MAX_MESSAGE - 1] + "…"


@dataclass(frozen=True)
class Reading:
    """How the rows of one file are read.

    `columns`: (place from 0, column, field). `tz`: of instants without an offset. `day_first`: how 3/4/2026 is meant,
    None: such a row is refused. `campaign`: of rows that name none. `currency`: the workspace's, three letters.
    """

    columns: tuple[tuple[int, str, str], ...]
    tz: tzinfo
    default_country: str
    currency: str
    campaign: str = ""
    day_first: bool | None = None


@dataclass(frozen=True)
class ReadRow:
    """A lead out of a row: as read, as a program would have sent it, and the SHA-256 of that."""

    line: int
    candidate: Candidate
    payload: dict[str, Any]
    digest: str


def columns_of(header: Sequence[str], mapping: Mapping[str, str]) -> tuple[tuple[int, str, str], ...]:
    """The mapped columns with their places, in the order of the file."""
    return tuple((place, name, mapping[name]) for place, name in enumerate(header) if mapping.get(name))


def read(row: Row, how: Reading, *, at: datetime) -> ReadRow:
    """The lead in a row. Raises: RefusedRow with everything that is wrong with it."""
    if row.problem:
        raise RefusedRow("", row.problem)
    payload, problems = _payload(row.cells, how)
    found: Candidate | None = None
    try:
        found = candidate.read(payload, default_country=how.default_country, at=at)
    except candidate.InvalidLead as invalid:
        told = {name for name, _ in problems}
        problems += [each for each in invalid.problems if each[0] not in told]
    if problems or found is None:
        raise _refused(problems, how)
    return ReadRow(row.line, found, payload, digest_of(payload))


def digest_of(payload: Mapping[str, Any]) -> str:
    """SHA-256 of a payload, whatever the order of its names."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def samples(rows: Sequence[Row], width: int) -> list[list[str]]:
    """For each column up to three different values, shortened, to recognise it by."""
    found: list[dict[str, None]] = [{} for _ in range(width)]
    for row in rows:
        for place, cell in enumerate(row.cells[:width]):
            value = " ".join(cell.split())[:MAX_SAMPLE]
            if value and len(found[place]) < SAMPLES:
                found[place][value] = None
    return [[*values] for values in found]


def guess_day_first(rows: Sequence[Row]) -> bool | None:
    """Whether dates such as 3/4/2026 begin with the day, where other rows show it; None where nothing or both do."""
    is_day, is_month = False, False
    for cell in (cell for row in rows for cell in row.cells):
        either = _EITHER_WAY.match(cell.strip()) if "/" in cell or "-" in cell else None
        if either:
            is_day |= 12 < int(either[1]) <= 31
            is_month |= 12 < int(either[3]) <= 31
    return is_day if is_day != is_month else None


def _payload(cells: Sequence[str], how: Reading) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    payload: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for place, _, name in how.columns:
        cell = cells[place].strip()
        if not cell or cell in _BLANK:
            continue
        try:
            value = _READERS.get(name, _text)(_unguarded(cell), name, how)
        except InvalidValue as invalid:
            problems.append((name, invalid.message))
        else:
            if value not in ("", None):
                payload["trigger_events" if name == "trigger_event" else name] = value
    _check_currency(payload, how, problems)
    _end_on_the_same_day(payload, cells, how)
    if how.campaign:
        payload.setdefault("campaign", how.campaign)
    return payload, problems


def _unguarded(cell: str) -> str:
    """Without the `'` that our own reports put before what a spreadsheet would run: a corrected report can be imported."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _text(cell: str, name: str, how: Reading) -> str:
    return cell


def _instant(cell: str, name: str, how: Reading) -> str:
    """As ISO 8601 in UTC."""
    either = _EITHER_WAY.fullmatch(cell) if how.day_first is not None else None
    if either and int(either[1]) <= 12 and int(either[3]) <= 12:
        day, month = (either[1], either[3]) if how.day_first else (either[3], either[1])
        cell = f"{either[4]}-{month}-{day}{either[5]}"
    return tabular.parse_instant(cell, how.tz, name).isoformat()


def _amount(cell: str, name: str, how: Reading) -> str:
    return str(tabular.parse_amount(cell, name))


def _whole(cell: str, name: str, how: Reading) -> int:
    """A whole number; of a range (`51-200`, `1000+`) its lower end, which claims the least."""
    cell = _PEOPLE.sub("", cell)
    lower = _RANGE.fullmatch(cell)
    return int(tabular.parse_amount(next(filter(None, lower.groups())) if lower else cell, name))


def _words(cell: str, name: str, how: Reading) -> list[str]:
    return [word.strip() for word in _SEPARATORS.split(cell) if word.strip()]


def _outcome(cell: str, name: str, how: Reading) -> str:
    return _OUTCOMES.get(" ".join(folding.words(cell)), cell)


_READERS: Final[Mapping[str, Callable[[str, str, Reading], Any]]] = {
    **dict.fromkeys(_INSTANTS, _instant),
    "amount": _amount,
    "revenue": _whole,
    "employees": _whole,
    "technologies": _words,
    "trigger_event": _words,
    "outcome": _outcome,
}


def _check_currency(payload: dict[str, Any], how: Reading, problems: list[tuple[str, str]]) -> None:
    told = payload.pop("currency", "").upper()
    if told and told != how.currency and "amount" in payload:
        problems.append(("currency", f"The amount is in {told}, this workspace counts in {how.currency}. Convert it."))


def _end_on_the_same_day(payload: dict[str, Any], cells: Sequence[str], how: Reading) -> None:
    """A day without a time is its first moment: on the day of arrival that would lie before it, and doesn't."""
    arrived = payload.get("arrived_at")
    if arrived is None:
        return
    for place, _, name in how.columns:
        if name in ("won_at", "lost_at") and payload.get(name, arrived) < arrived:
            ended, began = (datetime.fromisoformat(each).astimezone(how.tz) for each in (payload[name], arrived))
            if ended.date() == began.date() and _DAY_ALONE.fullmatch(cells[place].strip()):
                payload[name] = began.astimezone(UTC).isoformat()


def _refused(problems: Sequence[tuple[str, str]], how: Reading) -> RefusedRow:
    """All problems in one line, each under the name of its column."""
    names = {"trigger_events" if field == "trigger_event" else field: column for _, column, field in how.columns}
    told = [(names.get(field, field), message) for field, message in problems]
    if len(told) == 1:
        return RefusedRow(*told[0])
    fields = ", ".join(dict.fromkeys(field for field, _ in told if field))
    return RefusedRow(fields, " ".join(f"{field}: {message}" for field, message in told))
