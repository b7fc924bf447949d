"""What a rep does with a lead: touches, the next step, handing it on, taking it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handoff import queries
from handoff.actions import giving, touching
from handoff.forms import HandOverForm, NextStepForm, TouchForm
from handoff.views import desk, dialogs
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest

TITLES = {"call": "Log a call", "email": "Log an e-mail", "message": "Log a message", "meeting": "Log a meeting"}


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def touch(request: WorkspaceRequest, handoff_id: UUID, kind: str) -> HttpResponse:
    """One attempt with its result; opening the form stamps the server's time."""
    if kind not in TITLES:
        raise Http404
    handoff = dialogs.workable(request, handoff_id)
    form = TouchForm(dialogs.posted(request), handoff=handoff, kind=kind, member=request.member, at=request.now)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: touching.touch(handoff, form.attempt(), by=request.member, at=request.now)
    ):
        text = _("%(what)s: %(result)s.") % {"what": _name(handoff), "result": form.told()}
        return desk.done(request, handoff, text)
    return dialogs.show(request, handoff, form, title=_(TITLES[kind]), body="handoff/touch_fields.html", kind=kind)


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def next_step(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """What happens next, and when; the step that was open counts as done."""
    handoff = dialogs.workable(request, handoff_id)
    form = NextStepForm(dialogs.posted(request), at=request.now)
    if request.method == "POST" and dialogs.attempt(
        form,
        lambda: touching.plan_next_step(handoff, **form.cleaned_data, by=request.member, at=request.now),
    ):
        return desk.done(request, handoff, _("%(who)s: next step planned.") % {"who": _name(handoff)})
    return dialogs.show(
        request, handoff, form, title=_("Next step"), submit=_("Plan it"), body="handoff/step_fields.html"
    )


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def hand_over(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """Gives the lead to a colleague; it is noted who did, and why."""
    handoff = dialogs.workable(request, handoff_id)
    dialogs.require_fresh(request, handoff)
    away = queries.absences_of([m.pk for m in _colleagues(request)], from_=request.now)
    out = {pk: _("out of office") for pk, spans in away.items() if spans[0][0] <= request.now}
    colleagues = [member for member in _colleagues(request) if member.pk != handoff.owner_id or handoff.in_team_queue]
    form = HandOverForm(dialogs.posted(request), colleagues=colleagues, out=out)
    if request.method == "POST" and dialogs.attempt(
        form, lambda: giving.hand_over(handoff, **form.cleaned_data, by=request.member, at=request.now)
    ):
        words = {"who": _name(handoff), "colleague": form.cleaned_data["to"].name}
        return desk.done(request, handoff, _("%(who)s is with %(colleague)s now.") % words, goes_on=True)
    return dialogs.show(request, handoff, form, title=_("Hand over"), submit=_("Hand over"))


@require_POST
@requires("work_queue")
def take(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """Takes a lead out of the queue of one's team."""
    handoff = queries.visible_handoff_for(request.member, handoff_id)
    giving.require_open(handoff)
    taken = giving.take(handoff, by=request.member, at=request.now)
    return desk.done(request, taken, _("%(who)s is yours now.") % {"who": _name(handoff)})


def _colleagues(request: WorkspaceRequest) -> list[Member]:
    members = accounts.members(request.workspace.pk).filter(is_active=True)
    return [member for member in members if member.may("work_queue")]


def _name(handoff) -> str:  # type: ignore[no-untyped-def]
    person = handoff.lead.person
    return str(person.full_name or person.email or _("The lead"))
