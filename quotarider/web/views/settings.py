"""Settings: members and invitations, API keys, one's profile."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.errors import DomainError
from quotarider.web import actions, forms
from quotarider.web.partials import render
from quotarider.web.permissions import requires


def _me(request: HttpRequest) -> Member:
    member: Member = request.member  # type: ignore[attr-defined]
    return member


@require_safe
@requires(None)
def index(request: HttpRequest) -> HttpResponse:
    """The first settings page that the member may see."""
    page = "settings:members" if _me(request).may("manage_members") else "settings:profile"
    return redirect(page, workspace=_me(request).workspace.slug)


@require_http_methods(["GET", "POST"])
@requires("manage_members")
def members(request: HttpRequest) -> HttpResponse:
    """Seats and open invitations; a POST invites, and shows the link once."""
    me = _me(request)
    form = forms.InviteForm(request.POST or None, initial={"role": "rep"})
    link, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _invitation, path = actions.invite(me, **form.cleaned_data, at=request.now)  # type: ignore[attr-defined]
                link = request.build_absolute_uri(path)
                form, status = forms.InviteForm(initial={"role": "rep"}), 200
            except DomainError as error:
                form.add_error(error.field, error.message)
                status = error.status
    context = {
        "form": form,
        "link": link,
        "members": [(seat, forms.MemberForm(initial=_seat(seat), prefix=str(seat.public_id))) for seat in _seats(me)],
        "invitations": accounts.open_invitations(me.workspace_id),
    }
    return render(request, "settings/members.html", context, partial="page", status=422 if status == 409 else status)


def _seats(me: Member) -> list[Member]:
    return list(accounts.members(me.workspace_id).select_related("user", "workspace"))


def _seat(seat: Member) -> dict[str, object]:
    return {"role": seat.role, "is_active": seat.is_active}


@require_POST
@requires("manage_members")
def member_change(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Another role, or a seat closed or reopened."""
    me = _me(request)
    member = accounts.member_for(me.workspace_id, member_id)
    form = forms.MemberForm(request.POST, prefix=str(member.public_id))
    if not form.is_valid():
        raise DomainError(forms.describe(form))
    actions.change_member(member, **form.cleaned_data, by=me, at=request.now)  # type: ignore[attr-defined]
    outcome = _("%(name)s is now %(role)s.") if member.is_active else _("The seat of %(name)s is closed.")
    messages.success(request, outcome % {"name": member.name, "role": member.role_label})
    return redirect("settings:members", workspace=me.workspace.slug)


@require_POST
@requires("manage_members")
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraws an open invitation; its link ends."""
    me = _me(request)
    invitation = accounts.open_invitations(me.workspace_id).get(public_id=invitation_id)
    actions.revoke_invitation(invitation, by=me, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("settings:members", workspace=me.workspace.slug)


@require_http_methods(["GET", "POST"])
@requires("manage_keys")
def keys(request: HttpRequest) -> HttpResponse:
    """The workspace's API keys; a POST makes one, and shows its token once."""
    me = _me(request)
    form = forms.KeyForm(request.POST or None)
    token, is_invalid = "", False
    if request.method == "POST":
        is_invalid = not form.is_valid()
        if not is_invalid:
            _key, token = actions.create_key(me, **form.cleaned_data, at=request.now)  # type: ignore[attr-defined]
            form = forms.KeyForm()
    context = {"form": form, "token": token, "keys": accounts.keys(me.workspace_id)}
    return render(request, "settings/keys.html", context, partial="page", status=422 if is_invalid else 200)


@require_POST
@requires("manage_keys")
def key_revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Ends a key; what it sent stays."""
    me = _me(request)
    key = accounts.keys(me.workspace_id).get(public_id=key_id)
    actions.revoke_key(key, by=me, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("The key %(name)s no longer works.") % {"name": key.name})
    return redirect("settings:keys", workspace=me.workspace.slug)


@require_http_methods(["GET", "POST"])
@requires(None)
def profile(request: HttpRequest) -> HttpResponse:
    """One's name and time zone."""
    me = _me(request)
    form = forms.ProfileForm(request.POST or None, initial={"name": me.user.name, "timezone": me.timezone})
    if request.method == "POST" and form.is_valid():
        actions.change_profile(me, **form.cleaned_data, at=request.now)  # type: ignore[attr-defined]
        messages.success(request, _("Saved."))
        return redirect("settings:profile", workspace=me.workspace.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "settings/profile.html", {"form": form}, partial="page", status=status)
