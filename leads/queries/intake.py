"""Recognising what was sent before."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection

from leads.models import IntakeRecord, Lead, Source
from leads.rules import states
from quotarider import tenancy
from quotarider.tenancy import bulk


class Known(NamedTuple):
    """An earlier payload: its SHA-256 and its lead."""

    digest: str
    lead: Lead


def by_identity(source: Source, identities: Collection[str]) -> dict[str, Known]:
    """Earlier payloads of the source by their identity."""
    if not identities:
        return {}
    rows = bulk.fetch(
        "SELECT {l}, i.key, i.digest FROM leads_intakerecord i "
        "JOIN leads_lead l ON l.workspace_id = i.workspace_id AND l.id = i.lead_id "
        "WHERE i.workspace_id = %s AND i.source_id = %s AND i.key = ANY(%s::varchar[])",
        [tenancy.current().workspace_id, source.pk, list(identities)],
        l=Lead,
    )
    return {key: Known(digest, lead) for lead, key, digest in rows}


def by_external_id(source: Source, external_ids: Collection[str]) -> dict[str, Lead]:
    """The source's leads by its own ids, locked."""
    if not external_ids:
        return {}
    rows = bulk.fetch(
        "SELECT {l} FROM leads_lead l WHERE l.workspace_id = %s AND l.source_id = %s "
        "AND l.external_id = ANY(%s::varchar[]) ORDER BY l.id FOR NO KEY UPDATE",
        [tenancy.current().workspace_id, source.pk, list(external_ids)],
        l=Lead,
    )
    return {lead.external_id: lead for (lead,) in rows}


def open_leads_of(person_ids: Collection[int]) -> dict[int, Lead]:
    """The open lead of each person that has one, locked."""
    if not person_ids:
        return {}
    rows = bulk.fetch(
        "SELECT {l} FROM leads_lead l WHERE l.workspace_id = %s AND l.person_id = ANY(%s::bigint[]) "
        "AND l.state = ANY(%s::varchar[]) ORDER BY l.id FOR NO KEY UPDATE",
        [tenancy.current().workspace_id, list(person_ids), sorted(states.OPEN)],
        l=Lead,
    )
    return {lead.person_id: lead for (lead,) in rows}


def source_of(slug: str, *, name: str, kind: str) -> Source:
    """The source of that slug, made when first seen."""
    found = bulk.fetch(
        "SELECT {s} FROM leads_source s WHERE s.workspace_id = %s AND s.slug = %s",
        [tenancy.current().workspace_id, slug],
        s=Source,
    )
    if found:
        return found[0][0]
    return Source.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind})[0]


def lost_reasons(lead_ids: Iterable[int]) -> dict[int, str]:
    """The lost reason as last told by a sender, by lead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lead_id, payload->>'lost_reason' FROM leads_intakerecord "
            "WHERE workspace_id = %s AND lead_id = ANY(%s) AND payload ? 'lost_reason' ORDER BY id",
            [tenancy.current().workspace_id, list(lead_ids)],
        )
        return {lead_id: text or "" for lead_id, text in cursor.fetchall()}


def payloads_of(lead_id: int) -> list[IntakeRecord]:
    """What was sent for the lead, word for word, newest first, at most 50."""
    return list(IntakeRecord.objects.select_related("source").filter(lead_id=lead_id).order_by("-id")[:50])
