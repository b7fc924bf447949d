"""The lead list and its export."""

import csv
import io
import tempfile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_safe

from leads.forms.listing import COLUMNS, FilterForm
from leads.queries import listing
from leads.rules import tabular
from quotarider.accounts import queries as accounts
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest

IN_MEMORY = 4 * 2**20  # bytes of an export before it goes to disk


@require_safe
@requires("view_leads")
def page(request: WorkspaceRequest) -> HttpResponse:
    """All leads, newest first; searched and narrowed by the address."""
    form = _form(request)
    found = listing.page(form.narrow(request.now), **form.cursors)
    context = {"form": form, "page": found, "columns": COLUMNS, "most": listing.COUNTED}
    return render(request, "leads/list.html", context, partial="leads")


@require_safe
@requires("export_leads")  # type: ignore[arg-type]
def export(request: WorkspaceRequest) -> FileResponse:
    """The same leads as CSV. Written out before the answer: the workspace's scope ends with it."""
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the response closes it
    text = io.TextIOWrapper(spool, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(listing.EXPORT)
    for row in listing.exported(_form(request).narrow(request.now)):
        writer.writerow([_cell(value) for value in row])
    text.detach()
    spool.seek(0)
    name = f"leads-{request.workspace.slug}-{request.now:%Y-%m-%d}.csv"
    return FileResponse(spool, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _form(request: WorkspaceRequest) -> FilterForm:
    return FilterForm(
        request.GET,
        member=request.member,
        members=list(accounts.members(request.workspace.pk)),
        campaigns=listing.campaign_choices(),
        sources=listing.sources(),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return tabular.guard_formula(value) if isinstance(value, str) else str(value)
