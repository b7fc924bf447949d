"""Every address of the product, read from the URL table: an address added tomorrow is asked tomorrow."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from quotarider.accounts import roles
from tests.architecture.catalogue import TENANT_MODELS
from tests.factories.world import World

NOBODY = UUID("01900000-0000-7000-8000-000000000000")
Ids = Mapping[str, Sequence[Any]]
GLOBAL_ROWS = ("accounts_member", "accounts_invitation", "accounts_apikey")


@dataclass(frozen=True)
class Address:
    """One pattern: its whole route, its arguments with their converters' names, its view and its full name."""

    route: str
    arguments: tuple[tuple[str, str], ...]
    view: Any
    name: str

    @property
    def is_page(self) -> bool:
        return self.route.startswith("w/<slug:workspace>/")

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/") and bool(getattr(self.view, "cls", None))

    @property
    def ids(self) -> list[str]:
        return [name for name, kind in self.arguments if kind == "uuid"]

    def path(self, values: Mapping[str, Any]) -> str:
        if "<" not in self.route:
            return "/" + self.route
        if "(?P" in self.route:
            return reverse(self.name, kwargs={name: values.get(name, "x") for name, _ in self.arguments})
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values[m[1]]), self.route)


def _walk(
    patterns: Sequence[Any], prefix: str, arguments: tuple[tuple[str, str], ...], names: str
) -> Iterator[Address]:
    for each in patterns:
        found = (*arguments, *_arguments(each.pattern))
        route = prefix + str(each.pattern).lstrip("^").rstrip("$")
        if isinstance(each, URLResolver):
            space = f"{names}{each.namespace}:" if each.namespace else names
            yield from _walk(each.url_patterns, route, found, space)
        elif isinstance(each, URLPattern):
            yield Address(route, found, each.callback, f"{names}{each.name}")


def _arguments(pattern: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(pattern, RoutePattern):
        kinds = {name: type(c).__name__.removesuffix("Converter").lower() for name, c in pattern.converters.items()}
        return tuple(kinds.items())
    return tuple((name, "regex") for name in pattern.regex.groupindex)


ADDRESSES = sorted(_walk(get_resolver().url_patterns, "", (), ""), key=lambda a: a.route)
PAGES = [each for each in ADDRESSES if each.is_page]
API = [each for each in ADDRESSES if each.is_api]
OTHERS = [each for each in ADDRESSES if not each.is_page and not each.is_api]


def named_by(argument: str, models: Iterable[str]) -> set[str]:
    """The models that an argument of that name may mean: `lead_id` a Lead, `fact_id` an AlternativeFact; or any."""
    stem = argument.removesuffix("_id").replace("_", "")
    return {model for model in models if stem in model.lower()} or set(models)


def choices(argument: str, ids: Ids, most: int) -> list[Any]:
    """Ids to try in an argument's place: several of each model it may mean."""
    return [each for model in sorted(named_by(argument, ids)) for each in ids[model][:most]]


def fillings(
    address: Address, ids: Ids, others: Mapping[str, Any], *more: Ids, most: int = 2
) -> Iterator[dict[str, Any]]:
    """Values for an address: ids of each model in each place, the other arguments as given.

    `more`: ids of another workspace, to stand beside these in addresses with several ids.
    """
    if len(address.ids) == 1:
        for each in choices(address.ids[0], ids, most):
            yield {**others, address.ids[0]: each}
        return
    for sources in itertools.product((ids, *more), repeat=len(address.ids)):
        if not any(each is ids for each in sources):
            continue  # nothing of these
        places = [choices(name, source, most) for name, source in zip(address.ids, sources, strict=True)]
        for values in itertools.product(*places):
            yield {**others, **dict(zip(address.ids, values, strict=True))}


def who_may(address: Address) -> str:
    """The role to ask as: one that has the view's permission."""
    permission = getattr(address.view, "permission", None)
    may = roles.PERMISSIONS[permission] if permission else frozenset(roles.LABELS)
    return next(role for role in ("admin", "sales_manager", "marketing_manager", "rep", "marketer") if role in may)


def others_of(address: Address, world: World) -> list[dict[str, Any]]:
    """What the arguments that are no ids may be: the words that such addresses take."""
    kinds = dict(address.arguments)
    words = {
        "workspace": [world.slug],
        **{n: WORDS.get(n, ["1"]) for n, k in kinds.items() if k != "uuid" and n != "workspace"},
    }
    wanted = {name: words[name] for name, kind in kinds.items() if kind != "uuid"}
    return [dict(zip(wanted, values, strict=True)) for values in itertools.product(*wanted.values())]


WORDS: dict[str, list[Any]] = {
    "field": ["title", "employees"],
    "kind": ["call"],
    "number": [1],
    "token": ["x"],
    "what": ["leads", "won"],
}


def checksum(world: World) -> dict[str, str]:
    """A digest of all rows of a workspace, by table."""
    with world.scope(), connection.cursor() as cursor:
        parts = [
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            f" WHERE workspace_id = {world.workspace.pk}"
            for table in (*TENANT_MODELS, *GLOBAL_ROWS)
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def anonymous_of_ids(body: bytes) -> bytes:
    """A page without what differs each time: ids, tokens against forgery, instants."""
    body = re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"<id>", body)
    body = re.sub(rb"(csrfmiddlewaretoken\" value=\"|X-CSRFToken\W+)[A-Za-z0-9]{64}", b"<token>", body)
    return re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", b"<instant>", body)
