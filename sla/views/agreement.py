"""The Agreement: what is in force, in words; its versions, what they changed; and the two editors."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leads.rules.definition import Definition
from quotarider.errors import Conflict, DomainError
from quotarider.web import partials
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest
from sla.actions import agreements as actions
from sla.forms.definition import DefinitionEditor
from sla.forms.terms import TermsEditor
from sla.queries import agreement as agreements
from sla.rules import wording


@require_safe
@requires("view_agreement")
def index(request: WorkspaceRequest) -> HttpResponse:
    """The version in force."""
    return _page(request, agreements.in_force(request.now))


@require_safe
@requires("view_agreement")
def version(request: WorkspaceRequest, number: int) -> HttpResponse:
    """Any version, as it was."""
    return _page(request, agreements.version_for(number))


def _page(request: WorkspaceRequest, shown: Any) -> HttpResponse:
    versions = list(agreements.versions())
    context = {
        "agreement": shown,
        "in_force": agreements.in_force(request.now),
        "versions": versions,
        "previous": next((v.version for v in versions if v.version < shown.version), None),
        "sections": _sections(shown),
    }
    return partials.render(request, "sla/agreement.html", context, partial="page")


def _sections(agreement: Any) -> tuple[wording.Section, ...]:
    return wording.sections(Definition.from_json(agreement.definition.body), agreements.terms(agreement))


@require_safe
@requires("view_agreement")
def compare(request: WorkspaceRequest) -> HttpResponse:
    """What differs between two versions, line by line."""
    versions = list(agreements.versions())
    newest = versions[0].version
    after = agreements.version_for(_number(request, "to", newest))
    before = agreements.version_for(_number(request, "from", max(after.version - 1, 1)))
    context = {
        "before": before,
        "after": after,
        "versions": versions,
        "changes": wording.changes(_sections(before), _sections(after)),
    }
    return partials.render(request, "sla/compare.html", context, partial="page")


def _number(request: WorkspaceRequest, name: str, otherwise: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else otherwise


@require_http_methods(["GET", "POST"])
@requires("edit_agreement")
def definition_edit(request: WorkspaceRequest) -> HttpResponse:
    """What a good lead is: a new version on saving."""
    current = agreements.in_force(request.now)
    editor = DefinitionEditor(Definition.from_json(current.definition.body), current.version, request.POST or None)
    if request.method == "GET":
        return _editor(request, "sla/definition_edit.html", editor, current)
    if editor.is_valid() and editor.definition is not None:
        return _save(request, "sla/definition_edit.html", editor, current, actions.revise_definition, editor.definition)
    return _editor(request, "sla/definition_edit.html", editor, current, status=422)


@require_http_methods(["GET", "POST"])
@requires("edit_agreement")
def terms_edit(request: WorkspaceRequest) -> HttpResponse:
    """Promises, business time, ladders: a new version on saving."""
    current = agreements.in_force(request.now)
    editor = TermsEditor(agreements.terms(current), current.version, request.POST or None)
    if request.method == "GET":
        return _editor(request, "sla/terms_edit.html", editor, current)
    if editor.is_valid() and editor.form.is_valid() and editor.terms is not None:
        return _save(request, "sla/terms_edit.html", editor, current, actions.revise_terms, editor.terms)
    return _editor(request, "sla/terms_edit.html", editor, current, status=422)


@require_POST
@requires("edit_agreement")
def terms_preview(request: WorkspaceRequest) -> HttpResponse:
    """What the promises being written mean for a lead handed off on a Friday afternoon; saves nothing."""
    current = agreements.in_force(request.now)
    editor = TermsEditor(agreements.terms(current), current.version, request.POST)
    return partials.render(request, "sla/preview.html", {"examples": editor.examples(request.now)})


def _save(request: WorkspaceRequest, template: str, editor: Any, current: Any, revise: Any, made: Any) -> HttpResponse:
    given = editor.form.cleaned_data
    try:
        saved = revise(made, summary=given["summary"], by=request.member, at=request.now, base=given["base"])
    except Conflict as moved:
        return _editor(request, template, editor, current, status=moved.status, moved_from=given["base"])
    except DomainError as refused:
        editor.form.add_error(None, refused.message)
        return _editor(request, template, editor, current, status=refused.status)
    messages.success(request, _("Version %(n)s is in force. Open leads are being scored again.") % {"n": saved.version})
    return redirect("sla:agreement", workspace=request.workspace.slug)


def _editor(
    request: WorkspaceRequest,
    template: str,
    editor: Any,
    current: Any,
    *,
    status: int = 200,
    moved_from: int | None = None,
) -> HttpResponse:
    """The editor; after a conflict with what was written, on top of the version that came in between."""
    context = {
        "editor": editor,
        "form": editor.form,
        "rows": editor.rows,
        "base": editor.form["base"].value() if moved_from is None else current.version,
        "current": current,
        "moved_from": moved_from,
        "examples": editor.examples(request.now) if isinstance(editor, TermsEditor) else [],
    }
    return partials.render(request, template, context, status=status)
