"""Open leads are brought up to a new definition, and scored again as engagement decays."""

from datetime import datetime, timedelta

import pytest

from leads import tasks
from leads.actions import definition
from leads.models import Lead, LeadDefinition
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from tests.factories import leads as make

pytestmark = pytest.mark.django_db


def break_definition(now: datetime) -> None:
    LeadDefinition.objects.create(version=2, body={"rules": 5}, in_force_from=now, created_at=now)


class TestRescoreStale:
    def test_says_how_many_it_scored(self, in_acme: tenancy.Scope) -> None:
        make.receive(*(make.payload() for _ in range(3)), at=in_acme.now)
        later = in_acme.now + timedelta(days=2)
        found = definition.rescore_stale(before=later, version_id=None, limit=2, at=later, cause="refresh")
        assert found == 2
        assert Lead.objects.filter(as_of=later).count() == 2

    def test_with_an_unusable_definition_scores_none(self, in_acme: tenancy.Scope) -> None:
        lead = make.lead(at=in_acme.now)
        break_definition(in_acme.now)
        later = in_acme.now + timedelta(days=2)
        assert definition.rescore_stale(before=later, version_id=None, limit=1, at=later, cause="refresh") == 0
        lead.refresh_from_db()
        assert (lead.is_flagged, lead.as_of) == (True, in_acme.now)


class TestTasks:
    def test_come_to_an_end_though_the_definition_is_unusable(
        self, acme: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A full piece that could not be scored would come back for ever, and no other workspace got its turn."""
        monkeypatch.setattr(tasks, "PIECE", 1)
        with tenancy.scope(acme.pk) as scope:
            make.lead(at=scope.now - timedelta(days=3))
            break_definition(scope.now)
            newest = LeadDefinition.objects.get(version=2).pk
        tasks.refresh_scores()
        assert tasks.rescore_after_revision(workspace_id=acme.pk, definition_id=newest) == 0
