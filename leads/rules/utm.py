"""Which campaign brought a lead, by the UTM values of its link."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Ref = TypeVar("Ref")
Key = tuple[str, str, str]
"""Source, medium and campaign, normalised; empty where not given."""

_SEPARATORS: Final = re.compile(r"[\s_+-]+")
# Each campaign names some of the three values; the name of the campaign says most, then the source, then the medium.
_MASKS: Final = ((1, 1, 1), (1, 0, 1), (0, 1, 1), (0, 0, 1), (1, 1, 0), (1, 0, 0), (0, 1, 0))


@dataclass(frozen=True, slots=True)
class Known(Generic[Ref]):
    """A campaign to match against: any reference to it, its name, and the UTM values it is known by (`campaign_key`)."""

    ref: Ref
    name: str
    key: Key


Index = Mapping[Key, Known[Ref]]


def campaign_key(utm_source: str | None, utm_medium: str | None, utm_campaign: str | None) -> Key:
    """The values in comparison form: `Spring_Webinar 2026` and `spring-webinar-2026` are one."""
    return _value(utm_source), _value(utm_medium), _value(utm_campaign)


def index(campaigns: Iterable[Known[Ref]]) -> Index[Ref]:
    """The campaigns by what they are known by, to match many leads; of equals the first counts.

    A campaign without a UTM campaign value is also known by its name.
    """
    listed = list(campaigns)
    found: dict[Key, Known[Ref]] = {}
    for known in listed:
        if any(known.key):
            found.setdefault(known.key, known)
    for known in listed:
        if not known.key[2]:
            found.setdefault((known.key[0], known.key[1], _value(known.name)), known)
    return found


def match_campaign(params: Mapping[str, str | None], campaigns: Iterable[Known[Ref]] | Index[Ref]) -> Known[Ref] | None:
    """The campaign whose every value the link has: one that its name tells before others, then the more specific.

    `params` holds `utm_source`, `utm_medium`, `utm_campaign`, each of which may be missing.
    """
    known = campaigns if isinstance(campaigns, Mapping) else index(campaigns)
    key = campaign_key(params.get("utm_source"), params.get("utm_medium"), params.get("utm_campaign"))
    for mask in _MASKS:
        masked = (key[0] * mask[0], key[1] * mask[1], key[2] * mask[2])
        if any(masked) and (found := known.get(masked)) is not None:
            return found
    return None


def _value(text: str | None) -> str:
    return _SEPARATORS.sub("-", unicodedata.normalize("NFKC", text).casefold().strip()).strip("-") if text else ""
