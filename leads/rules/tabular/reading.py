"""An uploaded file of delimited text, from bytes to rows. No row is dropped in silence.

A file that can't be read as a whole raises `UnreadableFile`, whose message says what to do; a row that doesn't fit the
header is still given, with its problem.
"""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from leads.rules import folding

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
MAX_FIELD: Final = 100_000
DELIMITERS: Final = (",", ";", "\t", "|")

_SAMPLE: Final = 64 * 1024
_SAMPLE_ROWS: Final = 50
_SIGNATURES: Final = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_SAVE_AS: Final = "Save it as CSV (in Excel: Save as, CSV UTF-8) and upload that."
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b"))
_CP1252_HOLES: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_DECLARED: Final = re.compile(r"sep=(.)", re.IGNORECASE)
_DATUM: Final = re.compile(r"\S+@\S+\.\S+|[+-]?[\d.,:/ -]*\d[\d.,:/ -]*")
_SENTINEL: Final = "\x02end\x03"


class UnreadableFile(ValueError):
    """A file that can't be read as a table; `message` says what to do about it."""

    def __init__(self, message: str) -> None:
        """`message` is a sentence to show."""
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file writes its table: a Python codec name, and what stands between two cells."""

    encoding: str
    delimiter: str


class Row(NamedTuple):
    """A row by the file's line it begins on (from 1), its cells as the header's, and what is wrong with it, if anything."""

    line: int
    cells: tuple[str, ...]
    problem: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """The header, the rows below it (an iterator, to be used once), and their number."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    total: int


def sniff(data: bytes) -> Dialect:
    """The encoding and delimiter of a file, found in its bytes. Raises: UnreadableFile."""
    encoding = _encoding(data)
    return Dialect(encoding, _delimiter(_decoded(data, encoding)))


def read(
    data: bytes,
    dialect: Dialect | None = None,
    max_rows: int = MAX_ROWS,
    max_columns: int = MAX_COLUMNS,
    max_field: int = MAX_FIELD,
) -> Table:
    """The table in a file: checked and counted at once, its rows read as they are asked for. Raises: UnreadableFile.

    Blank lines, and rows of blank cells, aren't rows. Blank cells past the header's end are cut off.
    """
    dialect = dialect or sniff(data)
    text = _decoded(data, dialect.encoding)
    records = _records(text, dialect.delimiter)
    header = _header(next(records, (0, []))[1], max_columns)
    total = 0
    for total, (line, _) in enumerate(records, start=1):
        if total > max_rows:
            raise UnreadableFile(f"More than {max_rows:,} rows (from line {line:,}). Split it into smaller files.")
    return Table(header, _rows(text, dialect.delimiter, header, max_field), total)


def _encoding(data: bytes) -> str:
    """By byte order mark, then by where NULs stand, then UTF-8 if it is valid, else Windows' Western code page."""
    if not data.strip():
        raise UnreadableFile("The file is empty. Export it again, with its header line.")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(f"This is {kind}, not a text file. {_SAVE_AS}")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        return _utf_16(sample)
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) / 100:
        raise UnreadableFile(f"This isn't a text file. {_SAVE_AS}")
    return _eight_bit(data)


