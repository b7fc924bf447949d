"""Uploaded tables: reading them from bytes, guessing which column is what, reading and writing single cells."""

from leads.rules.tabular.cells import guard_formula, parse_amount, parse_instant
from leads.rules.tabular.mapping import FIELDS, suggest_mapping
from leads.rules.tabular.reading import Dialect, Row, Table, UnreadableFile, read, sniff

__all__ = [
    "FIELDS",
    "Dialect",
    "Row",
    "Table",
    "UnreadableFile",
    "guard_formula",
    "parse_amount",
    "parse_instant",
    "read",
    "sniff",
    "suggest_mapping",
]
