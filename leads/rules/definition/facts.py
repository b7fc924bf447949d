"""The facts about a lead that rules can speak of: a flat mapping, absent or blank where nothing is known."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class FactType(StrEnum):
    """What a fact's value is: str, int, bool, or a tuple of str."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"


FACTS: Final[Mapping[str, FactType]] = {
    "email": FactType.TEXT,
    "phone": FactType.TEXT,
    "full_name": FactType.TEXT,
    "title": FactType.TEXT,
    "seniority": FactType.TEXT,
    "department": FactType.TEXT,
    "company_name": FactType.TEXT,
    "domain": FactType.TEXT,
    "employees": FactType.NUMBER,
    "industry": FactType.TEXT,
    "country": FactType.TEXT,
    "technologies": FactType.LIST,
    "growth_stage": FactType.TEXT,
    "revenue": FactType.NUMBER,
    "trigger_events": FactType.LIST,
    "free_mail": FactType.FLAG,
}

LABELS: Final[Mapping[str, str]] = {
    "email": "E-mail",
    "phone": "Phone",
    "full_name": "Name",
    "title": "Job title",
    "seniority": "Seniority",
    "department": "Department",
    "company_name": "Company",
    "domain": "Domain",
    "employees": "Company size",
    "industry": "Industry",
    "country": "Country",
    "technologies": "Technologies",
    "growth_stage": "Growth stage",
    "revenue": "Revenue",
    "trigger_events": "Trigger events",
    "free_mail": "Free-mail address",
}

SIGNAL_KINDS: Final[tuple[str, ...]] = (
    "page_visit",
    "pricing_visit",
    "download",
    "webinar",
    "form",
    "mail_open",
    "mail_click",
    "demo_request",
    "event",
    "trial",
    "other",
)

FactValue = str | int | bool | tuple[str, ...] | None
Facts = Mapping[str, FactValue]


def is_known(value: object) -> bool:
    """Whether a fact's value says anything: 0 and False do; None, blank text and an empty tuple don't."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != ()
