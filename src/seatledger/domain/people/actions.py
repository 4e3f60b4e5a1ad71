"""Changes to people that take or free no licence. Those that do are in `licences.actions.people`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.people.models import MainContact, Role, RoleGrant, User
from seatledger.domain.people.permissions import EVERY_PERMISSION
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class UserEdited(Happening):
    user_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True)
class UserInvited(Happening):
    user_id: UUID


@dataclass(frozen=True)
class MainContactChosen(Happening):
    user_id: UUID


@dataclass(frozen=True)
class RoleCreated(Happening):
    role_id: UUID
    name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class RoleChanged(Happening):
    role_id: UUID
    name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class RoleDeleted(Happening):
    role_id: UUID
    name: str


class EmailTaken(Refused):
    """Another user signs in with this address."""

    code = "email_taken"


class RoleNameTaken(Refused):
    """The account has a role of this name."""

    code = "role_name_taken"


class BuiltInRoleFixed(Refused):
    """The built-in roles cannot be edited or deleted."""

    code = "built_in_role_fixed"


class RoleInUse(Refused):
    """Users still have this role."""

    code = "role_in_use"


class UnknownPermission(Refused):
    """No such permission exists."""

    code = "unknown_permission"


class ContactNotActive(Refused):
    """The main contact must be an active user of the account."""

    code = "contact_not_active"


def check_email_is_free(email: str, *, except_user: UUID | None = None) -> None:
    """Raise EmailTaken when a user of any account signs in with `email`."""
    holder = User.objects.filter(email__iexact=email, deleted_at__isnull=True).first()
    if holder and holder.pk != except_user:
        raise EmailTaken(f"{email} is in use already. Use another e-mail address.")


@transaction.atomic
def edit_user(*, user: User, details: dict[str, str], at: datetime, by: Actor) -> User:
    """Change a user's `first_name`, `last_name`, `email` or `phone`. Raises EmailTaken."""
    account = lock_account(user.account)
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = {field: value for field, value in details.items() if getattr(user, field) != value}
    if "email" in changed:
        changed["email"] = changed["email"].lower()
        check_email_is_free(changed["email"], except_user=user.pk)
    if not changed:
        return user
    for field, value in changed.items():
        setattr(user, field, value)
    user.save(update_fields=[*changed])
    record(UserEdited(user_id=user.pk, fields=tuple(sorted(changed))), account=account, at=at, by=by)
    return user


@transaction.atomic
def invite_user(*, user: User, at: datetime, by: Actor) -> None:
    """Send the user a link with which to choose a password."""
    User.objects.filter(pk=user.pk).update(invited_at=at)
    record(UserInvited(user_id=user.pk), account=user.account, at=at, by=by)


@transaction.atomic
def choose_main_contact(*, user: User, at: datetime, by: Actor) -> MainContact:
    """Make `user` the account's main contact. Raises ContactNotActive."""
    account = lock_account(user.account)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise ContactNotActive("The main contact must be active. Activate this user first or choose another.")
    contact, _ = MainContact.objects.update_or_create(
        account=account, defaults={"user": user, "chosen_at": at}
    )
    record(MainContactChosen(user_id=user.pk), account=account, at=at, by=by)
    return contact


def _check_role(
    account: Account, name: str, permissions: Collection[str], *, except_role: UUID | None
) -> None:
    if unknown := set(permissions) - EVERY_PERMISSION:
        raise UnknownPermission(f"There is no permission “{min(unknown)}”.")
    same = Role.objects.filter(account=account, name__iexact=name).first()
    if same and same.pk != except_role:
        raise RoleNameTaken(f"There is a role “{name}” already. Choose another name.")


@transaction.atomic
def create_role(
    *, account: Account, name: str, description: str, permissions: Collection[str], at: datetime, by: Actor
) -> Role:
    """Add a custom role; cloning is this with another role's permissions. Raises RoleNameTaken."""
    account = lock_account(account)
    _check_role(account, name, permissions, except_role=None)
    role = Role.objects.create(
        account=account, name=name, description=description, permissions=sorted(permissions)
    )
    record(
        RoleCreated(role_id=role.pk, name=name, permissions=tuple(role.permissions)),
        account=account,
        at=at,
        by=by,
    )
    return role


@transaction.atomic
def edit_role(
    *, role: Role, name: str, description: str, permissions: Collection[str], at: datetime, by: Actor
) -> Role:
    """Rename a custom role or change what it allows. Raises BuiltInRoleFixed and RoleNameTaken."""
    account = lock_account(role.account)
    if role.built_in:
        raise BuiltInRoleFixed(f"{role.name} is built in and cannot be changed. Clone it instead.")
    _check_role(account, name, permissions, except_role=role.pk)
    role.name, role.description, role.permissions = name, description, sorted(permissions)
    role.save(update_fields=["name", "description", "permissions"])
    record(
        RoleChanged(role_id=role.pk, name=name, permissions=tuple(role.permissions)),
        account=account,
        at=at,
        by=by,
    )
    return role


@transaction.atomic
def delete_role(*, role: Role, at: datetime, by: Actor) -> None:
    """Remove a custom role that nobody has. Raises BuiltInRoleFixed and RoleInUse."""
    account = lock_account(role.account)
    if role.built_in:
        raise BuiltInRoleFixed(f"{role.name} is built in and cannot be deleted.")
    holders = RoleGrant.objects.filter(role=role).count()
    if holders:
        raise RoleInUse(f"{holders} user(s) have the role {role.name}. Remove it from them first.")
    name, role_id = role.name, role.pk
    role.delete()
    record(RoleDeleted(role_id=role_id, name=name), account=account, at=at, by=by)


def unusable_password() -> str:
    """Return the stored form of a random password that nobody knows, without the cost of hashing it."""
    return make_password(None)
