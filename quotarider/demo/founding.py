"""The workspace before its first lead: seats, holidays, the Agreement's versions, campaigns, doors."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from handoff import queries as handoffs
from handoff.actions import absences, giving
from handoff.models import Team
from leads.actions import campaigns as campaign_actions
from leads.queries import intake
from quotarider import events, tenancy
from quotarider.accounts import actions as accounts
from quotarider.accounts.models import Member, User, Workspace
from quotarider.demo import agreement, cast, scene
from quotarider.demo.campaigns import CAMPAIGNS, SOURCES
from quotarider.tenancy.actions import WorkspaceFounded
from sla.actions import agreements

NAME = "Northwind Software"
HALF_YEAR = timedelta(weeks=26)
LEAD_IN = timedelta(days=3)  # from the founding to the first version of their own
HOLIDAYS = {  # days ago, from and to
    "jonas.weber": ((61, 50),),
    "priya.raman": ((103, 90),),
    "marek.nowak": ((37, 30), (131, 124)),
    "chiara.conti": ((83, 74),),
    "tomas.ferreira": ((5, -5), (150, 143)),
}


def found(slug: str, anchor: datetime) -> Workspace:
    """Founds the demo's workspace half a year before `anchor`, with everything but leads."""
    users = _users(cast.CAST)
    began = anchor - HALF_YEAR - LEAD_IN
    admin = accounts.open_workspace(users[cast.ADMIN.key], name=NAME, timezone=agreement.ZONE, is_demo=True, slug=slug)
    workspace = admin.workspace
    workspace.created_at, workspace.default_country = anchor - HALF_YEAR, "DE"
    workspace.save()
    members = {cast.ADMIN.key: admin} | {
        player.key: _seat(workspace, users[player.key], player.role, admin, began)
        for player in cast.CAST
        if player is not cast.ADMIN
    }
    with tenancy.scope(workspace.pk):
        events.publish(WorkspaceFounded(workspace.pk, began, admin.pk))
        _staff(members, anchor)
        _agree(members[cast.REVOPS.key], anchor)
        _campaigns(members, anchor)
    return workspace


def anchor_of(workspace: Workspace) -> datetime:
    """The demo's present: when it was seeded."""
    return workspace.created_at + HALF_YEAR


def _users(players: Iterable[cast.Player]) -> dict[str, User]:
    """The players' accounts; one hash of the documented password serves all who sign in."""
    secret, found = make_password(cast.PASSWORD), {}
    for player in players:
        user, is_new = User.objects.get_or_create(email=player.email, defaults={"name": player.name})
        if is_new:
            user.password = secret if player.signs_in else make_password(None)
            user.save(update_fields=["password"])
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        found[player.key] = user
    return found


def _seat(workspace: Workspace, user: User, role: str, by: Member, at: datetime) -> Member:
    _, token = accounts.invite(workspace, email=user.email, role=role, by=by, at=at)
    return accounts.accept_invitation(token, user=user, at=at)


def _staff(members: dict[str, Member], anchor: datetime) -> None:
    team, manager = handoffs.default_team(), members[cast.MANAGER.key]
    Team.objects.filter(pk=team.pk).update(manager=manager)
    for player in cast.REPS:
        giving.add_seat(team, members[player.key])
    holidays = HOLIDAYS | {cast.REP.key: ((7, 0),)}
    for key, ranges in holidays.items():
        for first, last in ranges:
            starts_at = _midnight(anchor - timedelta(days=first))
            ends_at = _midnight(anchor - timedelta(days=last)) if last else anchor - scene.BACK
            noted_at = starts_at - timedelta(days=4)
            absences.note(members[key], starts_at=starts_at, ends_at=ends_at, by=manager, at=noted_at)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _agree(by: Member, anchor: datetime) -> None:
    for version in agreement.versions(anchor):
        at = anchor - version.age
        agreements.revise(definition=version.definition, terms=version.terms, summary=version.summary, by=by, at=at)


def _campaigns(members: dict[str, Member], anchor: datetime) -> None:
    for slug, (name, kind) in SOURCES.items():
        intake.source_of(slug, name=name, kind=kind)
    for campaign in CAMPAIGNS:
        first, last = campaign.days
        source, medium, name = campaign.utm
        details = campaign_actions.Details(
            name=campaign.name,
            channel=campaign.channel,
            cost=Decimal(campaign.cost),
            starts_on=_day(anchor, first),
            ends_on=None if last is None else _day(anchor, last),
            utm_source=source,
            utm_medium=medium,
            utm_campaign=name,
            owner=members[campaign.owner.key],
        )
        created_at = max(anchor - timedelta(days=first + 2), anchor - HALF_YEAR - LEAD_IN)
        campaign_actions.create(details, by=members[campaign.owner.key], at=created_at)


def _day(anchor: datetime, ago: int) -> date:
    return (anchor - timedelta(days=ago)).date()
