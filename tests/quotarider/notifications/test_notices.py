from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from quotarider import tenancy
from quotarider.accounts.models import Member
from quotarider.notifications import actions, queries
from quotarider.notifications.models import Notification, Outbox

pytestmark = pytest.mark.django_db


def tell(*members: Member, key: str = "k", at: datetime) -> None:
    ids = [member.pk for member in members]
    actions.tell(ids, kind="lead", key=key, text=f"New lead {key}", path="/w/acme/queue/", at=at)


class TestTell:
    def test_tells_each_member_once(self, rep: Member, manager: Member, at: datetime) -> None:
        with tenancy.scope(rep.workspace_id):
            tell(rep, manager, rep, at=at)
            tell(rep, manager, at=at)
            assert [queries.unread_count(rep), queries.unread_count(manager)] == [1, 1]

    def test_is_one_statement(
        self, rep: Member, manager: Member, at: datetime, django_assert_num_queries: Callable
    ) -> None:
        with tenancy.scope(rep.workspace_id), django_assert_num_queries(3):  # with its savepoint
            tell(rep, manager, at=at)

    def test_needs_a_scope(self, rep: Member, at: datetime) -> None:
        with pytest.raises(tenancy.NoScope):
            tell(rep, at=at)

    def test_is_seen_by_nobody_else(self, rep: Member, outsider: Member, at: datetime) -> None:
        with tenancy.scope(rep.workspace_id):
            tell(rep, at=at)
        with tenancy.scope(outsider.workspace_id):
            assert not Notification.objects.exists()


class TestMail:
    def test_is_written_once_per_key(self, rep: Member, at: datetime) -> None:
        with tenancy.scope(rep.workspace_id):
            actions.mail("a@b.test", "Hello\nthere", "Text", key="k", at=at)
            actions.mail("a@b.test", "Hello", "Other", key="k", at=at)
            letter = Outbox.objects.get()
        assert letter.payload == {"to": "a@b.test", "subject": "Hello there", "text": "Text"}
        assert (letter.next_attempt_at, letter.attempts) == (at, 0)


class TestNewest:
    def test_goes_back_page_by_page(self, rep: Member, at: datetime) -> None:
        with tenancy.scope(rep.workspace_id):
            for n in range(5):
                tell(rep, key=str(n), at=at)
            first = queries.newest(rep, limit=2)
            second = queries.newest(rep, before=first[-1].public_id, limit=2)
        assert [notice.key for notice in [*first, *second]] == ["4", "3", "2", "1"]


class TestPages:
    def test_mark_one_as_read(self, client_for: Callable[..., Client], rep: Member, at: datetime) -> None:
        with tenancy.scope(rep.workspace_id):
            tell(rep, key="1", at=at)
            tell(rep, key="2", at=at)
            newest = queries.newest(rep)[0]
        client = client_for(rep)
        assert client.get("/w/acme/notifications/").content.decode().count("unread") >= 2
        client.post("/w/acme/notifications/read/", {"id": str(newest.public_id)})
        with tenancy.scope(rep.workspace_id):
            assert list(Notification.objects.filter(read_at=None).values_list("key", flat=True)) == ["1"]

    def test_mark_all_answers_htmx_with_the_list(
        self, client_for: Callable[..., Client], rep: Member, manager: Member, at: datetime
    ) -> None:
        with tenancy.scope(rep.workspace_id):
            tell(rep, manager, at=at)
        text = client_for(rep, htmx=True).post("/w/acme/notifications/read/").content.decode()
        assert 'id="notices"' in text
        assert "<html" not in text
        with tenancy.scope(rep.workspace_id):
            assert [queries.unread_count(rep), queries.unread_count(manager)] == [0, 1]

    def test_looking_reads_nothing(self, client_for: Callable[..., Client], rep: Member, at: datetime) -> None:
        with tenancy.scope(rep.workspace_id):
            tell(rep, at=at)
        client_for(rep).get("/w/acme/notifications/")
        client_for(rep, htmx=True).get("/w/acme/notifications/bell/")
        with tenancy.scope(rep.workspace_id):
            assert queries.unread_count(rep) == 1

    @pytest.mark.parametrize("path", ["?before=7", "?before=x"])
    def test_a_forged_cursor_is_404(self, client_for: Callable[..., Client], rep: Member, path: str) -> None:
        assert client_for(rep).get(f"/w/acme/notifications/{path}").status_code == 404

    def test_the_shell_costs_two_queries_and_one_per_counted_place(
        self, client_for: Callable[..., Client], rep: Member, django_assert_max_num_queries: Callable
    ) -> None:
        client = client_for(rep)
        # session, user, seat, scope in and out with its savepoints, the shell's two (unread, workspaces),
        # what is late on the board, what waits in the queue, and the clocks' heartbeat for the banner
        with django_assert_max_num_queries(12):
            assert client.get("/w/acme/settings/profile/").status_code == 200
