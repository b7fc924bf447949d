"""Entering a lead by hand."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
PATH = "/w/acme/leads/new/"


def _sent(**given: str) -> dict[str, str]:
    return {"full_name": "Amara Osei", "email": "amara@northwind.com", "key": str(uuid.uuid4())} | given


class TestCreate:
    def test_makes_a_lead_and_opens_it(self, client_for: ClientFor, marketer: Member, acme: Workspace) -> None:
        answer = client_for(marketer).post(PATH, _sent())
        with tenancy.scope(acme.pk):
            lead = Lead.objects.select_related("person", "source").get()
        assert answer.status_code == 302
        assert str(lead.public_id) in answer.headers["Location"]
        assert (lead.person.full_name, lead.source.kind) == ("Amara Osei", "manual")

    def test_a_double_submit_is_one_lead(self, client_for: ClientFor, rep: Member, acme: Workspace) -> None:
        client, sent = client_for(rep), _sent(email="", phone="+49 30 9012345")
        client.post(PATH, sent)
        client.post(PATH, sent)
        with tenancy.scope(acme.pk):
            assert Lead.objects.count() == 1

    def test_needs_something_to_reach_the_person_by(self, client_for: ClientFor, rep: Member, acme: Workspace) -> None:
        answer = client_for(rep).post(PATH, _sent(email=""))
        assert answer.status_code == 422
        assert "Send at least" in answer.content.decode()
        with tenancy.scope(acme.pk):
            assert not Lead.objects.exists()

    def test_says_what_is_wrong_at_its_field(self, client_for: ClientFor, rep: Member) -> None:
        answer = client_for(rep).post(PATH, _sent(phone="=HYPERLINK(1)", email="nonsense"))
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"phone", "email"}

    def test_shows_an_empty_form(self, client_for: ClientFor, rep: Member) -> None:
        assert client_for(rep).get(PATH).status_code == 200

    def test_does_not_exist_for_outsiders(self, client_for: ClientFor, outsider: Member, acme: Workspace) -> None:
        assert client_for(outsider).get(PATH).status_code == 404
