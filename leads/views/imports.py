"""Files of leads: the list, the file, its columns, the dry run, the run, the report of what was refused."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leads.actions import imports
from leads.forms.imports import LABELS, PlanForm, UploadForm
from leads.queries import campaigns as campaign_queries
from leads.queries import imports as queries
from leads.rules import tabular
from quotarider.errors import DomainError
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest

PAGE_SIZE = 25
PROBLEMS_SHOWN = 50
STEPS = {"uploaded": 2, "checking": 3, "checked": 3, "running": 4, "done": 4, "failed": 4}


@require_http_methods(["GET", "POST"])
@requires("import_leads")
def index(request: WorkspaceRequest) -> HttpResponse:
    """The imports so far; a POST uploads a file and goes on to its columns."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = imports.upload(name=file.name or "", data=file.read(), by=request.member, at=request.now)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return _to(request, job.public_id)
    found, following = queries.page(_cursor(request), PAGE_SIZE)
    words = _state_words()
    context = {"form": form, "imports": [(job, words[job.state]) for job in found], "following": following}
    return render(request, "leads/imports/list.html", context, partial="page", status=422 if form.errors else 200)


@require_safe
@requires("import_leads")
def detail(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """Where an import is: its columns to be chosen, the dry run, the run, the result. While it works it is polled."""
    job = queries.import_for(import_id)
    if job.state == "uploaded":
        return _plan_page(request, job, PlanForm(job=job))
    return render(request, "leads/imports/import.html", _progress(job), partial="page")


@require_http_methods(["GET", "POST"])
@requires("import_leads")
def plan(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """What the columns are; a POST starts the dry run."""
    job = queries.import_for(import_id)
    if request.method == "GET" and job.state not in ("uploaded", "checked"):
        return _to(request, import_id)
    form = PlanForm(request.POST if request.method == "POST" else None, job=job)
    if form.is_valid():
        imports.check(job, form.plan(), by=request.member, at=request.now)
        return _to(request, import_id)
    return _plan_page(request, job, form)


@require_POST
@requires("import_leads")
def run(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """Starts the import, or goes on with one that stopped."""
    job = queries.import_for(import_id)
    begin = imports.go_on if job.state == "failed" else imports.run
    begin(job, by=request.member, at=request.now)
    return _to(request, import_id)


@require_POST
@requires("import_leads")
def discard(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """Forgets a file of which nothing was taken in."""
    job = queries.import_for(import_id)
    imports.discard(job, by=request.member, at=request.now)
    messages.success(request, _("%(name)s is discarded; nothing of it was stored.") % {"name": job.name})
    return redirect("leads:imports", workspace=request.workspace.slug)


@require_safe
@requires("import_leads")
def report(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    """The refused rows as a file that can be corrected and imported again."""
    job = queries.import_for(import_id)
    name = f"{slugify(job.name.rpartition('.')[0] or job.name) or 'import'}-problems.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer, guard = csv.writer(response), tabular.guard_formula
    writer.writerow(["problem line", "problem column", "problem", *map(guard, job.header)])
    for line, column, message, cells in queries.report_rows(job):
        writer.writerow([line, guard(column), guard(message), *map(guard, cells)])
    return response


def _cursor(request: WorkspaceRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("before", ""))
    except ValueError:
        return None


def _to(request: WorkspaceRequest, import_id: UUID) -> HttpResponse:
    return redirect("leads:import", workspace=request.workspace.slug, import_id=import_id)


def _plan_page(request: WorkspaceRequest, job: Any, form: PlanForm) -> HttpResponse:
    context = {
        "job": job,
        "form": form,
        "columns": list(zip(form.columns(), queries.samples_of(job), strict=True)),
        "sources": queries.sources(),
        "campaigns": campaign_queries.campaigns(),
        "step": 2,
        "steps": _steps(),
    }
    return render(request, "leads/imports/plan.html", context, partial="page", status=422 if form.errors else 200)


def _progress(job: Any) -> dict[str, Any]:
    return {
        "job": job,
        "is_working": job.state in queries.UNDER_WAY,
        "is_dry_run": queries.is_dry_run(job),
        "problems": queries.problems(job)[:PROBLEMS_SHOWN] if job.refused else [],
        "shown": PROBLEMS_SHOWN,
        "mapped": [(column, LABELS[job.mapping[column]]) for column in job.header if column in job.mapping],
        "step": STEPS[job.state],
        "steps": _steps(),
    }


def _steps() -> list[str]:
    return [_("File"), _("Columns"), _("Dry run"), _("Import")]


def _state_words() -> dict[str, str]:
    return {
        "uploaded": _("columns to be chosen"),
        "checking": _("dry run"),
        "checked": _("ready to start"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("stopped"),
    }
