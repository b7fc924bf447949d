"""Comparison forms of text: what two spellings must share to count as the same."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_FIRST_ACCENT = 10
"""Marks of a lower combining class belong to their letter (Indic vowels, kana voicing); from here on they are accents."""


def fold(text: str) -> str:
    """The text case-folded, without accents, with single spaces: `  Zoë  GROẞ ` -> `zoe gross`."""
    return " ".join((text.lower() if text.isascii() else _without_accents(text)).split())


def words(text: str) -> list[str]:
    """The folded runs of letters and digits, in order: `Côte d'Ivoire` -> `cote`, `d`, `ivoire`."""
    folded = fold(text)
    if folded.isascii():
        return _WORD.findall(folded)
    return "".join(char if _in_word(char) else " " for char in folded).split()


def _in_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _without_accents(text: str) -> str:
    """Compatibility caseless form (Unicode 3.13, D146), less the accents."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if _is_kept(char))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))


def _is_kept(char: str) -> bool:
    return char.isascii() or unicodedata.combining(char) < _FIRST_ACCENT
