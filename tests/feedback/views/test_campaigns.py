"""The campaigns' pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from leads.models import Campaign
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import leads

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


@pytest.fixture
def webinar(acme: Workspace) -> Campaign:
    with tenancy.scope(acme.pk) as scope:
        return leads.lead(at=scope.now, **leads.NURTURED, campaign="Cold-chain webinar").campaign


class TestIndex:
    def test_lists_each_campaign(self, client_for: ClientFor, marketer: Member, webinar: Campaign) -> None:
        page = client_for(marketer).get("/w/acme/campaigns/").content.decode()
        assert "Cold-chain webinar" in page
        assert "<!doctype html>" in page.lower()

    def test_is_a_piece_for_htmx(self, client_for: ClientFor, marketer: Member, webinar: Campaign) -> None:
        piece = client_for(marketer, htmx=True).get("/w/acme/campaigns/").content.decode()
        assert "Cold-chain webinar" in piece
        assert "<html" not in piece

    def test_says_what_will_appear_when_empty(self, client_for: ClientFor, marketer: Member) -> None:
        assert "No leads in this period" in client_for(marketer).get("/w/acme/campaigns/").content.decode()

    def test_takes_few_statements(
        self, client_for: ClientFor, marketer: Member, webinar: Campaign, django_assert_max_num_queries: Callable
    ) -> None:
        client = client_for(marketer)
        with django_assert_max_num_queries(16):
            client.get("/w/acme/campaigns/")

    def test_refuses_a_post(self, client_for: ClientFor, marketer: Member) -> None:
        assert client_for(marketer).post("/w/acme/campaigns/").status_code == 405

    def test_does_not_exist_for_outsiders(self, client_for: ClientFor, outsider: Member, acme: Workspace) -> None:
        assert client_for(outsider).get("/w/acme/campaigns/").status_code == 404


class TestDetail:
    def test_shows_one_campaign(self, client_for: ClientFor, marketer: Member, webinar: Campaign) -> None:
        answer = client_for(marketer).get(f"/w/acme/campaigns/{webinar.public_id}/")
        assert answer.status_code == 200

    def test_another_workspaces_campaign_is_unknown(
        self, client_for: ClientFor, outsider: Member, webinar: Campaign
    ) -> None:
        assert client_for(outsider).get(f"/w/rival/campaigns/{webinar.public_id}/").status_code == 404


class TestRows:
    def test_open_the_leads_behind_a_figure(self, client_for: ClientFor, marketer: Member, webinar: Campaign) -> None:
        page = client_for(marketer).get(f"/w/acme/campaigns/rows/leads/?campaign={webinar.public_id}")
        assert "1 lead." in page.content.decode()

    @pytest.mark.parametrize("path", ["nonsense/", "leads/?campaign=nonsense", "rejected/?reason=nonsense"])
    def test_nonsense_is_not_found(self, client_for: ClientFor, marketer: Member, path: str) -> None:
        assert client_for(marketer).get(f"/w/acme/campaigns/rows/{path}").status_code == 404


class TestEditing:
    def test_makes_a_campaign(self, client_for: ClientFor, marketer: Member, acme: Workspace) -> None:
        sent = {"name": "Spring fair", "channel": "Event", "cost": "1200.50", "utm_campaign": "spring"}
        answer = client_for(marketer).post("/w/acme/campaigns/new/", sent)
        assert answer.status_code == 302
        with tenancy.scope(acme.pk):
            campaign = Campaign.objects.get()
            assert (campaign.name, str(campaign.cost), campaign.key) == ("Spring fair", "1200.50", "spring fair")

    def test_a_taken_name_is_told_at_its_field(
        self, client_for: ClientFor, marketer: Member, webinar: Campaign, acme: Workspace
    ) -> None:
        answer = client_for(marketer).post("/w/acme/campaigns/new/", {"name": "COLD-CHAIN webinar"})
        assert answer.status_code == 422
        assert "Choose another name" in answer.content.decode()
        with tenancy.scope(acme.pk):
            assert Campaign.objects.count() == 1

    def test_an_end_before_the_start_is_refused(self, client_for: ClientFor, marketer: Member) -> None:
        sent = {"name": "Fair", "starts_on": "2026-03-02", "ends_on": "2026-03-01"}
        assert client_for(marketer).post("/w/acme/campaigns/new/", sent).status_code == 422

    def test_changes_a_campaign(
        self, client_for: ClientFor, marketer: Member, webinar: Campaign, acme: Workspace
    ) -> None:
        path = f"/w/acme/campaigns/{webinar.public_id}/edit/"
        assert client_for(marketer).get(path).status_code == 200
        assert client_for(marketer).post(path, {"name": "Warm-chain webinar"}).status_code == 302
        with tenancy.scope(acme.pk):
            assert Campaign.objects.get().name == "Warm-chain webinar"

    def test_is_not_for_reps(self, client_for: ClientFor, rep: Member, acme: Workspace) -> None:
        assert client_for(rep).post("/w/acme/campaigns/new/", {"name": "Mine"}).status_code == 403
        with tenancy.scope(acme.pk):
            assert not Campaign.objects.exists()
