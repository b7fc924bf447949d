"""Making and editing campaigns; what became of their leads is feedback's page."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leads.actions import campaigns
from leads.forms.campaigns import CampaignForm, initial
from leads.queries import campaigns as queries
from quotarider.accounts import queries as accounts
from quotarider.errors import DomainError
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest


@require_http_methods(["GET", "POST"])
@requires("edit_campaigns")
def create(request: WorkspaceRequest) -> HttpResponse:
    """A new campaign."""
    form = CampaignForm(request.POST or None, owners=_owners(request))
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.create(form.details(), by=request.member, at=request.now)
            return redirect("feedback:campaigns", workspace=request.workspace.slug)
        except DomainError as error:
            form.add_error(error.field, error.message)
    return _answer(request, form)


@require_http_methods(["GET", "POST"])
@requires("edit_campaigns")
def change(request: WorkspaceRequest, campaign_id: UUID) -> HttpResponse:
    """Other details of a campaign."""
    campaign = next(iter(queries.campaigns().filter(public_id=campaign_id)), None)
    if campaign is None:
        raise Http404
    form = CampaignForm(request.POST or None, owners=_owners(request), initial=initial(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.change(campaign, form.details(), by=request.member, at=request.now)
            return redirect("feedback:campaign", workspace=request.workspace.slug, campaign_id=campaign_id)
        except DomainError as error:
            form.add_error(error.field, error.message)
    return _answer(request, form, campaign.name)


def _owners(request: WorkspaceRequest) -> list:
    members = accounts.members(request.workspace.pk).filter(is_active=True)
    return [member for member in members if member.may("decide_returned")]


def _answer(request: WorkspaceRequest, form: CampaignForm, name: str = "") -> HttpResponse:
    context = {
        "form": form,
        "name": name,
        "action": request.path,
        "back": reverse("feedback:campaigns", kwargs={"workspace": request.workspace.slug}),
    }
    return render(request, "leads/campaign_form.html", context, partial="form", status=422 if form.errors else 200)
