"""Changes to people that take or free licences: a user counts from the instant of being active."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import ActorKind
from seatledger.domain.licences.models import Cause, Device
from seatledger.domain.licences.writing import Desk, close_desk, open_desk
from seatledger.domain.people.actions import (
    clean_user_details,
    edit_user,
    email_taken_once,
    invite_user,
    unusable_password,
)
from seatledger.domain.people.models import MainContact, Role, User
from seatledger.domain.people.roster import Person
from seatledger.shared.errors import NotFound


@dataclass(frozen=True)
class NewUser:
    """What the New User form asks for. A random password is always set; nobody is told it."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    active: bool = True
    invite: bool = True
    role_ids: Collection[UUID] = field(default_factory=tuple)


@transaction.atomic
def add_user(*, account: Account, new: NewUser, at: datetime, by: Actor) -> User:
    """Add a user, with the licences that being active and the roles give.

    A user added inactive is not billed and cannot sign in until someone activates him; the welcome e-mail waits
    until then. Raises EmailTaken, UnfitText, UnfitEmail, NotFound for another account's role, and what `Book.take`
    raises.
    """
    details = clean_user_details(
        {
            "first_name": new.first_name,
            "last_name": new.last_name,
            "email": new.email,
            "phone": new.phone,
        }
    )
    desk = open_desk(account)
    at = desk.book.settle(at)
    _check_roles(desk, new.role_ids)
    with email_taken_once(details["email"]):
        user = User.objects.create(
            account=desk.account,
            is_active=new.active,
            password=unusable_password(),
            added_at=at,
            **details,
        )
    person = Person(user.pk, user.full_name, new.active, set(new.role_ids), is_new=True)
    desk.roster.add(person, at=at)
    if new.active:
        desk.take_what_is_given(person, at=at, cause=Cause.ACTIVATION)
    close_desk(desk, by=by)
    if new.invite and new.active:
        invite_user(user=user, at=at, by=by)
    return user


@transaction.atomic
def activate_users(*, account: Account, user_ids: Collection[UUID], at: datetime, by: Actor) -> int:
    """Activate users; returns how many were not active before. All of them or none.

    Each takes the Active User licence and what the roles give. Who was never invited is sent the welcome e-mail.
    Raises NotFound, and what `Book.take` raises.
    """
    desk = open_desk(account, users=user_ids)
    at = desk.book.settle(at)
    people = [_person(desk, user_id) for user_id in user_ids]
    changed = [person.id for person in people if desk.roster.activate(person, at=at)]
    for user_id in changed:
        desk.take_what_is_given(desk.roster.people[user_id], at=at, cause=Cause.ACTIVATION)
    close_desk(desk, by=by)
    for user in User.objects.filter(pk__in=changed, invited_at__isnull=True):
        invite_user(user=user, at=at, by=by)
    return len(changed)


@transaction.atomic
def deactivate_users(
    *, account: Account, user_ids: Collection[UUID], drop_administrator: bool = False, at: datetime, by: Actor
) -> int:
    """Deactivate users; returns how many were active before. All of them or none.

    Every licence they hold is free at once; devices they looked after stay, with nobody beside them.
    `drop_administrator` removes the Administrator role first. Raises NotFound, AdministratorRoleHeld and
    LastAdministrator.
    """
    desk = open_desk(account, users=user_ids)
    at = desk.book.settle(at)
    people = [_person(desk, user_id) for user_id in user_ids]
    if drop_administrator:
        for person in people:
            kept = person.role_ids - {desk.roster.administrator_role_id}
            desk.roster.change_roles(person, kept, at=at)
    changed = [person.id for person in people if desk.roster.deactivate(person, at=at)]
    for user_id in changed:
        desk.book.free_all(user_id, at=at, cause=Cause.DEACTIVATION)
    close_desk(desk, by=by)
    Device.objects.filter(account=account, user_id__in=changed).update(user=None)
    return len(changed)


@transaction.atomic
def delete_users(*, account: Account, user_ids: Collection[UUID], at: datetime, by: Actor) -> int:
    """Delete users; what they held is free at once, and history keeps their names. All of them or none.

    Raises NotFound, OwnDeletion, ContactStillNeeded and LastAdministrator.
    """
    desk = open_desk(account, users=user_ids)
    at = desk.book.settle(at)
    own_id = by.id if by.kind == ActorKind.USER else None
    for person in [_person(desk, user_id) for user_id in dict.fromkeys(user_ids)]:
        desk.roster.delete(person, at=at, by_user=own_id)
        desk.book.free_all(person.id, at=at, cause=Cause.DELETION)
    close_desk(desk, by=by)
    Device.objects.filter(account=account, user_id__in=list(user_ids)).update(user=None)
    return len(set(user_ids))


@transaction.atomic
def remove_everybody(*, account: Account, at: datetime, by: Actor) -> int:
    """Remove all users, administrators and the main contact among them, and all devices: the account ends.

    The database allows it while the account is being closed and refuses it at any other time. Returns how many users
    there were.
    """
    desk = open_desk(account, users=None, devices=None)
    at = desk.book.settle(at)
    for person in desk.roster.people.values():
        desk.book.free_all(person.id, at=at, cause=Cause.DELETION)
    for machine in list(desk.fleet.machines.values()):
        desk.book.free_all(machine.id, at=at, cause=Cause.REMOVAL)
        desk.fleet.remove(machine, at=at)
    desk.roster.remove_all(at=at)
    close_desk(desk, by=by)
    MainContact.objects.filter(account=account).delete()
    return len(desk.roster.people)


@transaction.atomic
def change_roles(*, user: User, role_ids: Collection[UUID], at: datetime, by: Actor) -> bool:
    """Give the user exactly these roles, and the licences they give. Returns False when nothing changes.

    Raises NotFound for another account's role, LastAdministrator, and what `Book.take` and `StillNeeded` say.
    """
    desk = open_desk(user.account, users=[user.pk])
    at = desk.book.settle(at)
    _check_roles(desk, role_ids)
    person = _person(desk, user.pk)
    changed = desk.roster.change_roles(person, role_ids, at=at)
    if changed and person.active:
        desk.book.follow_roles(person.id, desk.licences_given_to(person), at=at, cause=Cause.ROLE)
    close_desk(desk, by=by)
    return changed


@transaction.atomic
def change_user(
    *, user: User, details: dict[str, str], role_ids: Collection[UUID], at: datetime, by: Actor
) -> User:
    """Change a user's details and roles together: both or neither. Raises what the two of them raise."""
    edited = edit_user(user=user, details=details, at=at, by=by)
    change_roles(user=edited, role_ids=role_ids, at=at, by=by)
    return edited


def _person(desk: Desk, user_id: UUID) -> Person:
    person = desk.roster.people.get(user_id)
    if person is None:
        raise NotFound("user")
    return person


def _check_roles(desk: Desk, role_ids: Collection[UUID]) -> None:
    wanted = set(role_ids)
    if Role.objects.filter(account=desk.account, pk__in=wanted).count() != len(wanted):
        raise NotFound("role")
