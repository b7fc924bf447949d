"""The words of a mail: as its payload says, or from its template."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime

NAME = re.compile(r"[a-z_]+")


def compose(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text. With `template` they come from templates/emails/<template>.txt, whose first line is the subject.

    The template sees the payload, its `…_at` as instants in the zone `zone` (UTC without), and `link`, made of `path`.
    Raises: KeyError, ValueError for a payload that is none.
    """
    if "template" not in payload:
        return str(payload["subject"]), str(payload["text"])
    name = str(payload["template"])
    if not NAME.fullmatch(name):
        raise ValueError("not a template's name")
    with timezone.override(ZoneInfo(payload.get("zone") or "UTC")):
        rendered = render_to_string(f"emails/{name}.txt", _context(payload))
    subject, _, text = rendered.strip().partition("\n")
    return " ".join(subject.split()), text.strip() + "\n"


def _context(payload: Mapping[str, Any]) -> dict[str, Any]:
    instants = {name: parse_datetime(str(value)) for name, value in payload.items() if name.endswith("_at") and value}
    link = settings.PUBLIC_URL.rstrip("/") + str(payload.get("path", ""))
    return {**payload, **instants, "link": link, "zone": payload.get("zone") or "UTC"}
