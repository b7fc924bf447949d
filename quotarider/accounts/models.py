"""Global tables: who someone is and where they have a seat. Only `accounts` reads them before a workspace is known."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from quotarider.accounts import roles


class UUIDv7(models.Func):
    """PostgreSQL 18's time-ordered identifier."""

    function = "uuidv7"
    output_field = models.UUIDField()


class UserManager(BaseUserManager["User"]):
    """Users by e-mail address, stored lower-case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A human who signs in by e-mail; may have seats in several workspaces."""

    clock_may = ("SELECT",)  # a step's mail needs an address

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Workspace(models.Model):
    """One customer company: the tenant. Nothing crosses workspaces."""

    clock_may = ("SELECT",)

    public_id = models.UUIDField(db_default=UUIDv7(), unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    default_country = models.CharField(max_length=2, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.slug


class Member(models.Model):
    """A user's seat in a workspace, with one role."""

    clock_may = ("SELECT",)

    public_id = models.UUIDField(db_default=UUIDv7(), unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=20, choices=[*roles.LABELS.items()])
    is_active = models.BooleanField(default=True)
    timezone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "id"], name="member_workspace_id"),
            models.UniqueConstraint(fields=["workspace", "user"], name="member_one_seat_per_workspace"),
            models.CheckConstraint(condition=Q(role__in=[*roles.LABELS]), name="member_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"

    @property
    def name(self) -> str:
        return self.user.name or self.user.email

    @property
    def side(self) -> str:
        return roles.SIDES[self.role]  # type: ignore[index]

    @property
    def role_label(self) -> str:
        return roles.LABELS[self.role]  # type: ignore[index]

    def may(self, permission: str) -> bool:
        """Whether this member's role has the permission named in `roles.PERMISSIONS`."""
        return self.is_active and self.role in roles.PERMISSIONS[permission]


class Invitation(models.Model):
    """A seat offered to an e-mail address: single use, stored as a digest, gone after 72 hours."""

    public_id = models.UUIDField(db_default=UUIDv7(), unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT)
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=[*roles.LABELS.items()])
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open_per_address",
            ),
            models.CheckConstraint(condition=Q(role__in=[*roles.LABELS]), name="invitation_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class ApiKey(models.Model):
    """A workspace's key for the API: prefix to find it, SHA-256 digest to prove it, scopes to bound it."""

    SCOPES = {
        "leads:write": "Send leads",
        "touchpoints:write": "Send touchpoints",
        "leads:read": "Read leads",
    }

    public_id = models.UUIDField(db_default=UUIDv7(), unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    source = models.SlugField(max_length=60)
    is_trusted = models.BooleanField(default=False)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"key {self.prefix}"
