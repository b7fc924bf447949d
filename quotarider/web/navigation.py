"""Where a member can go. Stages register their places in `AppConfig.ready()`; the shell shows what the role may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from quotarider.accounts.models import Member

SETTINGS = "Settings"  # the group shown as tabs of the settings pages instead of in the sidebar
GROUPS = ("", "Contract", "Data")

Count = Callable[[HttpRequest], tuple[int, bool] | None]


@dataclass(frozen=True)
class NavItem:
    """One place. `permission` None: every member. `count(request)` gives (number, is it urgent), at most one query.

    `first_for`: the roles whose first screen it is. `key`: the name by which live updates find the count.
    """

    label: Any
    url_name: str
    permission: str | None
    icon: str = "circle"
    group: str = ""
    order: int = 50
    key: str = ""
    count: Count | None = None
    first_for: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """A NavItem as one request sees it."""

    label: str
    url: str
    icon: str
    key: str
    is_current: bool
    count: int | None = None
    is_hot: bool = False


@dataclass(frozen=True)
class Group:
    """A titled list of places."""

    label: str
    items: list[Place]


_items: dict[str, NavItem] = {}
_extras: dict[str, Callable[[HttpRequest], Any]] = {}


def register(*items: NavItem) -> None:
    """Adds places; one of the same url_name is replaced."""
    _items.update({item.url_name: item for item in items})


def provide(name: str, value: Callable[[HttpRequest], Any]) -> None:
    """Gives the shell a value of a later stage: clock_late_since, pulse_url, pulse_version. Read only if shown."""
    _extras[name] = value


def extras() -> dict[str, Callable[[HttpRequest], Any]]:
    """The values that stages give to the shell, by name."""
    return {"clock_late_since": lambda request: None, **_extras}


def groups(request: HttpRequest) -> list[Group]:
    """The sidebar of this member: groups in order, places by their order, empty groups left out."""
    found = [Group(gettext(label) if label else "", places(request, label)) for label in GROUPS]
    return [group for group in found if group.items]


def places(request: HttpRequest, group: str) -> list[Place]:
    """The places of one group that the member may see; the current one is that with the longest matching path."""
    member: Member = request.member  # type: ignore[attr-defined]
    items = [item for item in _visible(member) if item.group == group]
    urls = {item.url_name: _url(item, member) for item in items}
    current = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    return [_place(item, urls[item.url_name], current, request) for item in items]


def _place(item: NavItem, url: str, current: str, request: HttpRequest) -> Place:
    number, is_hot = (item.count(request) if item.count else None) or (0, False)
    return Place(str(item.label), url, item.icon, item.key, url == current, number or None, is_hot)


def first_screen(member: Member) -> str:
    """The path at which this member's role begins."""
    visible = [item for item in _visible(member) if item.group != SETTINGS]
    mine = [item for item in visible if member.role in item.first_for]
    everyones = [item for item in visible if item.group in GROUPS[:2]]
    for item in [*mine, *everyones]:
        return _url(item, member)
    return reverse("settings:profile", kwargs={"workspace": member.workspace.slug})


def _visible(member: Member) -> list[NavItem]:
    allowed = [item for item in _items.values() if item.permission is None or member.may(item.permission)]
    return sorted(allowed, key=lambda item: item.order)


def _url(item: NavItem, member: Member) -> str:
    return reverse(item.url_name, kwargs={"workspace": member.workspace.slug})
