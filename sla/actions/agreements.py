"""Writing versions of the Agreement. Versions never change; an edit is a new one."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from leads.actions import definition as definitions
from leads.rules.definition import Definition
from quotarider import tenancy
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from sla.models import Agreement
from sla.queries import agreement as agreements
from sla.rules.terms import Terms


@transaction.atomic
def revise(*, definition: Definition, terms: Terms, summary: str, by: Member | None, at: datetime) -> Agreement:
    """Puts a new, unsigned version in force from `at`; open leads are then re-scored under its definition."""
    _take_turn()
    version = (Agreement.objects.aggregate(last=Max("version"))["last"] or 0) + 1
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


def _take_turn() -> None:
    """Writers one after the other: version numbers have no holes and no doubles. (Append-only rows can't be locked.)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agreement'), %s)", [tenancy.current().workspace_id])


def revise_terms(terms: Terms, *, summary: str, by: Member, at: datetime) -> Agreement:
    """A new version with other terms and the same lead definition."""
    current = agreements.in_force(at)
    return revise(definition=Definition.from_json(current.definition.body), terms=terms, summary=summary, by=by, at=at)


def revise_definition(definition: Definition, *, summary: str, by: Member, at: datetime) -> Agreement:
    """A new version with another lead definition and the same terms."""
    current = agreements.in_force(at)
    return revise(definition=definition, terms=agreements.terms(current), summary=summary, by=by, at=at)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of the top-level sections that differ."""
    return [name for name in after if before.get(name) != after[name]]
