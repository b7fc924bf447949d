"""Seeding the demo: the last three weeks in one go, then the half year before them in small pieces, newest first.

Each piece is one transaction, so one that was killed is simply told again; pieces that have leads are left alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from leads.models import Lead, Person
from quotarider import tenancy
from quotarider.accounts import queries as accounts
from quotarider.accounts.models import Workspace
from quotarider.demo import arrivals, founding, scene
from quotarider.demo.story import Story
from quotarider.demo.world import World
from quotarider.notifications import actions as notifications
from quotarider.notifications.models import Notification, Outbox

SLUG = "demo"
SEED = 2026
QUICK_DAYS, ALL_DAYS = 21, 182
PIECE = 12  # leads
READ_BEFORE = timedelta(hours=5)  # older notices have been read


@transaction.atomic
def quick(*, seed: int = SEED, scale: float = 1.0, slug: str = SLUG, at: datetime | None = None) -> int:
    """Founds the demo and tells its last three weeks, up to `at` (the database's instant if None); returns the leads.

    Where the workspace exists, nothing happens.
    """
    if Workspace.objects.filter(slug=slug).exists():
        return 0
    workspace = founding.found(slug, at or _database_now())
    recent = arrivals.Calendar(seed, founding.anchor_of(workspace), scale).of_days(range(QUICK_DAYS))
    return _tell(workspace, recent, seed=seed, is_present=True)


def rest(*, seed: int = SEED, scale: float = 1.0, slug: str = SLUG, days: int = ALL_DAYS) -> Iterator[int]:
    """Tells the leads of the `days` before, newest first, a few at a time; yields how many were told each time.

    Small pieces, as each keeps the reps' rotation locked until it is committed.
    """
    workspace = Workspace.objects.get(slug=slug)
    older = arrivals.Calendar(seed, founding.anchor_of(workspace), scale).of_days(range(QUICK_DAYS, days))
    with tenancy.scope(workspace.pk):
        told = set(Lead.objects.filter(external_id__startswith="demo-").values_list("external_id", flat=True))
    for end in range(len(older), 0, -PIECE):
        piece = older[max(0, end - PIECE) : end]
        if told.isdisjoint(arrival.external_id for arrival in piece):
            yield _tell(workspace, piece, seed=seed)


def _tell(workspace: Workspace, coming: Sequence[arrivals.Arrival], *, seed: int, is_present: bool = False) -> int:
    """Tells the lives of these leads up to the demo's present, in one transaction; returns how many there are."""
    anchor = founding.anchor_of(workspace)
    with tenancy.scope(workspace.pk):
        known = set(Person.objects.values_list("email_norm", flat=True))
        world = World.load(seed, since=anchor - timedelta(days=ALL_DAYS + 2))
        story = Story(world, end=anchor, quiet_from=anchor - scene.BACK, tells=is_present)
        story.expect(arrival for arrival in coming if arrival.payload["email"] not in known)
        if is_present:
            scene.plan(story, anchor)
        story.run()
        _clear_desks(workspace, anchor)
        return len(story.cases)


def _clear_desks(workspace: Workspace, anchor: datetime) -> None:
    """Mails of the past are not sent now, and all but the last hours' notices have been read."""
    Outbox.objects.filter(sent_at=None, dead_at=None).update(sent_at=anchor, next_attempt_at=None)
    for member in accounts.members(workspace.pk):
        old = Notification.objects.filter(member=member, told_at__lt=anchor - READ_BEFORE, read_at=None)
        notifications.mark_read(member, list(old.values_list("public_id", flat=True)), at=anchor)


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        now: datetime = cursor.fetchone()[0]
    return now
