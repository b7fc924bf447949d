"""Tags and filters of every template (built in, no `load` needed)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.defaulttags import querystring
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

register = template.Library()
register.simple_tag(querystring, takes_context=True, name="query_string")

NOTHING = "–"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
SOON_SHARE = 0.25  # the same two thresholds as static/js/fuse.js
SOON_BEFORE = timedelta(minutes=15)
Length = timedelta | int | float | Decimal


@register.inclusion_tag("components/icon.html")
def icon(name: str, label: str = "", **extra: Any) -> dict[str, str]:
    """`{% icon "bell" label="Notifications" class="big" %}`"""
    return {"name": name, "label": label, "class": extra.get("class", "")}


@register.simple_tag(takes_context=True)
def place(context: Context, url_name: str, **kwargs: Any) -> str:
    """`{% place "leads:lead" lead_id=lead.public_id %}`: the path of a page in the request's workspace."""
    return reverse(url_name, kwargs={"workspace": context["request"].workspace.slug, **kwargs})


@register.filter
def may(member: Any, permission: str) -> bool:
    """`{% if request.member|may:"edit_campaigns" %}`"""
    return bool(member.may(permission))


@register.filter
def local(instant: datetime | None, request: HttpRequest | None = None) -> str:
    """An instant as `<time>` in the member's (else the workspace's) zone: 3 Mar 2026, 10:15."""
    if instant is None:
        return NOTHING
    text = date_format(instant.astimezone(_zone(request)), "j M Y, H:i")
    return format_html('<time datetime="{}">{}</time>', instant.astimezone(UTC).isoformat(), text)


@register.filter
def ago(instant: datetime | None, now: datetime | HttpRequest) -> str:
    """How long before (or after) `now`, which is an instant or the request: "6 min ago", "in 2 h 10"."""
    if instant is None:
        return NOTHING
    at = now if isinstance(now, datetime) else now.now  # type: ignore[attr-defined]
    passed = at - instant
    if abs(passed) < timedelta(minutes=1):
        text = gettext("just now")
    elif passed > timedelta(0):
        text = gettext("%(duration)s ago") % {"duration": duration(passed)}
    else:
        text = gettext("in %(duration)s") % {"duration": duration(-passed)}
    return format_html('<time datetime="{}">{}</time>', instant.astimezone(UTC).isoformat(), text)


@register.filter
def moment(instant: datetime, request: HttpRequest) -> str:
    """An instant near now in the member's zone: "10:31", "Wed 09:05", "3 Mar, 09:05"."""
    there, today = instant.astimezone(_zone(request)), request.now.astimezone(_zone(request))  # type: ignore[attr-defined]
    days = abs((there.date() - today.date()).days)
    return date_format(there, "H:i" if days == 0 else "D H:i" if days < 6 else "j M, H:i")


@register.filter
def duration(length: Length | None) -> str:
    """A timedelta or seconds, as long as need be: "45 s", "6 min", "2 h 10", "3 days". Rounded down."""
    if length is None:
        return NOTHING
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    if seconds < 60:
        return f"{sign}{seconds} s"
    if seconds < 3600:
        return f"{sign}{seconds // 60} min"
    if seconds < 86_400:
        hours, minutes = divmod(seconds // 60, 60)
        return f"{sign}{hours} h {minutes:02}" if minutes else f"{sign}{hours} h"
    days = seconds // 86_400
    return sign + ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.filter
def percent(share: float | Decimal | None, decimals: int = 0) -> str:
    """A share from 0 to 1 as "71 %"."""
    return NOTHING if share is None else f"{number_format(Decimal(str(share)) * 100, decimals)} %"


@register.filter
def money(amount: Decimal | float | None, currency: str = "EUR") -> str:
    """An amount without cents: "€12,400"; currencies without a sign by their code: "CHF 900"."""
    if amount is None:
        return NOTHING
    number = number_format(abs(Decimal(str(amount))), 0, use_l10n=True, force_grouping=True)
    return f"{'−' if amount < 0 else ''}{SYMBOLS.get(currency, currency + ' ')}{number}"


@register.filter
def plain(value: Any) -> str:
    """A JSON value in words: lists with commas, yes and no."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(plain(part) for part in value)
    return NOTHING if value is None else str(value)


@register.inclusion_tag("components/fuse.html")
def fuse(
    started_at: datetime | None, due_at: datetime | None, now: datetime, soon_share: float = SOON_SHARE, **extra: Any
) -> dict[str, Any]:
    """What is left of an agreed time, as of `now`; the browser burns it on. Without `due_at` the fuse is paused."""
    if due_at is None:
        return {"state": "paused", "text": NOTHING, "class": extra.get("class", "")}
    left = due_at - now
    whole = due_at - started_at if started_at else timedelta(0)
    share = min(1.0, max(0.0, left / whole)) if whole > timedelta(0) else 1.0
    state = "late" if left < timedelta(0) else "soon" if share < soon_share or left < SOON_BEFORE else ""
    return {
        "started_at": started_at,
        "due_at": due_at,
        "state": state,
        "text": remaining(due_at, now),
        "left": round(share * 100, 1),
        "soon_share": soon_share if soon_share != SOON_SHARE else "",
        "class": extra.get("class", ""),
    }


def remaining(due_at: datetime, now: datetime) -> str:
    """The same words as fuse.js: "03:21", "2 h 10", "Tue 09:30", "−04:12"."""
    left = due_at - now
    if left > timedelta(hours=12):
        return date_format(timezone.localtime(due_at), "j M" if left > timedelta(days=6) else "D H:i")
    sign, seconds = ("−" if left < timedelta(0) else ""), int(abs(left).total_seconds())
    if seconds >= 86_400:
        return f"{sign}{seconds // 86_400} d"
    if seconds >= 3600:
        return f"{sign}{seconds // 3600} h {seconds // 60 % 60:02}"
    return f"{sign}{seconds // 60:02}:{seconds % 60:02}"


def _zone(request: HttpRequest | None) -> Any:
    member = getattr(request, "member", None)
    if member is None:
        return timezone.get_current_timezone()
    return ZoneInfo(member.timezone or member.workspace.timezone)
