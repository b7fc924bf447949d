"""The board and the pieces that other stages' pages load."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from handoff.actions import touching
from handoff.models import Handoff
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from sla.actions import clocks, enforcing
from sla.models import Clock

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
ClientFor = Callable[..., Client]


@pytest.fixture
def lead(hand_off: Callable[..., Lead], tuesday: datetime) -> Lead:
    return hand_off(at=tuesday, full_name="Amara Osei", company_name="Northwind")


@pytest.fixture
def later(lead: Lead, tuesday: datetime, move_time: Callable[..., None], acme: Workspace) -> None:
    """An hour after the hand-off, all steps recorded."""
    move_time(tuesday + 60 * MINUTE)
    with tenancy.scope(acme.pk):
        enforcing.sweep(at=tuesday + 60 * MINUTE, workspace_id=acme.pk)


def call(lead: Lead, *, at: datetime, workspace: Workspace) -> None:
    with tenancy.scope(workspace.pk):
        handoff = Handoff.objects.get(lead_id=lead.pk, ended_at=None)
        touching.touch(handoff, touching.Attempt(kind="call", result="reached"), by=handoff.owner, at=at)


class TestBoard:
    def test_is_a_page_in_a_new_workspace(self, client_for: ClientFor, admin: Member) -> None:
        page = client_for(admin).get("/w/acme/board/")
        assert page.status_code == 200
        assert "Nobody is late." in page.content.decode()

    @pytest.mark.parametrize("role", ["rep", "manager", "marketer", "marketing_manager", "revops", "admin"])
    def test_is_for_both_sides(self, client_for: ClientFor, role: str, request: pytest.FixtureRequest) -> None:
        assert client_for(request.getfixturevalue(role)).get("/w/acme/board/").status_code == 200

    def test_is_404_for_outsiders(self, client_for: ClientFor, outsider: Member, admin: Member) -> None:
        assert client_for(outsider).get("/w/acme/board/").status_code == 404

    def test_takes_no_post(self, client_for: ClientFor, admin: Member) -> None:
        assert client_for(admin).post("/w/acme/board/").status_code == 405

    def test_shows_who_is_late_and_who_was_told(self, client_for: ClientFor, manager: Member, later: None) -> None:
        page = client_for(manager).get("/w/acme/board/").content.decode()
        assert "Amara Osei" in page and "Northwind" in page and "Manager told" in page
        assert "oldest 45 min" in page

    def test_a_piece_for_htmx(self, client_for: ClientFor, manager: Member, later: None) -> None:
        page = client_for(manager, htmx=True).get("/w/acme/board/").content.decode()
        assert "<html" not in page and "Amara Osei" in page

    def test_ledger_opens_the_leads_of_each_column(self, client_for: ClientFor, manager: Member, lead: Lead) -> None:
        page = client_for(manager).get("/w/acme/board/").content.decode()
        assert '<a href="/w/acme/leads/?ledger=in_queue">1</a>' in page
        assert '<a href="/w/acme/leads/?ledger=closed">0</a>' in page

    def test_counts_touches_in_time_against_the_promise(
        self, client_for: ClientFor, manager: Member, lead: Lead, tuesday: datetime, acme: Workspace,
        move_time: Callable[..., None],
    ) -> None:  # fmt: skip
        call(lead, at=tuesday + 6 * MINUTE, workspace=acme)
        move_time(tuesday + 60 * MINUTE)
        page = client_for(manager).get("/w/acme/board/").content.decode()
        assert "<b>6 min</b>" in page and "<b>100.0 %</b>" in page and "promised 90 %" in page

    @pytest.mark.parametrize(
        "query", ["?days=30", "?days=8", "?team=x&rep=y", "?rep=00000000-0000-0000-0000-000000000000"]
    )
    def test_any_address_works(self, client_for: ClientFor, manager: Member, query: str) -> None:
        assert client_for(manager).get(f"/w/acme/board/{query}").status_code == 200

    def test_narrows_to_a_rep(
        self, client_for: ClientFor, manager: Member, rep: Member, later: None, marketer: Member
    ) -> None:
        client = client_for(manager)
        assert "Amara Osei" in client.get(f"/w/acme/board/?rep={rep.public_id}").content.decode()
        assert "Amara Osei" not in client.get(f"/w/acme/board/?rep={manager.public_id}").content.decode()

    def test_needs_few_queries(
        self, client_for: ClientFor, manager: Member, later: None, django_assert_max_num_queries: Callable
    ) -> None:
        client = client_for(manager, htmx=True)
        with django_assert_max_num_queries(17):  # 9 of its own; the rest: sign-in, seat, scope, savepoints
            client.get("/w/acme/board/")


class TestLate:
    def test_refreshes_by_itself(self, client_for: ClientFor, manager: Member, later: None) -> None:
        piece = client_for(manager, htmx=True).get("/w/acme/board/late/").content.decode()
        assert piece.lstrip().startswith("<div") and 'hx-trigger="every 10s"' in piece and "Amara Osei" in piece

    def test_reassigning_opens_the_hand_over_in_the_shell_s_dialog(
        self, client_for: ClientFor, manager: Member, rep: Member, later: None, lead: Lead, handoff_of: Callable
    ) -> None:
        url = f"/w/acme/queue/{handoff_of(lead).public_id}/hand-over/"
        swap = f'hx-get="{url}" hx-target="#dialog-body" hx-swap="innerHTML"'
        assert swap in client_for(manager, htmx=True).get("/w/acme/board/late/").content.decode()
        assert url not in client_for(rep, htmx=True).get("/w/acme/board/late/").content.decode()

    def test_is_the_board_without_htmx(self, client_for: ClientFor, manager: Member) -> None:
        assert client_for(manager).get("/w/acme/board/late/").headers["Location"] == "/w/acme/board/"


class TestRows:
    def test_opens_the_rows_behind_a_figure(self, client_for: ClientFor, manager: Member, later: None) -> None:
        client = client_for(manager)
        assert "Amara Osei" in client.get("/w/acme/board/clocks/?outcome=late").content.decode()
        assert "Amara Osei" in client.get("/w/acme/board/clocks/?outcome=decided&weekday=2&hour=10").content.decode()
        assert "No first touch fits" in client.get("/w/acme/board/clocks/?outcome=in_time").content.decode()
        assert "No first touch fits" in client.get("/w/acme/board/clocks/?weekday=2&hour=11").content.decode()

    def test_says_what_became_of_each(
        self, client_for: ClientFor, manager: Member, lead: Lead, later: None, tuesday: datetime, acme: Workspace
    ) -> None:
        call(lead, at=tuesday + 60 * MINUTE, workspace=acme)
        assert "late by 45 min" in client_for(manager).get("/w/acme/board/clocks/").content.decode()


class TestRetry:
    @pytest.fixture
    def parked(self, lead: Lead, tuesday: datetime, acme: Workspace, clock_of: Callable[..., Clock]) -> Clock:
        with tenancy.scope(acme.pk):
            Clock.objects.filter(lead_id=lead.pk).update(parked_at=tuesday, failures=5)
        return clock_of(lead)

    def test_a_parked_clock_is_on_the_board(self, client_for: ClientFor, manager: Member, parked: Clock) -> None:
        assert "1 clock could not be swept" in client_for(manager).get("/w/acme/board/").content.decode()

    def test_puts_it_back(
        self, client_for: ClientFor, manager: Member, parked: Clock, lead: Lead, clock_of: Callable[..., Clock]
    ) -> None:
        client = client_for(manager)
        assert client.post(f"/w/acme/board/clocks/{parked.public_id}/retry/").status_code == 302
        assert (clock_of(lead).parked_at, clock_of(lead).failures) == (None, 0)
        assert client.post(f"/w/acme/board/clocks/{parked.public_id}/retry/").status_code == 409

    def test_not_for_reps(
        self, client_for: ClientFor, rep: Member, parked: Clock, lead: Lead, clock_of: Callable[..., Clock]
    ) -> None:
        assert client_for(rep).post(f"/w/acme/board/clocks/{parked.public_id}/retry/").status_code == 403
        assert clock_of(lead).parked_at is not None

    def test_not_for_outsiders(self, client_for: ClientFor, outsider: Member, parked: Clock) -> None:
        client = client_for(outsider)
        assert client.post(f"/w/acme/board/clocks/{parked.public_id}/retry/").status_code == 404
        assert client.post(f"/w/rival/board/clocks/{parked.public_id}/retry/").status_code == 404


class TestLeadClocks:
    def test_lists_clocks_with_their_steps(
        self, client_for: ClientFor, rep: Member, lead: Lead, later: None, tuesday: datetime, acme: Workspace
    ) -> None:
        call(lead, at=tuesday + 60 * MINUTE, workspace=acme)
        page = client_for(rep).get(f"/w/acme/leads/{lead.public_id}/clocks/").content.decode()
        assert "First touch" in page and "Verdict" in page and "late by 45 min" in page
        assert "not told: a later step was" in page and "45 min after" in page

    def test_a_piece_for_htmx(self, client_for: ClientFor, rep: Member, lead: Lead) -> None:
        piece = client_for(rep, htmx=True).get(f"/w/acme/leads/{lead.public_id}/clocks/").content.decode()
        assert piece.lstrip().startswith("<section")

    def test_is_404_for_outsiders(self, client_for: ClientFor, outsider: Member, lead: Lead) -> None:
        assert client_for(outsider).get(f"/w/acme/leads/{lead.public_id}/clocks/").status_code == 404
        assert client_for(outsider).get(f"/w/rival/leads/{lead.public_id}/clocks/").status_code == 404


class TestClockDetails:
    @pytest.fixture
    def path(self, lead: Lead, handoff_of: Callable[[Lead], Handoff]) -> str:
        return f"/w/acme/clocks/{handoff_of(lead).public_id}/"

    def test_says_what_happens_if_nothing_is_done(
        self, client_for: ClientFor, rep: Member, path: str, tuesday: datetime, move_time: Callable[..., None]
    ) -> None:
        move_time(tuesday + MINUTE)
        page = client_for(rep, htmx=True).get(path).content.decode()
        assert "by 10:15: 15 business minutes were agreed" in page
        assert "at 10:12 you are warned, at 10:15 it is late, and your manager Sales manager is told." in page

    def test_names_the_owner_to_others(
        self, client_for: ClientFor, manager: Member, path: str, tuesday: datetime, move_time: Callable[..., None]
    ) -> None:
        move_time(tuesday + MINUTE)
        assert "at 10:12 Rep is warned" in client_for(manager, htmx=True).get(path).content.decode()

    def test_is_404_for_reps_who_do_not_have_it(
        self, client_for: ClientFor, marketer: Member, outsider: Member, path: str
    ) -> None:
        assert client_for(marketer).get(path).status_code == 404
        assert client_for(outsider).get(path).status_code == 404


class TestShell:
    def test_counts_late_clocks_in_the_navigation(self, client_for: ClientFor, manager: Member, later: None) -> None:
        page = client_for(manager).get("/w/acme/board/").content.decode()
        assert '<span class="count hot" data-count="late">1</span>' in page

    def test_says_when_the_clock_itself_is_late(
        self, client_for: ClientFor, manager: Member, lead: Lead, tuesday: datetime, move_time: Callable[..., None]
    ) -> None:
        client = client_for(manager)
        move_time(tuesday + 12 * MINUTE + timedelta(seconds=5))
        assert "The clock itself is late" not in client.get("/w/acme/board/").content.decode()
        move_time(tuesday + 13 * MINUTE)
        assert "The clock itself is late since 10:12" in client.get("/w/acme/board/").content.decode()

    def test_says_when_no_heart_beats_any_more(
        self, client_for: ClientFor, manager: Member, tuesday: datetime, move_time: Callable[..., None]
    ) -> None:
        move_time(tuesday)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO sla_heartbeat VALUES ('one', %s, 0)", [tuesday - timedelta(seconds=20)])
        assert "The clock itself is late since 09:59" in client_for(manager).get("/w/acme/board/").content.decode()


class TestQueue:
    def test_met_clocks_know_the_business_time_they_took(
        self, lead: Lead, tuesday: datetime, acme: Workspace, clock_of: Callable[..., Clock]
    ) -> None:
        call(lead, at=tuesday + timedelta(days=1, hours=-1), workspace=acme)  # 9 h a day, an hour less
        assert clock_of(lead, "first_touch").taken_seconds == 8 * 3600

    def test_cancelled_ones_took_none(self, lead: Lead, tuesday: datetime, acme: Workspace, clock_of) -> None:  # type: ignore[no-untyped-def]
        with tenancy.scope(acme.pk):
            clocks.start([clocks.Start(lead.pk, "verdict", lead.owner_id)], at=tuesday)
            clocks.cancel([lead.pk], "first_touch", at=tuesday + MINUTE)
        clock = clock_of(lead, "first_touch")
        assert (clock.taken_seconds, clock.cancelled_at) == (None, tuesday + MINUTE)
