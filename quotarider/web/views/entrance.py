"""Before a workspace is chosen: the start, the chooser, a new workspace, an invitation."""

from allauth.account.views import signup
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from quotarider.accounts import queries as accounts
from quotarider.tenancy import actions as tenancy
from quotarider.tenancy import scope
from quotarider.web import actions, forms, health, invitations, navigation
from quotarider.web.partials import render
from quotarider.web.permissions import requires

# the user and the workspace come into being together or not at all
sign_up = transaction.atomic(signup)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, else 503; asks nothing else, for load balancers."""
    is_up = health.database_answers()
    return JsonResponse({"database": "ok" if is_up else "unreachable"}, status=200 if is_up else 503)


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a member begins: the waiting invitation, the only workspace, or the choice."""
    if token := invitations.token(request):
        return redirect("join", token=token)
    seats = list(accounts.seats_of(request.user)[:2])  # type: ignore[arg-type]
    if len(seats) == 1:
        return redirect("workspace-home", workspace=seats[0].workspace.slug)
    return redirect("workspaces")


@require_safe
@requires(None)
def workspace_home(request: HttpRequest) -> HttpResponse:
    """The first screen of the member's role."""
    return redirect(navigation.first_screen(request.member))  # type: ignore[attr-defined]


@login_required
@require_GET
def workspaces(request: HttpRequest) -> HttpResponse:
    """All workspaces in which the user has a seat; without one, what to do."""
    seats = accounts.seats_of(request.user)  # type: ignore[arg-type]
    return render(request, "web/workspaces.html", {"seats": seats})


@login_required
@require_http_methods(["GET", "POST"])
def workspace_new(request: HttpRequest) -> HttpResponse:
    """Founds a workspace; its creator is its admin and catch-all owner."""
    form = forms.WorkspaceForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "web/workspace_new.html", {"form": form}, status=status)
    with transaction.atomic():
        name, timezone = form.cleaned_data["workspace_name"], form.cleaned_data["timezone"]
        member = tenancy.found(request.user, name=name, timezone=timezone)  # type: ignore[arg-type]
    return redirect("workspace-home", workspace=member.workspace.slug)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation: guests sign up or in first (the token waits in their session), members say yes."""
    invitation = accounts.invitation_for(token)
    if invitation is None:
        invitations.take(request)
        return render(request, "web/join.html", {"problem": "used"}, status=410)
    if not request.user.is_authenticated:
        invitations.keep(request, token)
        return render(request, "web/join.html", {"invitation": invitation, "problem": "guest"})
    if request.method == "GET":
        problem = "" if invitation.email == request.user.email else "address"
        return render(request, "web/join.html", {"invitation": invitation, "problem": problem})
    invitations.take(request)
    with scope(invitation.workspace_id) as opened:
        member = actions.join(token, user=request.user, at=opened.now)
    return redirect("workspace-home", workspace=member.workspace.slug)
