"""Recognising what was sent before."""

from collections.abc import Iterable

from leads.models import IntakeRecord, Lead, Source
from leads.rules import states


def by_identity(source: Source, identities: Iterable[str]) -> dict[str, IntakeRecord]:
    """Earlier payloads of the source by their identity, with their leads."""
    wanted = list(identities)
    if not wanted:
        return {}
    rows = IntakeRecord.objects.select_related("lead").defer("payload").filter(source=source, key__in=wanted)
    return {str(row.key): row for row in rows}


def by_external_id(source: Source, external_ids: Iterable[str | None]) -> dict[str, Lead]:
    """The source's leads by its own ids, locked, with person and company."""
    wanted = [each for each in external_ids if each]
    if not wanted:
        return {}
    rows = _whole().filter(source=source, external_id__in=wanted)
    return {str(lead.external_id): lead for lead in rows}


def open_leads_of(person_ids: Iterable[int | None]) -> dict[int, Lead]:
    """The open lead of each person that has one, locked, with person and company."""
    wanted = [each for each in person_ids if each]
    if not wanted:
        return {}
    return {lead.person_id: lead for lead in _whole().filter(person_id__in=wanted, state__in=states.OPEN)}


def _whole():  # type: ignore[no-untyped-def]
    rows = Lead.objects.select_related("person", "company", "campaign")
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


def source_of(slug: str, *, name: str, kind: str) -> Source:
    """The source of that slug, made when first seen."""
    return Source.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind})[0]


def lost_reasons(lead_ids: Iterable[int]) -> dict[int, str]:
    """The lost reason as last told by a sender, by lead."""
    rows = IntakeRecord.objects.filter(lead_id__in=list(lead_ids), payload__has_key="lost_reason").order_by("pk")
    return {lead_id: str(text) for lead_id, text in rows.values_list("lead_id", "payload__lost_reason")}
