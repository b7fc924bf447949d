"""The OpenAPI document: how to authenticate, and that every refusal is a problem."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from quotarider.api.problems import MEDIA_TYPE

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "about:blank, or the kind of problem as a URN."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Path of the field, empty for the whole."},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
REFUSALS = {"default": "Refused.", "401": "The key is missing, unknown or revoked.", "403": "The key lacks the scope."}
WITH_BODY = {
    "400": "The body is not strict JSON.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "The body was read, but not all of it can be taken.",
}


class WorkspaceKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The bearer key in the document."""

    target_class = "quotarider.api.authentication.WorkspaceKeyAuthentication"
    name = "workspaceKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of the workspace: Settings, API keys."}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: each operation that is ours refuses with a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for operation in operations.values():
            if "responses" in operation:
                _document_refusals(operation, is_of_one="{" in path)
    return result


def _document_refusals(operation: dict[str, Any], *, is_of_one: bool) -> None:
    refusals = dict(REFUSALS)
    if is_of_one:
        refusals["404"] = "Unknown, or of another workspace."
    if "requestBody" in operation:
        refusals |= WITH_BODY
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, description in refusals.items():
        operation["responses"].setdefault(status, {"description": description, "content": content})
