"""Entering a lead by hand."""

import hashlib
import json
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leads.actions import intake
from leads.forms.manual import ManualLeadForm
from leads.queries import campaigns
from leads.queries import intake as sources
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest


@require_http_methods(["GET", "POST"])
@requires("edit_lead_facts")
def create(request: WorkspaceRequest) -> HttpResponse:
    """A new lead; one of the same person that is open already takes it in."""
    form = ManualLeadForm(
        request.POST or None,
        campaigns=list(campaigns.campaigns()),
        default_country=request.workspace.default_country,
        at=request.now,
        initial={"key": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        source = sources.source_of("by-hand", name="By hand", kind="manual")
        received = intake.receive_one(_arrival(form), source=source, at=request.now)
        return redirect("leads:lead", workspace=request.workspace.slug, lead_id=received.public_id)
    back = reverse("leads:list", kwargs={"workspace": request.workspace.slug})
    context = {"form": form, "action": request.path, "back": back}
    return render(request, "leads/lead_form.html", context, partial="form", status=422 if form.errors else 200)


def _arrival(form: ManualLeadForm) -> intake.Arrival:
    sent = form.payload()
    digest = hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
    return intake.Arrival(form.candidate, sent, digest, key=str(form.cleaned_data["key"]))
