"""What the endpoints take out of a request."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NoReturn, cast

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from leads.actions import intake
from leads.queries import intake as intake_queries
from leads.rules import candidate
from quotarider.accounts.models import ApiKey, Workspace

KEY: Final = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
KEY_REMEDY: Final = "Send 1 to 200 printable ASCII characters, without spaces around them."

Problems = Sequence[tuple[str, str]]


def now_of(request: Request) -> datetime:
    """The scope's instant."""
    return cast(datetime, request._request.now)  # type: ignore[attr-defined]


def workspace_of(request: Request) -> Workspace:
    """The key's workspace."""
    return cast(Workspace, request._request.workspace)  # type: ignore[attr-defined]


def source_of(request: Request) -> Any:
    """The source that the key's leads are booked under."""
    key = cast(ApiKey, request.auth)
    return intake_queries.source_of(key.source, name=key.name[:80], kind="api")


def arrival(payload: object, key: object, request: Request) -> intake.Arrival:
    """A payload read as a lead. Raises: candidate.InvalidLead."""
    problems: list[tuple[str, str]] = []
    if key is not None and not (isinstance(key, str) and KEY.fullmatch(key)):
        problems.append(("idempotency_key", KEY_REMEDY))
    try:
        read = candidate.read(payload, default_country=workspace_of(request).default_country, at=now_of(request))
    except candidate.InvalidLead as invalid:
        raise candidate.InvalidLead([*problems, *invalid.problems]) from None
    if problems:
        raise candidate.InvalidLead(problems)
    return intake.Arrival(read, payload, digest(payload), cast(str | None, key))


def digest(payload: object) -> str:
    """The SHA-256 of what was sent, whatever the order of its names; a row's own idempotency key is not content."""
    content = payload
    if isinstance(payload, Mapping):
        content = {name: value for name, value in payload.items() if name != "idempotency_key"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rows(body: object, name: str, most: int) -> list[Any]:
    """The list under that name. Raises: ValidationError."""
    found = body.get(name) if isinstance(body, Mapping) else None
    if not isinstance(found, list) or len(found) > most:
        raise ValidationError({name: [f'Send {{"{name}": […]}} with at most {most} entries.']})
    return found


def refuse(problems: Problems) -> NoReturn:
    """Answers 422 with every problem. Raises: ValidationError."""
    by_field: dict[str, list[str]] = {}
    for field, message in problems:
        by_field.setdefault(field or "non_field_errors", []).append(message)
    raise ValidationError(by_field)


def refused(index: int, problems: Problems) -> dict[str, Any]:
    """One row of a batch that can't be taken."""
    errors = [{"field": field, "message": message} for field, message in problems]
    return {"index": index, "status": "refused", "errors": errors}
