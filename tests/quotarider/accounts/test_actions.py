"""Seats, invitations and keys, below the pages."""

from datetime import datetime, timedelta

import pytest

from quotarider.accounts import actions, queries
from quotarider.accounts.models import ApiKey, Invitation, Member, Workspace
from quotarider.errors import Conflict
from tests.factories.accounts import MemberFactory, UserFactory, api_key

pytestmark = pytest.mark.django_db


class TestOpenWorkspace:
    def test_finds_a_free_slug(self) -> None:
        slugs = [actions.open_workspace(UserFactory(), name="Acme Ltd.").workspace.slug for _ in range(2)]
        assert slugs[0] == "acme-ltd"
        assert slugs[1].startswith("acme-ltd-")

    def test_takes_a_name_without_latin_letters(self) -> None:
        assert actions.open_workspace(UserFactory(), name="株式会社").workspace.slug == "workspace"


class TestInvite:
    def test_keeps_only_a_digest_of_the_token(self, admin: Member, at: datetime) -> None:
        invitation, token = actions.invite(admin.workspace, email=" New@Acme.test ", role="rep", by=admin, at=at)
        assert invitation.email == "new@acme.test"
        assert invitation.expires_at == at + timedelta(hours=72)
        assert token not in str(vars(Invitation.objects.get()))
        assert queries.invitation_for(token) == invitation

    def test_refuses_who_has_a_seat(self, admin: Member, rep: Member, at: datetime) -> None:
        with pytest.raises(Conflict):
            actions.invite(admin.workspace, email=rep.user.email.upper(), role="rep", by=admin, at=at)


class TestAcceptInvitation:
    def test_ends_at_the_72nd_hour(self, admin: Member, at: datetime) -> None:
        user = UserFactory(email="new@acme.test")
        _, token = actions.invite(admin.workspace, email=user.email, role="rep", by=admin, at=at)
        with pytest.raises(actions.InvitationInvalid):
            actions.accept_invitation(token, user=user, at=at + timedelta(hours=72))
        member = actions.accept_invitation(token, user=user, at=at + timedelta(hours=71, minutes=59))
        assert (member.role, member.workspace) == ("rep", admin.workspace)

    def test_refuses_a_second_use(self, admin: Member, at: datetime) -> None:
        user = UserFactory(email="new@acme.test")
        _, token = actions.invite(admin.workspace, email=user.email, role="rep", by=admin, at=at)
        actions.accept_invitation(token, user=user, at=at)
        with pytest.raises(actions.InvitationInvalid):
            actions.accept_invitation(token, user=user, at=at)


class TestChangeMember:
    def test_refuses_to_leave_nobody_in_charge(self, admin: Member, rep: Member) -> None:
        for role, is_active in [("rep", True), ("admin", False)]:
            with pytest.raises(actions.LastAdmin):
                actions.change_member(admin, role=role, is_active=is_active)
        assert Member.objects.get(pk=admin.pk).role == "admin"

    def test_lets_an_admin_step_down_beside_revops(self, admin: Member, revops: Member) -> None:
        actions.change_member(admin, role="rep", is_active=True)
        assert Member.objects.get(pk=admin.pk).role == "rep"


class TestKeyFor:
    def test_finds_the_key_of_a_token(self, admin: Member) -> None:
        key, token = api_key(admin, "leads:write")
        assert queries.key_for(token) == key

    @pytest.mark.parametrize(
        "broken", ["", "qr", "qr_", "qr_a_b", "qr__", "xx_{prefix}_{secret}", "qr_{prefix}_", "{all}x"]
    )
    def test_refuses_what_is_none(self, admin: Member, broken: str) -> None:
        _key, token = api_key(admin)
        _, prefix, secret = token.split("_", 2)
        assert queries.key_for(broken.format(prefix=prefix, secret=secret, all=token)) is None

    def test_refuses_a_revoked_one(self, admin: Member, at: datetime) -> None:
        key, token = api_key(admin)
        actions.revoke_key(key, at=at)
        assert queries.key_for(token) is None

    def test_use_is_noted_once_a_day(self, admin: Member, at: datetime) -> None:
        key, _ = api_key(admin)
        actions.note_key_use(key, at=at)
        assert ApiKey.objects.get().last_used_on == at.date()


class TestAccountable:
    def test_is_the_wanted_role_else_the_founder(self, admin: Member, rep: Member) -> None:
        assert queries.accountable(admin.workspace_id, "sales_manager") == admin
        manager = MemberFactory(workspace=admin.workspace, role="sales_manager")
        assert queries.accountable(admin.workspace_id, "sales_manager") == manager

    def test_is_somebody_even_without_anybody_in_charge(self, acme: Workspace, admin: Member, rep: Member) -> None:
        Member.objects.filter(pk=admin.pk).update(is_active=False)
        assert queries.accountable(acme.pk, "marketing_manager") == rep
