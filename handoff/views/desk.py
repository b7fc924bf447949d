"""What the queue's page shows: the list, the lead in focus, and what changes after a deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import push_url, trigger_client_event

from handoff import queries
from handoff.queries import briefing as briefings
from handoff.rules import listing, story, whereabouts
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.web import partials
from quotarider.web.requests import WorkspaceRequest

TEMPLATE = "handoff/queue.html"
DRAWN = 100  # the most pressing ones; a page of a thousand takes a second to draw, and nobody works them all today


@dataclass(frozen=True)
class Engaged:
    """A touchpoint in words."""

    at: datetime
    what: str
    asset: str
    detail: str
    campaign: str


def whole(request: WorkspaceRequest, listed: Member, chosen: Any = None) -> dict[str, Any]:
    """The page: the queue of `listed`, and in focus the chosen hand-off, or the top one."""
    rows, waiting = queries.queues(listed)
    handoff = chosen or (rows[0] if rows else None)
    return {**lists(request, listed, rows, waiting), **panel(request, handoff, is_chosen=chosen is not None)}


def lists(request: WorkspaceRequest, listed: Member, rows: Sequence[Any], waiting: Sequence[Any]) -> dict[str, Any]:
    """Heading and list of a member's queue."""
    at, is_own = request.now, listed.pk == request.member.pk
    shown = [(row.pk, row.act_by, row.handed_off_at) for row in rows]
    summary = listing.summary([row.act_by for row in rows], at)
    if is_own:
        request.queue_summary = summary  # type: ignore[attr-defined]  # the sidebar's count needs no query of its own
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "listed": listed,
        "is_own": is_own,
        "items": [listing.item(row, at) for row in rows[:DRAWN]],
        "team_items": [listing.item(row, at) for row in waiting[:DRAWN]],
        "more": max(0, len(rows) - DRAWN),
        "summary": summary,
        "day": briefings.first_touches(listed, midnight),
        "colleagues": _colleagues(request),
        "pulse_version": f"{listing.fingerprint(shown, at)}.{listing.basis(shown)}" if is_own else "",
    }


def _colleagues(request: WorkspaceRequest) -> list[Member]:
    if not request.member.may("view_any_queue"):
        return []
    members = accounts.members(request.workspace.pk).filter(is_active=True)
    return [member for member in members if member.may("work_queue") or member.pk == request.member.pk]


def panel(request: WorkspaceRequest, handoff: Any, *, is_chosen: bool) -> dict[str, Any]:
    """The lead in focus with everything; None is an empty queue."""
    if handoff is None:
        return {"handoff": None, "is_chosen": False}
    brief = briefings.briefing(handoff)
    person = handoff.lead.person
    member = request.member
    can_work = handoff.owner_id == member.pk or member.may("reassign")
    zone = whereabouts.zone_of(person.timezone, person.phone_norm)
    return {
        "handoff": handoff,
        "is_chosen": is_chosen,
        "item": listing.item(handoff, request.now),
        "owed": listing.OWED.get(handoff.act_on, ""),
        "brief": brief,
        "engaged": [_engaged(event) for event in brief.engaged],
        "there": _there(request.now, zone),
        "is_mine": handoff.owner_id == member.pk,
        "can_work": can_work,
        "can_take": handoff.in_team_queue and handoff.owner_id != member.pk and member.may("work_queue"),
        "clock_url": place_of(request, "sla:clock_details", handoff_id=handoff.public_id) if can_work else "",
        "lead_url": place_of(request, "leads:lead", lead_id=handoff.lead.public_id),
    }


def _engaged(event: briefings.Event) -> Engaged:
    what = story.engagement(event.kind, event.asset)
    return Engaged(event.at, what, event.asset, event.detail, event.by)


def _there(at: datetime, zone: ZoneInfo | None) -> datetime | None:
    """The wall clock's time where the buyer is, if that differs from the reader's."""
    return at.astimezone(zone).replace(tzinfo=None) if zone else None


def place_of(request: WorkspaceRequest, name: str, **kwargs: Any) -> str:
    """The address of another stage's page, or "" where it has none."""
    try:
        return reverse(name, kwargs={"workspace": request.workspace.slug, **kwargs})
    except NoReverseMatch:
        return ""


def done(request: WorkspaceRequest, acted: Any, text: str, *, goes_on: bool = False) -> HttpResponse:
    """The answer to a deed on a hand-off, as it was read before: the panel and, out of band, heading and list.

    `goes_on` opens the most urgent of the other leads. Without htmx: a redirect to the same, or to the form's `next`.
    """
    if not is_in_queue(request):
        messages.success(request, text)
        return redirect(_back(request, acted, goes_on))
    listed = request.member if acted.owner_id == request.member.pk else acted.owner
    rows, waiting = queries.queues(listed)
    others = [row for row in rows if row.lead_id != acted.lead_id]
    same = [row for row in rows if row.lead_id == acted.lead_id]
    shown = next(iter([*others, *same] if goes_on else [*same, *others]), None)
    context = {
        **lists(request, listed, rows, waiting),
        **panel(request, shown, is_chosen=shown is not None),
        "oob": True,
    }
    response = partials.render(request, TEMPLATE, context, partial="answer")
    push_url(response, address(request, listed, shown))
    fresh_pulse(response, context["pulse_version"])
    return trigger_client_event(response, "toast", {"text": text})


def is_in_queue(request: WorkspaceRequest) -> bool:
    """Whether the answer is swapped into the queue's page."""
    path = request.htmx.current_url_abs_path or "" if partials.is_piece(request) else ""
    return path.startswith(reverse("handoff:queue", kwargs={"workspace": request.workspace.slug}))


def address(request: WorkspaceRequest, listed: Member, handoff: Any = None) -> str:
    """The place of a hand-off, else of a member's queue."""
    slug = {"workspace": request.workspace.slug}
    if handoff is not None:
        return reverse("handoff:selected", kwargs={**slug, "handoff_id": handoff.public_id})
    is_own = listed.pk == request.member.pk
    return reverse("handoff:queue", kwargs=slug) + ("" if is_own else f"?rep={listed.public_id}")


def _back(request: WorkspaceRequest, acted: Any, goes_on: bool) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    stays = queries.open_handoff_of(acted.lead_id)
    is_there = stays is not None and stays.owner_id == acted.owner_id
    return address(request, acted.owner, stays if is_there and not goes_on else None)


def fresh_pulse(response: HttpResponse, version: str) -> HttpResponse:
    """Tells live.js up to where the list is shown now."""
    return trigger_client_event(response, "pulse-version", {"value": version}) if version else response
