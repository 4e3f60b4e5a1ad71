"""Questions about people: who they are, what they may do, who speaks for the account."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.people.models import BuiltInRole, MainContact, Role, RoleGrant, User
from seatledger.domain.people.permissions import EVERY_PERMISSION, GRANTABLE_PERMISSIONS, Permission
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search


def get_user(account: Account, user_id: UUID) -> User:
    """Return the account's user, active or not. Raises NotFound for another account's, as for none."""
    try:
        return User.objects.get(account=account, pk=user_id, deleted_at__isnull=True)
    except User.DoesNotExist:
        raise NotFound("user") from None


def get_role(account: Account, role_id: UUID) -> Role:
    """Return the account's role. Raises NotFound."""
    try:
        return Role.objects.get(account=account, pk=role_id)
    except Role.DoesNotExist:
        raise NotFound("role") from None


def get_built_in_role(account: Account, which: BuiltInRole) -> Role:
    """Return the account's Administrator or Billing role."""
    return Role.objects.get(account=account, built_in=which)


def list_roles(account: Account) -> list[Role]:
    """Return the account's roles, built-in ones first, each with `users` = how many users have it."""
    rows = Role.objects.filter(account=account).annotate(users=Count("grants"))
    return sorted(rows, key=lambda role: (not role.built_in, role.name.lower()))


@dataclass(frozen=True)
class UserFilter:
    """Which users a list shows. `None` leaves a question open; `ids` can be a query of users."""

    search: str = ""
    active: bool | None = None
    role_id: UUID | None = None
    ids: tuple[UUID, ...] | QuerySet[User] | None = None


UserKey = tuple[str, str, UUID]


def users_matching(account: Account, wanted: UserFilter) -> QuerySet[User]:
    """Return the account's users that a filter lets through, in the order of the users list."""
    rows = User.objects.filter(account=account, deleted_at__isnull=True)
    if wanted.active is not None:
        rows = rows.filter(is_active=wanted.active)
    if wanted.role_id:
        rows = rows.filter(grants__role_id=wanted.role_id)
    if wanted.ids is not None:
        rows = rows.filter(Q(pk__in=wanted.ids))
    for word in clean_search(wanted.search).split():
        rows = rows.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    return rows.order_by("last_name_lower", "first_name_lower", "id")


def list_users(
    account: Account, wanted: UserFilter, *, after: UserKey | None = None, limit: int = 50
) -> list[User]:
    """Return users by last and first name, beginning behind the key `after`, each with `role_names`."""
    rows = users_matching(account, wanted)
    if after:
        last, first, user_id = after
        # The first condition says nothing new, but an index can begin with it.
        rows = rows.filter(last_name_lower__gte=last).filter(
            Q(last_name_lower__gt=last)
            | Q(first_name_lower__gt=first)
            | Q(first_name_lower=first, id__gt=user_id)
        )
    users = list(rows[:limit])
    names = role_names_of(account, [user.pk for user in users])
    for user in users:
        user.role_names = names.get(user.pk, [])  # type: ignore[attr-defined] # shown beside the user, not stored
    return users


def role_names_of(account: Account, user_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return each user's role names in order, for the users that have any."""
    grants = RoleGrant.objects.filter(account=account, user_id__in=list(user_ids))
    names: dict[UUID, list[str]] = {}
    for user_id, name in grants.order_by("role__name").values_list("user_id", "role__name"):
        names.setdefault(user_id, []).append(name)
    return names


def roles_of(user: User) -> list[Role]:
    """Return the roles a user has, by name."""
    return list(Role.objects.filter(account=user.account_id, grants__user=user).order_by("name"))


def permissions_of(user: User) -> frozenset[str]:
    """Return what a user may do: nothing when deactivated, everything for an Administrator."""
    if not user.is_active:
        return frozenset()
    allowed: frozenset[str] = frozenset()
    for built_in, permissions in RoleGrant.objects.filter(user=user).values_list(
        "role__built_in", "role__permissions"
    ):
        if built_in == BuiltInRole.ADMINISTRATOR:
            return EVERY_PERMISSION
        allowed |= frozenset(permissions)
    return allowed & GRANTABLE_PERMISSIONS


def list_users_who_may(account: Account, permission: Permission) -> list[User]:
    """Return the active users whom a role allows it, administrators among them, by address."""
    allowed = Q(grants__role__built_in=BuiltInRole.ADMINISTRATOR) | Q(
        grants__role__permissions__contains=[permission.value]
    )
    found = User.objects.filter(allowed, account=account, is_active=True, deleted_at__isnull=True)
    return list(found.distinct().order_by("email"))


def get_first_administrator(account: Account) -> User:
    """Return the active administrator who has been there the longest. Raises NotFound once the account has nobody."""
    rows = User.objects.filter(
        account=account, is_active=True, grants__role__built_in=BuiltInRole.ADMINISTRATOR
    )
    first = rows.select_related("account").order_by("added_at", "pk").first()
    if first is None:
        raise NotFound("administrator")
    return first


def find_main_contact(account: Account) -> User | None:
    """Return the user who speaks for the account, if one is chosen."""
    contact = MainContact.objects.select_related("user").filter(account=account).first()
    return contact.user if contact else None


def names_of_users(account: Account, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return full names by id, deleted users included, for showing who did or held something."""
    rows = User.objects.filter(account=account, pk__in=set(user_ids))
    return {user.pk: user.full_name for user in rows.only("first_name", "last_name")}
