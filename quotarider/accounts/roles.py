"""The six roles, their sides, and what each may do. Views ask `member.may(…)`; nothing else decides."""

from typing import Literal

Role = Literal["rep", "sales_manager", "marketer", "marketing_manager", "revops", "admin"]
Side = Literal["sales", "marketing", "neither"]

LABELS: dict[Role, str] = {
    "rep": "Rep",
    "sales_manager": "Sales manager",
    "marketer": "Marketer",
    "marketing_manager": "Marketing manager",
    "revops": "RevOps",
    "admin": "Admin",
}
SIDES: dict[Role, Side] = {
    "rep": "sales",
    "sales_manager": "sales",
    "marketer": "marketing",
    "marketing_manager": "marketing",
    "revops": "neither",
    "admin": "neither",
}

_ALL: frozenset[str] = frozenset(LABELS)
_MARKETING = frozenset({"marketer", "marketing_manager"})
_OWNERS = frozenset({"revops", "admin"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "view_leads": _ALL,
    "view_board": _ALL,
    "view_campaigns": _ALL,
    "view_agreement": _ALL,
    "work_queue": frozenset({"rep", "sales_manager"}),
    "view_queue": frozenset({"rep", "sales_manager"}) | _OWNERS,
    "view_any_queue": frozenset({"sales_manager"}) | _OWNERS,
    "reassign": frozenset({"sales_manager"}) | _OWNERS,
    "decide_returned": _MARKETING | _OWNERS,
    "edit_lead_facts": _ALL,
    "edit_campaigns": _MARKETING | _OWNERS,
    "import_leads": _MARKETING | _OWNERS | {"sales_manager"},
    "export_leads": _MARKETING | _OWNERS | {"sales_manager"},
    "edit_agreement": _OWNERS,
    "edit_reasons": _OWNERS | {"sales_manager", "marketing_manager"},
    "manage_members": _OWNERS,
    "manage_teams": _OWNERS | {"sales_manager"},
    "manage_keys": _OWNERS,
    "view_audit": _OWNERS,
}
