"""People and their seats."""

import factory
from factory.django import DjangoModelFactory

from quotarider.accounts import actions
from quotarider.accounts.models import ApiKey, Member, User, Workspace

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in with PASSWORD."""

    class Meta:
        model = User
        django_get_or_create = ("email",)

    email = factory.Sequence(lambda n: f"user{n}@example.test")
    name = factory.LazyAttribute(lambda user: user.email.partition("@")[0].replace("_", " ").capitalize())

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        return User.objects.create_user(password=PASSWORD, **kwargs)


class WorkspaceFactory(DjangoModelFactory):
    """A bare workspace, without what founding gives it: for what asks nothing of the stages."""

    class Meta:
        model = Workspace

    slug = factory.Sequence(lambda n: f"workspace-{n}")
    name = factory.LazyAttribute(lambda workspace: workspace.slug.capitalize())


class MemberFactory(DjangoModelFactory):
    """A seat; `user__email` names the user."""

    class Meta:
        model = Member

    workspace = factory.SubFactory(WorkspaceFactory)
    user = factory.SubFactory(UserFactory)
    role = "rep"


def api_key(by: Member, *scopes: str, source: str = "website", **fields: object) -> tuple[ApiKey, str]:
    """A key of the member's workspace and its token; without scopes it has all."""
    wanted = list(scopes or ApiKey.SCOPES)
    return actions.create_key(by.workspace, name=source, scopes=wanted, source=source, by=by, **fields)
