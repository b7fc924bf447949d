"""Writing versions of the Agreement. Versions never change; an edit is a new one."""

import zlib
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from leads.actions import definition as definitions
from leads.rules.definition import Definition
from quotarider import tenancy
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import Conflict
from sla.models import Agreement
from sla.queries import agreement as agreements
from sla.rules.terms import Terms

_LOCK = zlib.crc32(b"versions of the Agreement")


class AgreementMoved(Conflict):
    """Another version came into force while this one was being written."""


@transaction.atomic
def revise(
    *,
    definition: Definition,
    terms: Terms,
    summary: str,
    by: Member | None,
    at: datetime,
    base: int | None = None,
) -> Agreement:
    """Puts a new, unsigned version in force from `at`; open leads are then re-scored under its definition.

    `base` is the version that the author began with (None: whichever is the last). Raises: AgreementMoved.
    """
    _lock_versions()
    last = Agreement.objects.aggregate(last=Max("version"))["last"] or 0
    if base is not None and base != last:
        raise AgreementMoved(f"Version {last} came into force while you were writing. Nothing of yours is lost.")
    version = last + 1
    agreement = Agreement.objects.create(
        version=version,
        definition=definitions.write(definition, version=version, by=by, at=at),
        terms=terms.to_json(),
        summary=summary[:200],
        in_force_from=at,
        created_at=at,
        created_by=by,
    )
    audit.record(
        "revise agreement", subject="agreement", subject_id=agreement.pk, by=by, at=at, data={"version": version}
    )
    return agreement


def _lock_versions() -> None:
    """Serialises writers, so that version numbers have no holes and no doubles; no row of a version can be locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK - 2**31, tenancy.current().workspace_id])


def revise_terms(terms: Terms, *, summary: str, by: Member, at: datetime, base: int | None = None) -> Agreement:
    """A new version with other terms and the same lead definition. Raises: AgreementMoved."""
    current = agreements.in_force(at)
    definition = Definition.from_json(current.definition.body)
    return revise(definition=definition, terms=terms, summary=summary, by=by, at=at, base=base)


def revise_definition(
    definition: Definition, *, summary: str, by: Member, at: datetime, base: int | None = None
) -> Agreement:
    """A new version with another lead definition and the same terms. Raises: AgreementMoved."""
    current = agreements.in_force(at)
    terms = agreements.terms(current)
    return revise(definition=definition, terms=terms, summary=summary, by=by, at=at, base=base)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of the top-level sections that differ."""
    return [name for name in after if before.get(name) != after[name]]
