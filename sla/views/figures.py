"""The board's figures as its templates want them: words, tones, and the address of the rows behind each number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quotarider.web.templatetags.qr import duration, percent
from sla.forms.filters import BoardFilter
from sla.queries.board import Delivered, FirstTouches, Speed, Workload
from sla.queries.running import Pressing
from sla.rules import wording
from sla.rules.calendar import Calendar
from sla.rules.terms import Terms

COLUMNS = {
    "nurtured": gettext_lazy("nurtured"),
    "held": gettext_lazy("held"),
    "in_queue": gettext_lazy("in queue"),
    "in_work": gettext_lazy("in work"),
    "returned": gettext_lazy("returned"),
    "closed": gettext_lazy("closed"),
}
BUCKETS = ("≤ 5 min", "≤ 15 min", "≤ 1 h", "≤ 4 h", gettext_lazy("longer"))
LEGEND = [{"label": label, "series": place} for place, label in enumerate(BUCKETS, start=1)]


def month_start(now: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the month in the zone."""
    return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def ledger(counts: Mapping[str, int], leads_url: str) -> dict[str, Any]:
    """components/ledger.html: the sum, and its parts."""
    parts = [
        {"label": label, "count": counts[column], "url": f"{leads_url}?ledger={column}"}
        for column, label in COLUMNS.items()
    ]
    total = {"label": _("Leads arrived"), "count": counts["arrived"], "url": leads_url}
    return {"total": total, "parts": parts}


def kpis(
    speed: Speed, delivered: Delivered, now: Pressing, terms: Terms, chosen: BoardFilter, *, at: datetime
) -> list[dict[str, Any]]:
    """components/kpi.html, five of them."""
    oldest = _("nobody waits")
    if now.late:
        oldest = _("oldest %(duration)s") % {"duration": duration(at - now.late[0].due_at)}
    wall = _("no first touch yet")
    if speed.wall_p50 is not None:
        wall = _("business time; %(duration)s by the clock on the wall") % {"duration": duration(speed.wall_p50)}
    return [
        _kpi(_("Median speed to lead"), duration(speed.business_p50), wall, url=rows_url(chosen, "decided")),
        _against(_("First touch in time"), speed.share, terms.promised_share, url=rows_url(chosen, "late")),
        _kpi(_("Late right now"), str(now.late_count), oldest, is_late=now.late_count > 0, url="#late"),
        _delivered(delivered, terms, chosen),
        _against(_("Accepted by sales"), delivered.accepted_share, terms.accepted_share, url=""),
    ]


def rows_url(chosen: BoardFilter, outcome: str = "", **other: object) -> str:
    """The first touches behind a figure, relative to the board."""
    return "clocks/" + chosen.query(outcome=outcome, **other)


def _kpi(label: str, value: str, note: str, **other: Any) -> dict[str, Any]:
    return {"label": label, "value": value, "note": note, **other}


def _against(label: str, share: float | None, promised: int, *, url: str) -> dict[str, Any]:
    tone = "" if share is None else "good" if share * 100 >= promised else "bad"
    return _kpi(
        label, percent(share, 1) if share is not None else "–", f"{_('promised')} {promised} %", tone=tone, url=url
    )


def _delivered(delivered: Delivered, terms: Terms, chosen: BoardFilter) -> dict[str, Any]:
    note = f"{_('promised')} {terms.monthly_handoffs:,}" + ("" if chosen.owners is None else f" ({_('all teams')})")
    is_kept = chosen.owners is None and delivered.month >= terms.monthly_handoffs
    return _kpi(_("Handed off this month"), f"{delivered.month:,}", note, tone="good" if is_kept else "", url="")


def reps(
    touches: FirstTouches, workloads: Mapping[int, Workload], terms: Terms, chosen: BoardFilter
) -> list[dict[str, Any]]:
    """A row for everybody who sits in a team or had a hand-off, by name."""
    seated = {member.pk for member in chosen.reps}
    ids = [pk for pk in {*workloads, *touches.by_owner, *seated} if pk in chosen.roster.members]
    if chosen.owners is not None:
        ids = [pk for pk in ids if pk in chosen.owners]
    members = sorted((chosen.roster.members[pk] for pk in ids), key=lambda member: member.name.casefold())
    return [
        _rep(member, touches.by_owner.get(member.pk, Speed()), workloads.get(member.pk, Workload()), terms, chosen)
        for member in members
    ]


def _rep(member: Any, speed: Speed, workload: Workload, terms: Terms, chosen: BoardFilter) -> dict[str, Any]:
    return {
        "member": member,
        "speed": speed,
        "workload": workload,
        "is_late": speed.share is not None and speed.share * 100 < terms.promised_share,
        "url": chosen.query(rep=member.public_id),
        "late_url": rows_url(chosen, "late", rep=member.public_id),
        "rows_url": rows_url(chosen, "decided", rep=member.public_id),
        "parts": [
            {"label": str(label), "count": count, "series": place}
            for place, (label, count) in enumerate(zip(BUCKETS, speed.buckets, strict=True), start=1)
        ],
    }


def heat(by_hour: Mapping[tuple[int, int], Speed], calendar: Calendar, chosen: BoardFilter) -> dict[str, Any]:
    """components/heat.html: the share of late first touches by weekday and hour of their deadlines."""
    hours = range(*_open_hours(calendar, by_hour))
    days = [day for day in range(1, 8) if calendar.hours.get(day - 1) or any(d == day for d, _hour in by_hour)]
    return {
        "columns": [f"{hour:02}" for hour in hours],
        "rows": [
            {
                "label": wording.WEEKDAYS[day - 1][:3],
                "cells": [_cell(day, hour, by_hour.get((day, hour), Speed()), chosen) for hour in hours],
            }
            for day in days
        ],
    }


def _open_hours(calendar: Calendar, by_hour: Mapping[tuple[int, int], Speed]) -> tuple[int, int]:
    windows = [window for windows in calendar.hours.values() for window in windows]
    opens = min([int(start[:2]) for start, _end in windows] + [hour for _day, hour in by_hour])
    closes = max(
        [-(-int(end.replace(":", "")) // 100) for _start, end in windows] + [hour + 1 for _day, hour in by_hour]
    )
    return opens, closes


def _cell(day: int, hour: int, speed: Speed, chosen: BoardFilter) -> dict[str, Any]:
    where = f"{wording.WEEKDAYS[day - 1][:3]} {hour:02}:00"
    if not speed.decided:
        return {"share": None, "title": f"{where}: {_('nothing due')}", "url": ""}
    title = _("%(where)s: %(late)s of %(all)s late") % {"where": where, "late": speed.late, "all": speed.decided}
    share = round(100 * speed.late / speed.decided)
    return {"share": share, "title": title, "url": rows_url(chosen, "decided", weekday=day, hour=hour)}
