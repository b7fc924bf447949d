"""What scoring reads, for a batch of leads in two statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from leads.models import Lead
from leads.rules.definition import FactValue
from leads.rules.scoring import Signal
from quotarider import tenancy

_FACTS = """
    p.email_norm, p.phone, p.full_name, p.title, p.seniority, p.department, p.country, l.trigger_events,
    c.name, c.domain, c.employees, c.industry, c.country, c.technologies, c.growth_stage, c.revenue
    FROM leads_lead l
    JOIN leads_person p ON p.workspace_id = l.workspace_id AND p.id = l.person_id
    LEFT JOIN leads_company c ON c.workspace_id = l.workspace_id AND c.id = l.company_id
   WHERE l.workspace_id = %s AND l.id = ANY(%s::bigint[])
"""


class Input(NamedTuple):
    """One lead to be scored: where it stands, what is known, what it did. `was_given`: sales had it once."""

    lead_id: int
    state: str
    score: int | None
    facts: dict[str, FactValue]
    signals: Sequence[Signal]
    missing_facts: list[str]
    was_given: bool = False


def inputs(lead_ids: Iterable[int]) -> list[Input]:
    """The scoring inputs of the leads, locked against other writers, in id order."""
    ids = sorted(set(lead_ids))
    # of l: persons and companies are read, not held
    rows = _rows(
        f"SELECT l.id, l.state, l.score, l.missing_facts, l.qualified_at IS NOT NULL, {_FACTS} ORDER BY l.id FOR NO KEY UPDATE OF l",
        [tenancy.current().workspace_id, ids],
    )
    signals = signals_of(ids)
    return [
        Input(pk, state, score, _facts(rest), signals.get(pk, ()), missing, was_given)
        for pk, state, score, missing, was_given, *rest in rows
    ]


def signals_of(lead_ids: Sequence[int]) -> dict[int, list[Signal]]:
    """The touchpoints of each lead as scoring signals."""
    found: dict[int, list[Signal]] = defaultdict(list)
    rows = _rows(
        "SELECT t.lead_id, t.kind, t.asset, c.name, t.occurred_at FROM leads_touchpoint t "
        "LEFT JOIN leads_campaign c ON c.workspace_id = t.workspace_id AND c.id = t.campaign_id "
        "WHERE t.workspace_id = %s AND t.lead_id = ANY(%s::bigint[])",
        [tenancy.current().workspace_id, list(lead_ids)],
    )
    for lead_id, *signal in rows:
        found[lead_id].append(Signal(*signal))
    return found


def facts_of(lead: Lead) -> dict[str, FactValue]:
    """The facts known about one lead."""
    return _facts(_rows(f"SELECT {_FACTS}", [tenancy.current().workspace_id, [lead.pk]])[0])


def _rows(sql: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _facts(row: Sequence[Any]) -> dict[str, FactValue]:
    email, phone, full_name, title, seniority, department, person_country, trigger_events = row[:8]
    name, domain, employees, industry, country, technologies, growth_stage, revenue = row[8:]
    return {
        "email": email,
        "phone": phone,
        "full_name": full_name,
        "title": title,
        "seniority": seniority,
        "department": department,
        "company_name": name,
        "domain": domain,
        "employees": employees,
        "industry": industry,
        "country": country or person_country,
        "technologies": tuple(technologies or ()),
        "growth_stage": growth_stage,
        "revenue": revenue,
        "trigger_events": tuple(trigger_events or ()),
        "free_mail": bool(email and not domain),
    }
