"""The people of an account, what they may do, and who speaks for it."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from seatledger.domain.people.permissions import EVERY_PERMISSION, GRANTABLE_PERMISSIONS
from seatledger.shared.models import AccountRow, one_of


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        user = self.find_by_email(username or "")
        if user is None:
            raise self.model.DoesNotExist
        return user

    def find_by_email(self, email: str) -> "User | None":
        """Return whoever of any account signs in with this address. The web sees one on the sign-in pages alone."""
        rows = self.alias(address=Lower("email")).filter(address=email.lower(), deleted_at__isnull=True)
        return rows.first()


class User(AbstractBaseUser):
    """One person of one account. Active means: may sign in, and counts as an Active User."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    # Stored, because behind row-level security an index is asked by plain columns only, never by lower(...).
    last_name_lower = models.GeneratedField(
        expression=Lower("last_name"), output_field=models.CharField(max_length=100), db_persist=True
    )
    first_name_lower = models.GeneratedField(
        expression=Lower("first_name"), output_field=models.CharField(max_length=100), db_persist=True
    )
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, help_text="When the welcome e-mail was last asked for.")
    deleted_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=Q(deleted_at__isnull=True), name="an_email_belongs_to_one_user"
            ),
            models.CheckConstraint(
                name="a_deleted_user_is_not_active", condition=Q(deleted_at__isnull=True) | Q(is_active=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "last_name_lower", "first_name_lower", "id"], name="users_by_sorted_name"
            ),
            models.Index(
                fields=["account"],
                condition=Q(is_active=False, deleted_at__isnull=True),
                name="deactivated_users",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class BuiltInRole(models.TextChoices):
    NONE = "", "Custom"
    ADMINISTRATOR = "administrator", "Administrator"
    BILLING = "billing", "Billing"


class Role(AccountRow):
    """A named set of permissions of one account. What licences a role gives is in `licences.RoleLicence`."""

    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    built_in = models.CharField(max_length=16, choices=BuiltInRole, default=BuiltInRole.NONE, blank=True)
    permissions = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("account", Lower("name"), name="a_role_name_is_used_once"),
            models.UniqueConstraint(
                fields=["account", "built_in"], condition=~Q(built_in=""), name="built_in_roles_exist_once"
            ),
            one_of("built_in", BuiltInRole, name="role_built_in_is_known"),
            models.CheckConstraint(name="role_name_is_not_empty", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_administrator(self) -> bool:
        return self.built_in == BuiltInRole.ADMINISTRATOR

    @property
    def allowed(self) -> frozenset[str]:
        """The permissions this role gives: the Administrator's are all there are."""
        return (
            EVERY_PERMISSION if self.is_administrator else GRANTABLE_PERMISSIONS & frozenset(self.permissions)
        )


class RoleGrant(AccountRow):
    """A user has a role."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="a_user_has_a_role_once")]

    def __str__(self) -> str:
        return f"{self.user_id} has {self.role_id}"


class MainContact(models.Model):
    """The one person who speaks for the account."""

    account = models.OneToOneField("accounts.Account", models.PROTECT, primary_key=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} speaks for {self.account_id}"


class KnownDevice(AccountRow):
    """A browser from which a user has signed in. It keeps a random key; stored is the key's hash, and no address."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64)
    label = models.CharField(max_length=60, help_text="What kind of device it says it is: Firefox on Linux.")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key_hash"], name="a_device_is_known_once_a_user")
        ]

    def __str__(self) -> str:
        return self.label
