"""Changes to people that take or free no licence. Those that do are in `licences.actions.people`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.people.models import KnownDevice, MainContact, Role, RoleGrant, User
from seatledger.domain.people.permissions import GRANTABLE_PERMISSIONS
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.text import clean_email, clean_name, clean_text

LONGEST_ROLE_NAME = 100
LONGEST_ROLE_DESCRIPTION = 300
LONGEST_DEVICE_LABEL = 60
DEVICE_IS_REMEMBERED = timedelta(days=400)


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


@dataclass(frozen=True)
class SignedInFromNewDevice(Happening):
    user_id: UUID
    device_id: UUID


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


def clean_user_details(details: Mapping[str, str]) -> dict[str, str]:
    """Return a person's `first_name`, `last_name`, `email` and `phone`, as far as given, fit to be stored.

    Raises UnfitText and UnfitEmail.
    """
    cleaners: dict[str, Callable[[str], str]] = {
        "first_name": lambda text: clean_name(text, 100, what="The first name"),
        "last_name": lambda text: clean_name(text, 100, what="The last name"),
        "email": clean_email,
        "phone": lambda text: clean_text(text, 40, what="The phone number"),
    }
    return {field: cleaners[field](text) for field, text in details.items()}


@contextmanager
def email_taken_once(email: str) -> Iterator[None]:
    """Raise EmailTaken when what is stored inside gives a second user the address `email`.

    The database answers, because the other user may be of an account that this transaction cannot see.
    """
    taken = EmailTaken(f"{email} is in use already. Use another e-mail address.")
    with refusing("an_email_belongs_to_one_user", taken):
        yield


@transaction.atomic
def edit_user(*, user: User, details: dict[str, str], at: datetime, by: Actor) -> User:
    """Change a user's `first_name`, `last_name`, `email` or `phone`. Raises EmailTaken, UnfitText and UnfitEmail."""
    account = lock_account(user.account)
    user = _current_user(user)
    cleaned = clean_user_details(details)
    changed = {field: value for field, value in cleaned.items() if getattr(user, field) != value}
    if not changed:
        return user
    for field, value in changed.items():
        setattr(user, field, value)
    with email_taken_once(user.email):
        user.save(update_fields=[*changed])
    record(UserEdited(user_id=user.pk, fields=tuple(sorted(changed))), account=account, at=at, by=by)
    return user


@transaction.atomic
def invite_user(*, user: User, at: datetime, by: Actor) -> None:
    """Send the user a link with which to choose a password. Raises NotFound for a deleted user."""
    account = lock_account(user.account)
    user = _current_user(user)
    user.invited_at = at
    user.save(update_fields=["invited_at"])
    record(UserInvited(user_id=user.pk), account=account, at=at, by=by)


def _current_user(user: User) -> User:
    """Return the user as stored now; the account is held, so that stays so."""
    try:
        return User.objects.get(pk=user.pk, deleted_at__isnull=True)
    except User.DoesNotExist:
        raise NotFound("user") from None


@transaction.atomic
def note_sign_in(*, user: User, key: str, label: str, at: datetime, by: Actor) -> KnownDevice:
    """Note that a user has signed in from the device that keeps `key`.

    A device that was not known is an event, unless it is the user's first. Those not seen for long are forgotten.
    """
    known = KnownDevice.objects.filter(account=user.account_id, user=user)
    known.filter(last_seen_at__lt=at - DEVICE_IS_REMEMBERED).delete()
    key_hash = sha256(key.encode()).hexdigest()
    is_first = not known.exists()
    device, is_new = KnownDevice.objects.update_or_create(
        user=user,
        key_hash=key_hash,
        defaults={"last_seen_at": at},
        create_defaults={
            "account_id": user.account_id,
            "label": label[:LONGEST_DEVICE_LABEL],
            "first_seen_at": at,
            "last_seen_at": at,
        },
    )
    if is_new and not is_first:
        said = SignedInFromNewDevice(user_id=user.pk, device_id=device.pk)
        record(said, account=user.account, at=at, by=by)
    return device


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


def _fill_role(role: Role, *, name: str, description: str, permissions: Collection[str]) -> None:
    """Put what was asked for into a role and store it, or refuse."""
    if set(permissions) - GRANTABLE_PERMISSIONS:
        raise UnknownPermission("There is no such permission. Choose from those that the page shows.")
    role.name = clean_name(name, LONGEST_ROLE_NAME, what="The role's name")
    role.description = clean_text(description, LONGEST_ROLE_DESCRIPTION, what="The description")
    role.permissions = sorted(permissions)
    taken = RoleNameTaken(f"There is a role “{role.name}” already. Choose another name.")
    with refusing("a_role_name_is_used_once", taken):
        role.save()


def _current_role(role: Role) -> Role:
    """Return the role as stored now; the account is held, so that stays so."""
    try:
        return Role.objects.get(pk=role.pk)
    except Role.DoesNotExist:
        raise NotFound("role") from None


@transaction.atomic
def create_role(
    *, account: Account, name: str, description: str, permissions: Collection[str], at: datetime, by: Actor
) -> Role:
    """Add a custom role; cloning is this with another role's permissions.

    Raises RoleNameTaken, UnknownPermission and UnfitText.
    """
    account = lock_account(account)
    role = Role(account=account)
    _fill_role(role, name=name, description=description, permissions=permissions)
    record(
        RoleCreated(role_id=role.pk, name=role.name, permissions=tuple(role.permissions)),
        account=account,
        at=at,
        by=by,
    )
    return role


@transaction.atomic
def edit_role(
    *, role: Role, name: str, description: str, permissions: Collection[str], at: datetime, by: Actor
) -> Role:
    """Rename a custom role or change what it allows.

    Raises BuiltInRoleFixed, RoleNameTaken, UnknownPermission and UnfitText.
    """
    account = lock_account(role.account)
    role = _current_role(role)
    if role.built_in:
        raise BuiltInRoleFixed(f"{role.name} is built in and cannot be changed. Clone it instead.")
    _fill_role(role, name=name, description=description, permissions=permissions)
    record(
        RoleChanged(role_id=role.pk, name=role.name, permissions=tuple(role.permissions)),
        account=account,
        at=at,
        by=by,
    )
    return role


@transaction.atomic
def delete_role(*, role: Role, at: datetime, by: Actor) -> None:
    """Remove a custom role that nobody has. Raises BuiltInRoleFixed and RoleInUse."""
    account = lock_account(role.account)
    role = _current_role(role)
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
