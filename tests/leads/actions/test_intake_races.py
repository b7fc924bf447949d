"""The same lead at the same moment, over real connections."""

import threading

import pytest
from django.db import connections

from leads.actions import intake
from leads.models import Campaign, IntakeRecord, Lead, Person
from quotarider import tenancy
from quotarider.accounts.models import Workspace
from tests.factories import leads as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(workspace: Workspace, *batches: list[dict[str, object]]) -> list[str]:
    """Sends each batch over a connection of its own, all at the same moment; returns the statuses."""
    start, statuses, broken = threading.Barrier(len(batches)), [], []

    def send(batch: list[dict[str, object]]) -> None:
        try:
            start.wait(5)
            with tenancy.scope(workspace.pk) as scope:
                arrivals = [make.arrival(sent, at=scope.now) for sent in batch]
                received = intake.receive(arrivals, source=make.source(), at=scope.now)
            statuses.extend(one.status for one in received)
        except Exception as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not broken
    return sorted(statuses)


@pytest.fixture(autouse=True)
def known_source(acme):
    with tenancy.scope(acme.pk):
        make.source()


class TestAtOnce:
    def test_the_same_payload_is_one_lead(self, acme):
        sent = make.payload(external_id="crm-1")
        assert at_once(acme, [sent], [sent]) == ["created", "repeated"]
        with tenancy.scope(acme.pk):
            assert (Lead.objects.count(), IntakeRecord.objects.count()) == (1, 1)

    def test_the_same_person_is_one_lead(self, acme):
        one, two = make.payload(email="ann@acme.com"), make.payload(email="ANN@acme.com")
        assert at_once(acme, [one], [two]) == ["created", "joined"]
        with tenancy.scope(acme.pk):
            assert (Lead.objects.count(), Person.objects.count()) == (1, 1)

    def test_batches_in_opposite_order_do_not_lock_each_other_out(self, acme):
        people = [make.payload() for _ in range(30)]
        statuses = at_once(acme, people, people[::-1])
        assert statuses == ["created"] * 30 + ["joined"] * 30
        with tenancy.scope(acme.pk):
            assert Lead.objects.count() == 30

    def test_a_large_batch_and_a_small_one_know_each_other(self, acme):
        people = [make.payload(email=f"p{n}@company{n}.com") for n in range(300)]  # more identities than exact locks
        assert at_once(acme, people, people[250:260]) == ["created"] * 300 + ["joined"] * 10

    def test_a_new_campaign_is_made_once(self, acme):
        one, two = make.payload(campaign="Spring"), make.payload(campaign="SPRING")
        assert at_once(acme, [one], [two]) == ["created", "created"]
        with tenancy.scope(acme.pk):
            assert Campaign.objects.count() == 1
