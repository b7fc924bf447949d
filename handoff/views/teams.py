"""Settings: the teams, their rotation, and who is out of office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handoff import queries
from handoff.actions import absences, teams
from handoff.forms import AbsenceForm, ManagerForm, SeatForm
from handoff.views import dialogs
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Member
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest


@require_safe
@requires(None)
def page(request: WorkspaceRequest) -> HttpResponse:
    """Teams for those who manage them; one's own absences for everybody."""
    return _page(request)


@require_POST
@requires("manage_teams")
def add_seat(request: WorkspaceRequest, team_id: UUID) -> HttpResponse:
    """Puts a member into the rotation."""
    team = queries.team_for(team_id)
    form = SeatForm(request.POST, members=_outside(_members(request), team), prefix=team.public_id)
    if not dialogs.attempt(form, lambda: teams.add_seat(team, **form.cleaned_data, by=request.member, at=request.now)):
        return _page(request, seat_form=(team.pk, form))
    return _back(request, _("%(who)s gets leads from now on.") % {"who": form.cleaned_data["member"].name})


@require_POST
@requires("manage_teams")
def remove_seat(request: WorkspaceRequest, seat_id: UUID) -> HttpResponse:
    """Takes a member out of the rotation; the leads in hand stay."""
    seat = queries.seat_for(seat_id)
    teams.remove_seat(seat, by=request.member, at=request.now)
    return _back(request, _("%(who)s gets no new leads.") % {"who": seat.member.name})


@require_POST
@requires("manage_teams")
def change_manager(request: WorkspaceRequest, team_id: UUID) -> HttpResponse:
    """Another member answers for the team's queue."""
    team = queries.team_for(team_id)
    form = ManagerForm(request.POST, members=_managers(_members(request)), prefix=team.public_id)
    by, at = request.member, request.now
    if not dialogs.attempt(form, lambda: teams.change_manager(team, **form.cleaned_data, by=by, at=at)):
        return _page(request, manager_form=(team.pk, form))
    return _back(request, _("%(who)s answers for the team now.") % {"who": form.cleaned_data["manager"].name})


@require_POST
@requires(None)
def note_absence(request: WorkspaceRequest) -> HttpResponse:
    """Out of office: one's own, or for those who manage teams anybody's."""
    form = _absence_form(request, _members(request), request.POST)
    if not dialogs.attempt(form, lambda: absences.note(**form.cleaned_data, by=request.member, at=request.now)):
        return _page(request, absence_form=form)
    return _back(request, _("Noted: no new leads meanwhile."))


@require_POST
@requires(None)
def withdraw_absence(request: WorkspaceRequest, absence_id: UUID) -> HttpResponse:
    """The member is back, or stays."""
    absence = queries.absence_for(request.member, absence_id)
    absences.withdraw(absence, by=request.member, at=request.now)
    return _back(request, _("Withdrawn: leads come again."))


def _page(
    request: WorkspaceRequest, *, seat_form: Any = None, manager_form: Any = None, absence_form: Any = None
) -> HttpResponse:
    members, me = _members(request), request.member
    away = [row for row in queries.absences(request.now) if me.may("manage_teams") or row.member_id == me.pk]
    context = {
        "teams": [
            _team(team, members, dict([seat_form] if seat_form else []), dict([manager_form] if manager_form else []))
            for team in (queries.teams() if me.may("manage_teams") else ())
        ],
        "absences": away,
        "out": {row.member_id for row in away if row.starts_at <= request.now},
        "absence_form": absence_form or _absence_form(request, members),
    }
    status = 422 if seat_form or manager_form or absence_form else 200
    return render(request, "handoff/teams.html", context, partial="page", status=status)


def _team(team: Any, members: list[Member], seat_forms: dict, manager_forms: dict) -> dict[str, Any]:
    initial = {"manager": str(team.manager.public_id)}
    return {
        "team": team,
        "seats": [seat for seat in team.seats.all() if seat.is_active],
        "seat_form": seat_forms.get(team.pk) or SeatForm(members=_outside(members, team), prefix=team.public_id),
        "manager_form": manager_forms.get(team.pk)
        or ManagerForm(members=_managers(members), prefix=team.public_id, initial=initial),
    }


def _members(request: WorkspaceRequest) -> list[Member]:
    return list(accounts.members(request.workspace.pk).filter(is_active=True))


def _outside(members: list[Member], team: Any) -> list[Member]:
    seated = {seat.member_id for seat in team.seats.all() if seat.is_active}
    return [member for member in members if member.may("work_queue") and member.pk not in seated]


def _managers(members: list[Member]) -> list[Member]:
    return [member for member in members if member.may("reassign")]


def _absence_form(request: WorkspaceRequest, members: list[Member], data: Any = None) -> AbsenceForm:
    me = request.member
    offered = members if me.may("manage_teams") else [member for member in members if member.pk == me.pk]
    return AbsenceForm(data, members=offered, at=request.now, initial={"member": str(me.public_id)})


def _back(request: WorkspaceRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("handoff:teams", workspace=request.workspace.slug)
