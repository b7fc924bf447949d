"""Marketing's side of the line: what came back, what is held, what is due for another look."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from feedback.actions import outcomes
from feedback.forms import DisqualifyForm, NurtureForm
from feedback.queries import reasons
from feedback.queries import returned as queries
from feedback.queries import verdicts as said
from handoff.views import dialogs
from leads.queries import leads
from quotarider.web import partials
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest

PAGE = "feedback/returned.html"
FORM = "feedback/returned_form.html"


@require_safe
@requires("decide_returned")
def page(request: WorkspaceRequest) -> HttpResponse:
    """Returned and held leads and due reviews, with their clocks."""
    return _page(request)


def _page(request: WorkspaceRequest) -> HttpResponse:
    return partials.render(request, PAGE, {"desk": queries.desk(request.now)}, partial="page")


@require_http_methods(["GET", "POST"])
@requires("decide_returned")
def nurture(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """Keeps a lead warm until a date, when marketing must look again."""
    lead = leads.lead_for(lead_id)
    form = NurtureForm(dialogs.posted(request), at=request.now)
    by, at = request.member, request.now
    if request.method == "POST" and dialogs.attempt(
        form, lambda: outcomes.nurture(lead, **form.cleaned_data, by=by, at=at)
    ):
        return _done(request, _("%(who)s is nurtured until then.") % {"who": _name(lead)})
    return _show(request, lead, form, title=_("Nurture"), submit=_("Nurture"))


@require_http_methods(["GET", "POST"])
@requires("decide_returned")
def disqualify(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """Ends a lead that marketing has in hand, with a reason."""
    lead = leads.lead_for(lead_id)
    text = _("%(who)s is disqualified.") % {"who": _name(lead)}
    if request.method == "POST" and said.ended(lead.pk, "disqualified", by=request.member):
        return _done(request, text)
    form = DisqualifyForm(dialogs.posted(request), reasons=reasons.choices("disqualify"))
    if request.method == "POST" and dialogs.attempt(form, lambda: _disqualify(request, lead, form)):
        return _done(request, text)
    body = "feedback/verdict_reason.html"
    return _show(request, lead, form, title=_("Disqualify"), submit=_("Disqualify"), body=body, words=form["note"])


def _disqualify(request: WorkspaceRequest, lead: Any, form: DisqualifyForm) -> None:
    outcomes.disqualify(lead, reason=form.chosen, note=form.told(), by=request.member, at=request.now)


def _show(request: WorkspaceRequest, lead: Any, form: Any, **context: Any) -> HttpResponse:
    context = {"body": "components/fields.html", **context, "lead": lead, "form": form, "action": request.path}
    response = partials.render(request, FORM, context, partial="dialog", status=422 if form.errors else 200)
    if form.errors and partials.is_piece(request):
        return reswap(retarget(response, "#dialog-body"), "innerHTML")
    return response


def _done(request: WorkspaceRequest, text: str) -> HttpResponse:
    if not partials.is_piece(request):
        messages.success(request, text)
        return redirect("feedback:returned", workspace=request.workspace.slug)
    return trigger_client_event(_page(request), "toast", {"text": text})


def _name(lead: Any) -> str:
    return str(lead.person.full_name or lead.person.email or _("The lead"))
