"""Several drivers of the clocks, killed at random while deadlines fall due."""

import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.notifications.models import Notification, Outbox
from sla.actions import clocks
from sla.models import Clock, Heartbeat, Step
from tests.factories import leads
from tests.faults import stack

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

CLOCKS = 300
SECONDS = 6.0


class TestKilledDrivers:
    def test_each_step_is_taken_exactly_once(
        self, tmp_path: Path, acme: Workspace, admin: Member, rep: Member, nothing_is_broken: Any
    ) -> None:
        with tenancy.scope(acme.pk) as scope:
            leads.receive(*[leads.payload(**leads.QUALIFIED) for _ in range(CLOCKS)], at=scope.now)
        drivers = [stack.clock(tmp_path, n) for n in range(3)]
        with stack.running(*drivers):
            stack.until(lambda: Heartbeat.objects.count() >= 2, seconds=30, what=lambda: drivers[0].said)
            with tenancy.scope(acme.pk) as scope:
                steps = self.move(scope.now)

            def strike(dice: random.Random) -> None:
                victim = dice.choice(drivers)
                victim.kill()
                victim.start()

            with stack.chaos(strike, every=(0.1, 0.6)):
                time.sleep(SECONDS)
            stack.until(lambda: self.recorded(acme) >= steps, seconds=30, what=lambda: [d.said for d in drivers])
            time.sleep(0.3)
        print(f"{steps} steps, {sum(each.deaths for each in drivers)} kills")
        self.check(acme, steps)

    @staticmethod
    def move(now: Any) -> int:
        dice, rows, steps = random.Random(stack.SEED), [], 0
        for clock in Clock.objects.all():
            offsets = sorted(dice.uniform(0.2, SECONDS) for _ in clock.steps)
            clock.step_at = [now + timedelta(seconds=offset) for offset in offsets]
            clock.next_step_at, clock.due_at = clock.step_at[0], clock.step_at[clock.steps.index("late")]
            rows.append(clock)
            steps += len(clock.steps)
        Clock.objects.bulk_update(rows, ["step_at", "next_step_at", "due_at"])
        clocks.refresh_queue([clock.lead_id for clock in rows])
        return steps

    @staticmethod
    def recorded(workspace: Workspace) -> int:
        with tenancy.scope(workspace.pk):
            return Step.objects.count()

    @staticmethod
    def check(workspace: Workspace, steps: int) -> None:
        with tenancy.scope(workspace.pk):
            assert Lead.objects.count() == CLOCKS
            assert Step.objects.count() == steps
            found_clocks = list(Clock.objects.all())
            assert all(c.next_step == len(c.steps) and c.next_step_at is None for c in found_clocks)
            assert all(c.breached_at == c.due_at for c in found_clocks)
            due = {(c.pk, n): instant for c in found_clocks for n, instant in enumerate(c.step_at)}
            found = {(s.clock_id, s.step): s for s in Step.objects.all()}
            assert {key: step.due_at for key, step in found.items()} == due
            assert all(step.noticed_at >= step.due_at for step in found.values())
            assert Clock.objects.filter(failures__gt=0).count() == 0
            told = [s for s in found.values() if s.told_at]
            keys = set(Notification.objects.values_list("key", flat=True))
            assert keys == {f"clock:{s.clock_id}:{s.step}" for s in told}
            mailed = {key.rsplit(":", 1)[0] for key in Outbox.objects.values_list("key", flat=True)}
            assert mailed == {f"clock:{s.clock_id}:{s.step}" for s in told if s.kind not in ("remind", "warn")}
