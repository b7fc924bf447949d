"""The lead list: searched, narrowed, page by page, newest arrival first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from leads.models import Campaign, Lead, SearchToken, Source
from leads.rules import folding, states

PAGE: Final = 50
COUNTED: Final = 1000  # more than that is "1,000+"
EXPORTED: Final = 50_000
WORDS: Final = 6
_LAST: Final = "\U0010ffff"  # sorts after every word of a prefix
_PIECE: Final = 2000


@dataclass(frozen=True)
class Narrow:
    """What the list is narrowed by; blank and None mean not at all. `since` is the earliest arrival."""

    words: tuple[str, ...] = ()
    column: str = ""
    state: str = ""
    owner_id: int | None = None
    in_team_queue: bool = False
    campaign_id: int | None = None
    source_id: int | None = None
    band: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Page:
    """One page, the neighbours' cursors, and how many there are in all (None: more than `COUNTED`)."""

    leads: list[Lead]
    before: UUID | None
    after: UUID | None
    count: int | None


def words_of(text: str) -> tuple[str, ...]:
    """What is searched for: folded words, each the beginning of a word of the lead; phone numbers by their digits."""
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) >= 5 and not any(char.isalpha() for char in text):
        return (digits.lstrip("0"),)
    return tuple(dict.fromkeys(word[:64] for word in folding.words(text[:200])))[:WORDS]


def narrowed(by: Narrow) -> QuerySet[Lead]:
    """The leads that fit, in no order yet."""
    rows = Lead.objects.all()
    for word in by.words:
        found = SearchToken.objects.filter(token__gte=word, token__lt=word + _LAST)
        rows = rows.filter(pk__in=found.values("lead_id"))
    if by.since:
        rows = rows.filter(arrived_at__gte=by.since)
    if by.column:
        rows = rows.filter(state__in=[s for s in states.STATES if states.ledger_column(s) == by.column])
    if by.in_team_queue:
        rows = rows.filter(in_team_queue=True)
    same = {"state": by.state, "band": by.band}
    same |= {"owner_id": by.owner_id, "campaign_id": by.campaign_id, "source_id": by.source_id}  # type: ignore[dict-item]
    return rows.filter(**{name: value for name, value in same.items() if value})


def page(by: Narrow, *, after: UUID | None = None, before: UUID | None = None) -> Page:
    """A page of `PAGE` leads after or before a lead. Raises: Lead.DoesNotExist for an unknown cursor."""
    rows = narrowed(by)
    shown = rows.select_related("person", "company", "campaign", "owner__user")
    if before:
        found = list(preceding(shown, before)[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        return Page(found, _first(found) if more else None, _last(found), _count(rows))
    found = list(following(shown, after)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return Page(found, _first(found) if after else None, _last(found) if more else None, _count(rows))


def _first(leads: list[Lead]) -> UUID | None:
    return leads[0].public_id if leads else None


def _last(leads: list[Lead]) -> UUID | None:
    return leads[-1].public_id if leads else None


def _count(rows: QuerySet[Lead]) -> int | None:
    count = rows.order_by()[: COUNTED + 1].count()
    return count if count <= COUNTED else None


def following(rows: QuerySet[Lead], after: UUID | None) -> QuerySet[Lead]:
    """Newest first, from behind that lead on. Raises: Lead.DoesNotExist."""
    rows = rows.order_by("-arrived_at", "-id")
    if after is None:
        return rows
    arrived_at, pk = _place(after)
    # the first condition alone is the index range; the second cuts it to the place
    return rows.filter(Q(arrived_at__lte=arrived_at) & (Q(arrived_at__lt=arrived_at) | Q(pk__lt=pk)))


def preceding(rows: QuerySet[Lead], before: UUID) -> QuerySet[Lead]:
    """Oldest first, from before that lead on. Raises: Lead.DoesNotExist."""
    arrived_at, pk = _place(before)
    rows = rows.order_by("arrived_at", "id")
    return rows.filter(Q(arrived_at__gte=arrived_at) & (Q(arrived_at__gt=arrived_at) | Q(pk__gt=pk)))


def _place(public_id: UUID) -> tuple[datetime, int]:
    return Lead.objects.values_list("arrived_at", "pk").get(public_id=public_id)


EXPORT: Final = {
    "id": "public_id",
    "external_id": "external_id",
    "full_name": "person__full_name",
    "email": "person__email",
    "phone": "person__phone",
    "title": "person__title",
    "company_name": "company__name",
    "domain": "company__domain",
    "employees": "company__employees",
    "industry": "company__industry",
    "country": "company__country",
    "state": "state",
    "owner": "owner__user__email",
    "score": "score",
    "band": "band",
    "campaign": "campaign__name",
    "source": "source__slug",
    "reason": "reason",
    "amount": "amount",
    "arrived_at": "arrived_at",
    "qualified_at": "qualified_at",
    "ended_at": "ended_at",
}
"""The columns of the exported file, and where they come from."""


def exported(by: Narrow) -> Iterator[tuple[Any, ...]]:
    """The rows of the export, newest first, read in pieces; at most `EXPORTED`."""
    after: UUID | None = None
    for _ in range(EXPORTED // _PIECE):
        piece = list(following(narrowed(by), after).values_list(*EXPORT.values())[:_PIECE])
        yield from piece
        if len(piece) < _PIECE:
            return
        after = piece[-1][0]


def sources() -> list[Source]:
    """All sources by name."""
    return list(Source.objects.order_by("name", "id"))


def campaign_choices() -> list[Campaign]:
    """The campaigns to choose from, by name, at most 500."""
    return list(Campaign.objects.only("name", "public_id").order_by("name", "id")[:500])
