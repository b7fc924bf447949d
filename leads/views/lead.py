"""One lead: who it is, why this score, what it did, what was sent. What later stages know comes by address."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from leads.actions import facts
from leads.forms.facts import COMPANY, FIELDS, NAMES, PERSON, FactForm, value_of
from leads.queries import intake as intake_queries
from leads.queries import leads as queries
from leads.queries import touchpoints
from leads.rules import states
from quotarider.errors import DomainError
from quotarider.web.partials import is_piece, render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest

PAGE = "leads/lead.html"


@dataclass(frozen=True)
class Moment:
    """One line of what the lead did."""

    at: datetime
    title: str
    detail: str = ""
    tag: str = ""


@require_safe
@requires("view_leads")
def detail(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    """The lead's page."""
    lead = queries.lead_for(lead_id)
    context = _shown(lead) | {
        "moments": _moments(lead),
        "others": queries.others_of(lead),
        "payloads": [(record, json.dumps(record.payload, indent=2, ensure_ascii=False)) for record in _payloads(lead)],
    }
    return render(request, PAGE, context)


@require_http_methods(["GET", "POST"])
@requires("edit_lead_facts")
def fact(request: WorkspaceRequest, lead_id: UUID, field: str) -> HttpResponse:
    """The form of one fact; a POST corrects it, and answers with what that changed."""
    lead = queries.lead_for(lead_id)
    if field not in FIELDS:
        raise Http404
    form = FactForm(request.POST or None, field=field, initial={"value": value_of(lead, field)})
    if request.method == "POST" and form.is_valid():
        try:
            facts.correct(lead, field=field, value=form.cleaned_data["value"], by=request.member, at=request.now)
        except DomainError as error:
            form.add_error("value", error.message)
        else:
            return _changed(request, lead_id)
    context = {"lead": lead, "form": form, "field": field, "label": NAMES[field]}
    return render(request, "leads/fact.html", context, partial="form", status=422 if form.errors else 200)


@require_POST
@requires("edit_lead_facts")
def settle(request: WorkspaceRequest, lead_id: UUID, fact_id: UUID) -> HttpResponse:
    """Takes over a value told beside ours (`take`), or keeps ours."""
    told = queries.alternative_for(queries.lead_for(lead_id), fact_id)
    facts.settle(told, take=request.POST.get("take") == "yes", by=request.member, at=request.now)
    return _changed(request, lead_id)


def _changed(request: WorkspaceRequest, lead_id: UUID) -> HttpResponse:
    if not is_piece(request):
        return redirect("leads:lead", workspace=request.workspace.slug, lead_id=lead_id)
    response = render(request, PAGE, _shown(queries.lead_for(lead_id)) | {"is_oob": True}, partial="changed")
    return retarget(reswap(response, "outerHTML"), "#lead-facts")


def _shown(lead: Any) -> dict[str, Any]:
    score = queries.score_of(lead)
    return {
        "lead": lead,
        "turn": _turn(lead.state),
        "score": score,
        "rules": _rules(score),
        "facts": [(name, NAMES[name], value_of(lead, name)) for name in PERSON],
        "company_facts": [(name, NAMES[name], value_of(lead, name)) for name in COMPANY],
        "told": queries.alternatives_of(lead),
    }


def _turn(state: str) -> str:
    if state in states.CLOSED:
        return _("Nobody’s turn: closed")
    return _("Marketing’s turn") if state in states.MARKETINGS else _("Sales’ turn")


def _rules(score: Any) -> list[dict[str, Any]]:
    lines = score.lines.get("lines", []) if score else []
    return [{"label": rule, "points": points, "kind": kind, "detail": why} for rule, points, kind, why in lines]


def _payloads(lead: Any) -> list[Any]:
    return intake_queries.payloads_of(lead.pk)


def _moments(lead: Any) -> list[Moment]:
    """Touchpoints and scores in one line, newest first."""
    found = [
        Moment(t.occurred_at, t.kind.replace("_", " ").capitalize(), _joined(t.asset, t.detail), _campaign(t))
        for t in touchpoints.of_lead(lead.pk)
    ]
    for score in queries.scores_of(lead):
        title = _("Scored %(score)d") % {"score": score.score}
        version = _("agreement v%(version)d") % {"version": score.definition.version}
        found.append(Moment(score.at, title, version, score.cause))
    found.append(Moment(lead.arrived_at, _("Arrived"), lead.source.name, _campaign(lead)))
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _joined(*texts: str) -> str:
    return " · ".join(text for text in texts if text)


def _campaign(of: Any) -> str:
    return of.campaign.name if of.campaign else ""
