"""Roles and the licences they give: a role's users take and free them at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.licences import refusals
from seatledger.domain.licences.book import TypeRules
from seatledger.domain.licences.models import Cause, RoleLicence
from seatledger.domain.licences.writing import close_desk, open_desk
from seatledger.domain.people.actions import create_role, edit_role
from seatledger.domain.people.models import Role, User
from seatledger.shared.errors import NotFound


@dataclass(frozen=True)
class RoleLicencesChanged(Happening):
    role_id: UUID
    licence_type_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class RoleDetails:
    """What the role form asks for. `licence_type_ids` are given to whoever has the role."""

    name: str
    description: str = ""
    permissions: Collection[str] = field(default_factory=tuple)
    licence_type_ids: Collection[UUID] = field(default_factory=tuple)


@transaction.atomic
def add_role(*, account: Account, details: RoleDetails, at: datetime, by: Actor) -> Role:
    """Add a custom role; cloning is this with another role's details. Raises RoleNameTaken."""
    role = create_role(
        account=account,
        name=details.name,
        description=details.description,
        permissions=details.permissions,
        at=at,
        by=by,
    )
    change_role_licences(role=role, licence_type_ids=details.licence_type_ids, at=at, by=by)
    return role


@transaction.atomic
def change_role(*, role: Role, details: RoleDetails, at: datetime, by: Actor) -> Role:
    """Change what a custom role is called, allows and gives. Raises BuiltInRoleFixed, RoleNameTaken."""
    role = edit_role(
        role=role,
        name=details.name,
        description=details.description,
        permissions=details.permissions,
        at=at,
        by=by,
    )
    change_role_licences(role=role, licence_type_ids=details.licence_type_ids, at=at, by=by)
    return role


@transaction.atomic
def change_role_licences(*, role: Role, licence_type_ids: Collection[UUID], at: datetime, by: Actor) -> int:
    """Let a role give exactly these licence types; returns how many users' licences follow.

    Every active user with the role takes and frees at once; refused whole when one of them cannot.
    Raises NotFound for a role deleted in the meantime, NoSuchPool, WrongHolder and GivenByActivation.
    """
    lock_account(role.account)
    if not Role.objects.filter(pk=role.pk).exists():
        raise NotFound("role")
    users = list(
        User.objects.filter(account=role.account_id, is_active=True, grants__role=role).values_list(
            "pk", flat=True
        )
    )
    desk = open_desk(role.account, users=users)
    at = desk.book.settle(at)
    for type_id in licence_type_ids:
        _check_a_role_can_give(desk.book.pool_of(type_id).rules)
    if desk.gives.get(role.pk, set()) == set(licence_type_ids):
        return 0
    RoleLicence.objects.filter(role=role).exclude(licence_type_id__in=licence_type_ids).delete()
    RoleLicence.objects.bulk_create(
        [
            RoleLicence(account=desk.account, role=role, licence_type_id=type_id)
            for type_id in licence_type_ids
        ],
        ignore_conflicts=True,
    )
    desk.gives[role.pk] = set(licence_type_ids)
    for person in desk.roster.people.values():
        desk.book.follow_roles(person.id, desk.licences_given_to(person), at=at, cause=Cause.ROLE)
    record(
        RoleLicencesChanged(role_id=role.pk, licence_type_ids=tuple(sorted(licence_type_ids))),
        account=desk.account,
        at=at,
        by=by,
    )
    close_desk(desk, by=by)
    return len(users)


def _check_a_role_can_give(rules: TypeRules) -> None:
    if rules.for_devices:
        raise refusals.WrongHolder(f"{rules.name} licences are held by devices. A role gives them to nobody.")
    if rules.given_by_activation:
        raise refusals.GivenByActivation(f"Every active user holds {rules.name}. No role has to give it.")
