"""Out of office."""

from datetime import datetime

from django.db import transaction

from handoff.models import Absence
from quotarider.accounts.models import Member
from quotarider.audit import actions as audit
from quotarider.errors import DomainError


class AbsenceInvalid(DomainError):
    """An absence ends after it starts."""


@transaction.atomic
def note(member: Member, *, starts_at: datetime, ends_at: datetime, by: Member, at: datetime) -> Absence:
    """A member will be away in [starts_at, ends_at); no leads are given meanwhile. Raises: AbsenceInvalid."""
    if ends_at <= starts_at:
        raise AbsenceInvalid("The end must lie after the start.", field="ends_at")
    absence = Absence.objects.create(member=member, starts_at=starts_at, ends_at=ends_at)
    audit.record("note absence", subject="member", subject_id=member.pk, by=by, at=at)
    return absence


@transaction.atomic
def withdraw(absence: Absence, *, by: Member, at: datetime) -> None:
    """The member is back, or stays."""
    audit.record("withdraw absence", subject="member", subject_id=absence.member_id, by=by, at=at)
    absence.delete()
