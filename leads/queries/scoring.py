"""What scoring reads, for a batch of leads in two statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from leads.models import Lead, Touchpoint
from leads.rules.definition import FactValue
from leads.rules.scoring import Signal

_FACTS = (
    "person__email_norm",
    "person__phone",
    "person__full_name",
    "person__title",
    "person__seniority",
    "person__department",
    "person__country",
    "company__name",
    "company__domain",
    "company__employees",
    "company__industry",
    "company__country",
    "company__technologies",
    "company__growth_stage",
    "company__revenue",
    "trigger_events",
)


class Input(NamedTuple):
    """One lead to be scored: where it stands, what is known, what it did."""

    lead_id: int
    state: str
    score: int | None
    facts: dict[str, FactValue]
    signals: Sequence[Signal]
    missing_facts: list[str]


def inputs(lead_ids: Iterable[int]) -> list[Input]:
    """The scoring inputs of the leads, locked against other writers, in id order."""
    ids = sorted(set(lead_ids))
    # of=self: persons and companies are read, not held
    rows = Lead.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    signals = signals_of(ids)
    return [
        Input(pk, state, score, _facts(rest), signals.get(pk, ()), missing)
        for pk, state, score, missing, *rest in rows.values_list("pk", "state", "score", "missing_facts", *_FACTS)
    ]


def signals_of(lead_ids: Sequence[int]) -> dict[int, list[Signal]]:
    """The touchpoints of each lead as scoring signals."""
    found: dict[int, list[Signal]] = defaultdict(list)
    rows = Touchpoint.objects.filter(lead_id__in=lead_ids)
    for lead_id, kind, asset, campaign, occurred_at in rows.values_list(
        "lead_id", "kind", "asset", "campaign__name", "occurred_at"
    ):
        found[lead_id].append(Signal(kind, asset, campaign, occurred_at))
    return found


def facts_of(lead: Lead) -> dict[str, FactValue]:
    """The facts known about one lead (its person and company loaded)."""
    row = Lead.objects.filter(pk=lead.pk).values_list(*_FACTS).get()
    return _facts(list(row))


def _facts(row: list) -> dict[str, FactValue]:
    email, phone, full_name, title, seniority, department, person_country, name, domain, employees = row[:10]
    industry, country, technologies, growth_stage, revenue, trigger_events = row[10:]
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