def _utf_16(sample: bytes) -> str:
    """Delimiters and line ends have a NUL as their high byte, so nearly all NULs stand on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd >= len(sample) / 50:
        if odd >= even * 10:
            return "utf-16-le"
        if even >= odd * 10:
            return "utf-16-be"
    raise UnreadableFile(f"It contains NUL characters: a damaged file, or not a text file. {_SAVE_AS}")


def _eight_bit(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        _refuse_damaged_utf_8(data, problem.start)
    else:
        return "utf-8"
    return "latin-1" if _CP1252_HOLES.search(data) else "cp1252"


def _refuse_damaged_utf_8(data: bytes, start: int) -> None:
    """Mostly valid sequences mean UTF-8 with a broken byte: read as a code page, every accent in it would be garbled."""
    valid = sum(not char.isascii() for char in data.decode("utf-8", "ignore"))
    broken = data.decode("utf-8", "replace").count("\ufffd")
    if valid > broken:
        line = data.count(b"\n", 0, start) + 1
        raise UnreadableFile(
            f"Line {line} isn't valid UTF-8, though the rest is. Correct it, or export the file again."
        )


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        raise UnreadableFile(f"It isn't written in {encoding}. Save it as UTF-8 and upload it again.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableFile(f"Line {line} contains a NUL character. Remove it, or export the file again.")
    return text


def _delimiter(text: str) -> str:
    """The declared one (`sep=;`), else the one that gives most rows as many cells as the header, then most cells."""
    declared = _DECLARED.fullmatch(text.partition("\n")[0].strip())
    if declared and declared[1] in DELIMITERS:
        return declared[1]
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample.rpartition("\n")[0] or sample
    return max(DELIMITERS, key=lambda delimiter: _fitness(sample, delimiter))


def _fitness(sample: str, delimiter: str) -> tuple[float, int]:
    try:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row in itertools.islice((row for row in rows if row), _SAMPLE_ROWS)]
    except csv.Error:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records that aren't blank, each with the line it begins on. Raises: UnreadableFile.

    A sentinel behind the last line shows whether a quotation was left open, which would swallow all rows after it.
    """
    lines = itertools.chain(io.StringIO(text, newline=""), [_SENTINEL])
    reader = csv.reader(lines, delimiter=delimiter)
    begins, ended = 1, False
    try:
        for record in reader:
            ended = record == [_SENTINEL]
            if (
                not ended
                and any(cell and not cell.isspace() for cell in record)
                and not _is_declaration(record, begins)
            ):
                if record[-1].endswith(_SENTINEL):
                    break
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error:
        raise UnreadableFile(_open_quotation(begins)) from None
    if not ended:
        raise UnreadableFile(_open_quotation(begins))


def _open_quotation(line: int) -> str:
    return (
        f'Line {line:,} has a quotation mark (") that is never closed, or a huge cell. Close it, or shorten the cell.'
    )


def _is_declaration(record: list[str], line: int) -> bool:
    """Excel's `sep=;` on the first line; split where it declares the delimiter in use."""
    return line == 1 and record[0].strip().lower() in ("sep=", *(f"sep={delimiter}" for delimiter in DELIMITERS))


def _header(record: list[str], max_columns: int) -> tuple[str, ...]:
    """The column names, checked. Raises: UnreadableFile."""
    names = tuple(" ".join(cell.split()) for cell in _without_blank_end(record))
    if not names or all(not name or _DATUM.fullmatch(name) for name in names) or any("@" in name for name in names):
        raise UnreadableFile("It has no header line. Put the names of the columns into the first line.")
    if len(names) > max_columns:
        raise UnreadableFile(f"It has {len(names):,} columns; at most {max_columns:,} can be read. Remove some.")
    if "" in names:
        raise UnreadableFile(f"Column {names.index('') + 1} has no name. Name it in the first line, or remove it.")
    repeated = [name for name, count in Counter(folding.fold(name) for name in names).items() if count > 1]
    if repeated:
        raise UnreadableFile(f"Several columns have the same name: {', '.join(repeated)}. Rename or remove them.")
    return names


def _rows(text: str, delimiter: str, header: tuple[str, ...], max_field: int) -> Iterator[Row]:
    records = _records(text, delimiter)
    next(records)
    for line, record in records:
        cells = tuple(record if len(record) == len(header) else _fitted(record, len(header)))
        yield Row(line, cells, _problem(cells, header, max_field))


def _fitted(record: list[str], width: int) -> list[str]:
    return record[:width] + _without_blank_end(record[width:])


def _without_blank_end(record: list[str]) -> list[str]:
    end = len(record)
    while end and not record[end - 1].strip():
        end -= 1
    return record[:end]


def _problem(cells: tuple[str, ...], header: tuple[str, ...], max_field: int) -> str | None:
    if len(cells) != len(header):
        return f"Has {len(cells)} cells where the header has {len(header)}. Check its delimiters and quotation marks."
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > max_field:
            return f"Its cell {name} is longer than {max_field:,} characters. Shorten it."
    return None
