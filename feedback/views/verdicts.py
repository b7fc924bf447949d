"""Sales' word on a lead: accept, reject, won, lost; and all of it for the lead's page."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.actions import outcomes, verdicts
from feedback.forms import AcceptForm, LoseForm, RejectForm, WinForm
from feedback.queries import reasons
from feedback.queries import verdicts as said
from handoff import queries as handoffs
from handoff.actions import giving
from handoff.views import desk, dialogs
from leads.queries import leads
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def accept(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """Sales makes the lead its own, with what was confirmed and a dated next step."""
    handoff = handoffs.workable_handoff_for(request.member, handoff_id)
    text = _("%(who)s accepted.") % {"who": _name(handoff)}
    if request.method == "POST" and said.said(handoff, "accepted", by=request.member):
        return desk.done(request, handoff, text, goes_on=True)
    giving.require_open(handoff)
    form = AcceptForm(dialogs.posted(request), at=request.now, next_step=getattr(handoff, "step_text", None) or "")
    if request.method == "POST" and dialogs.attempt(
        form, lambda: verdicts.accept(handoff, form.acceptance(), by=request.member, at=request.now)
    ):
        return desk.done(request, handoff, text, goes_on=True)
    body = "feedback/verdict_accept.html"
    return dialogs.show(request, handoff, form, title=_("Accept"), submit=_("Accept"), body=body)


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def reject(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """The lead goes back to marketing, with a reason."""
    handoff = handoffs.workable_handoff_for(request.member, handoff_id)
    text = _("%(who)s goes back to marketing.") % {"who": _name(handoff)}
    if request.method == "POST" and said.said(handoff, "rejected", by=request.member):
        return desk.done(request, handoff, text, goes_on=True)
    giving.require_open(handoff)
    dialogs.require_fresh(request, handoff)
    form = RejectForm(dialogs.posted(request), reasons=reasons.choices("reject"))
    if request.method == "POST" and dialogs.attempt(
        form, lambda: verdicts.reject(handoff, form.rejection(), by=request.member, at=request.now)
    ):
        return desk.done(request, handoff, text, goes_on=True)
    body = "feedback/verdict_reason.html"
    return dialogs.show(request, handoff, form, title=_("Reject"), submit=_("Reject"), body=body, words=form["quote"])


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def win(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """The deal is won."""
    handoff = handoffs.workable_handoff_for(request.member, handoff_id)
    text = _("%(who)s won.") % {"who": _name(handoff)}
    if request.method == "POST" and said.ended(handoff.lead_id, "won", by=request.member):
        return desk.done(request, handoff, text, goes_on=True)
    giving.require_open(handoff)
    form = WinForm(dialogs.posted(request))
    if request.method == "POST" and dialogs.attempt(
        form, lambda: outcomes.win(handoff, **form.cleaned_data, by=request.member, at=request.now)
    ):
        return desk.done(request, handoff, text, goes_on=True)
    return dialogs.show(request, handoff, form, title=_("Won"), submit=_("Won"), body="feedback/verdict_won.html")


@require_http_methods(["GET", "POST"])
@requires("view_queue")
def lose(request: WorkspaceRequest, handoff_id: UUID) -> HttpResponse:
    """The deal is lost, with a reason."""
    handoff = handoffs.workable_handoff_for(request.member, handoff_id)
    text = _("%(who)s lost; the reason is on record.") % {"who": _name(handoff)}
    if request.method == "POST" and said.ended(handoff.lead_id, "lost", by=request.member):
        return desk.done(request, handoff, text, goes_on=True)
    giving.require_open(handoff)
    form = LoseForm(dialogs.posted(request), reasons=reasons.choices("lost"))
    if request.method == "POST" and dialogs.attempt(form, lambda: _lose(request, handoff, form)):
        return desk.done(request, handoff, text, goes_on=True)
    body = "feedback/verdict_reason.html"
    return dialogs.show(request, handoff, form, title=_("Lost"), submit=_("Lost"), body=body, words=form["note"])


def _lose(request: WorkspaceRequest, handoff, form: LoseForm) -> None:  # type: ignore[no-untyped-def]
    outcomes.lose(handoff, reason=form.chosen, note=form.told(), by=request.member, at=request.now)


@require_safe
@requires("view_leads")
def lead_feedback(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """Verdicts and outcome of a lead, with the buyer's words."""
    lead = leads.lead_for(lead_id)
    context = {"lead": lead, "verdicts": said.verdicts_of(lead.pk), "outcomes": said.outcomes_of(lead.pk)}
    return render(request, "feedback/verdicts.html", context, partial="feedback")


def _name(handoff) -> str:  # type: ignore[no-untyped-def]
    person = handoff.lead.person
    return str(person.full_name or person.email or _("The lead"))
