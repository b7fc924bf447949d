"""A furnished workspace: something of everything, made through the actions that make it in life."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps

from feedback.actions import outcomes, verdicts
from feedback.models import Reason
from handoff import queries as handoffs
from handoff.actions import absences, giving, touching
from handoff.models import Handoff
from leads.models import AlternativeFact, Campaign, Company, ImportJob, ImportProblem, Lead, Person
from quotarider import tenancy
from quotarider.accounts import actions as accounts
from quotarider.accounts.models import ApiKey, Invitation, Member, Workspace
from quotarider.notifications import actions as notifications
from quotarider.tenancy import actions as founding
from quotarider.tenancy.models import TenantModel
from sla.actions import enforcing
from tests.factories import leads
from tests.factories.accounts import MemberFactory, UserFactory, api_key

ROLES = ("rep", "sales_manager", "marketer", "marketing_manager", "revops")


@dataclass
class World:
    """A workspace and its people by role, its API key's token, its leads by what became of them."""

    slug: str
    workspace: Workspace
    people: dict[str, Member]
    token: str = ""
    leads: dict[str, Lead] = field(default_factory=dict)

    def scope(self) -> Any:
        return tenancy.scope(self.workspace.pk)


def build(slug: str, *, timezone: str = "UTC") -> World:
    """Founds and furnishes a workspace: a member per role, a lead per state, and a row in every tenant table."""
    admin = founding.found(
        UserFactory(email=f"admin@{slug}.test"), name=slug.capitalize(), slug=slug, timezone=timezone
    )
    people = {
        role: MemberFactory(workspace=admin.workspace, role=role, user__email=f"{role}@{slug}.test") for role in ROLES
    }
    world = World(slug, admin.workspace, {**people, "admin": admin})
    _, world.token = api_key(admin)
    with world.scope() as scope:
        accounts.invite(world.workspace, email=f"guest@{slug}.test", role="rep", by=admin, at=scope.now)
        for role in ("rep", "sales_manager"):
            giving.add_seat(handoffs.default_team(), people[role])
        _leads(world, scope.now)
        _rest(world, scope.now)
    return world


def _leads(world: World, at: Any) -> None:
    rep, marketer = world.people["rep"], world.people["marketer"]
    made = {
        name: leads.lead(at=at, campaign=f"{world.slug} campaign", external_id=f"{world.slug}-{name}", **kind)
        for name, kind in KINDS.items()
    }
    world.leads = made
    for name in ("working", "accepted", "returned", "won", "lost"):
        given = Handoff.objects.get(lead=made[name])
        giving_to = (
            given
            if given.owner_id == rep.pk
            else giving.hand_over(given, to=rep, why="test", by=world.people["sales_manager"], at=at)
        )
        touching.touch(giving_to, touching.Attempt("call", "reached", note=f"{world.slug} note"), by=rep, at=at)
        if name in ("accepted", "won", "lost"):
            acceptance = verdicts.Acceptance({"problem": "yes"}, "Send an offer", at + timedelta(days=2))
            verdicts.accept(giving_to, acceptance, by=rep, at=at)
        if name == "returned":
            reason = Reason.objects.get(use="reject", label="Not now, later")
            verdicts.reject(giving_to, verdicts.Rejection(reason, quote=f"{world.slug} quote"), by=rep, at=at)
        if name == "won":
            outcomes.win(giving_to, amount=1000, by=rep, at=at)
        if name == "lost":
            outcomes.lose(giving_to, reason=Reason.objects.get(use="lost", category="price"), note="", by=rep, at=at)
    Campaign.objects.update(owner=marketer)


KINDS: dict[str, dict[str, Any]] = {
    "nurturing": leads.NURTURED,
    "held": leads.HELD,
    "disqualified": leads.DISQUALIFIED,
    **dict.fromkeys(("handed_off", "working", "accepted", "returned", "won", "lost"), leads.QUALIFIED),
}


def _rest(world: World, at: Any) -> None:
    admin, rep = world.people["admin"], world.people["rep"]
    world.leads["closed_unknown"] = leads.lead(at=at, treat_as="history", email=f"old@{world.slug}.example")
    absences.note(rep, starts_at=at + timedelta(days=30), ends_at=at + timedelta(days=31), by=admin, at=at)
    for of in ({"person": Person.objects.first()}, {"company": Company.objects.first()}):
        AlternativeFact.objects.create(**of, field="country", value="FR", told_by=world.slug, learned_at=at)
    job = ImportJob.objects.create(
        name=f"{world.slug}.csv",
        data=b"email\nx@y.example\n",
        digest="0" * 64,
        encoding="utf-8",
        delimiter=",",
        header=["email"],
        mapping={"email": "email"},
        state="checked",
        total=1,
        by=admin,
        created_at=at,
    )
    ImportProblem.objects.create(job=job, line=2, message="Bad", row=["x"])
    notifications.tell(
        [m.pk for m in world.people.values()], kind="test", key="t", text=f"{world.slug} notice", path="/", at=at
    )
    notifications.mail(f"someone@{world.slug}.test", "Subject", "Text", key="t", at=at)
    # records the steps of the first deadlines, as if a day had gone by
    enforcing.sweep(at=at + timedelta(days=1), workspace_id=world.workspace.pk)


def public_ids(world: World) -> dict[str, list[Any]]:
    """Every public id of the workspace, by model: what addresses could name."""
    found: dict[str, list[Any]] = {}
    with world.scope():
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                found[model.__name__] = list(model.objects.order_by("pk").values_list("public_id", flat=True))
    for model in (Member, Invitation, ApiKey):
        rows = model.objects.filter(workspace=world.workspace).order_by("pk")
        found[model.__name__] = list(rows.values_list("public_id", flat=True))
    return found
