"""The rules for people and their roles, in plain Python: no database, no clock.

A `Roster` is what an action works on: the people it has loaded, the account's roles, and who its active
administrators are. One user's change and an import go through the same methods.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from seatledger.domain.events.actions import Happening
from seatledger.domain.people import refusals
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class UserAdded(Happening):
    user_id: UUID
    active: bool


@dataclass(frozen=True)
class UserActivated(Happening):
    user_id: UUID


@dataclass(frozen=True)
class UserDeactivated(Happening):
    user_id: UUID


@dataclass(frozen=True)
class UserDeleted(Happening):
    user_id: UUID


@dataclass(frozen=True)
class RolesChanged(Happening):
    user_id: UUID
    given: tuple[UUID, ...]
    taken: tuple[UUID, ...]


@dataclass(frozen=True)
class AdministratorGiven(Happening):
    """A user became an administrator: told apart from other roles, because somebody is to hear of it."""

    user_id: UUID


@dataclass(slots=True)
class Person:
    """A user as the roster sees one."""

    id: UUID
    name: str
    active: bool
    role_ids: set[UUID] = field(default_factory=set)
    deleted_at: datetime | None = None
    is_new: bool = False


@dataclass
class Roster:
    """The people an action touches, and what it must know to keep the account's promises."""

    administrator_role_id: UUID
    people: dict[UUID, Person] = field(default_factory=dict)
    active_administrators: set[UUID] = field(default_factory=set)
    main_contact_id: UUID | None = None
    happened: list[tuple[Happening, datetime]] = field(default_factory=list)
    touched: dict[UUID, Person] = field(default_factory=dict)

    def add(self, person: Person, *, at: datetime) -> None:
        """Take in a new user with the roles it begins with."""
        self.people[person.id] = person
        self._note(person, UserAdded(user_id=person.id, active=person.active), at)
        if person.role_ids:
            given = tuple(sorted(person.role_ids))
            self._note_roles(person, RolesChanged(user_id=person.id, given=given, taken=()), at)
        self._count_administrator(person)

    def activate(self, person: Person, *, at: datetime) -> bool:
        """Let the user sign in and count. Returns False when active already."""
        if person.active:
            return False
        person.active = True
        self._count_administrator(person)
        self._note(person, UserActivated(user_id=person.id), at)
        return True

    def deactivate(self, person: Person, *, at: datetime) -> bool:
        """Stop the user from signing in and counting. Returns False when deactivated already.

        Raises LastAdministrator, and AdministratorRoleHeld while the user is an administrator.
        """
        if not person.active:
            return False
        if self.administrator_role_id in person.role_ids:
            self._keep_an_administrator(person)
            raise refusals.AdministratorRoleHeld(
                f"{person.name} is an Administrator. Remove the Administrator role first, then deactivate."
            )
        person.active = False
        self._note(person, UserDeactivated(user_id=person.id), at)
        return True

    def delete(self, person: Person, *, at: datetime, by_user: UUID | None) -> None:
        """Remove the user. Raises OwnDeletion, ContactStillNeeded and LastAdministrator."""
        if person.id == by_user:
            raise refusals.OwnDeletion("You cannot delete yourself. Ask another administrator.")
        if person.id == self.main_contact_id:
            raise refusals.ContactStillNeeded(
                f"{person.name} is the main contact. Choose another main contact on the Billing page first."
            )
        self._keep_an_administrator(person)
        person.active, person.deleted_at = False, at
        person.role_ids.clear()
        self.active_administrators.discard(person.id)
        self._note(person, UserDeleted(user_id=person.id), at)

    def remove_all(self, *, at: datetime) -> None:
        """Remove everybody, the last administrator and the main contact as well: the end of the account alone may."""
        for person in self.people.values():
            person.active, person.deleted_at = False, at
            person.role_ids.clear()
            self._note(person, UserDeleted(user_id=person.id), at)
        self.active_administrators.clear()

    def change_roles(self, person: Person, role_ids: Iterable[UUID], *, at: datetime) -> bool:
        """Give the user exactly these roles. Returns False when nothing changes. Raises LastAdministrator."""
        wanted = set(role_ids)
        given, taken = wanted - person.role_ids, person.role_ids - wanted
        if not given and not taken:
            return False
        if self.administrator_role_id in taken:
            self._keep_an_administrator(person)
            self.active_administrators.discard(person.id)
        person.role_ids = wanted
        self._count_administrator(person)
        changed = RolesChanged(user_id=person.id, given=tuple(sorted(given)), taken=tuple(sorted(taken)))
        self._note_roles(person, changed, at)
        return True

    @contextmanager
    def whole(self, person: Person) -> Iterator[None]:
        """Do something to `person` and to something else, or to neither: a refusal undoes what was done here."""
        done = len(self.happened)
        known, touched = person.id in self.people, person.id in self.touched
        active, role_ids, deleted_at = person.active, set(person.role_ids), person.deleted_at
        administrators = set(self.active_administrators)
        try:
            yield
        except Refused:
            del self.happened[done:]
            person.active, person.role_ids, person.deleted_at = active, role_ids, deleted_at
            self.active_administrators = administrators
            if not touched:
                self.touched.pop(person.id, None)
            if not known:
                self.people.pop(person.id, None)
            raise

    def _count_administrator(self, person: Person) -> None:
        if person.active and self.administrator_role_id in person.role_ids:
            self.active_administrators.add(person.id)

    def _keep_an_administrator(self, without: Person) -> None:
        """Refuse when `without` is the only active administrator."""
        if self.active_administrators == {without.id}:
            raise refusals.LastAdministrator(
                f"{without.name} is the only active administrator. Make someone else an administrator first."
            )

    def _note_roles(self, person: Person, what: RolesChanged, at: datetime) -> None:
        self._note(person, what, at)
        if self.administrator_role_id in what.given:
            self._note(person, AdministratorGiven(user_id=person.id), at)

    def _note(self, person: Person, what: Happening, at: datetime) -> None:
        self.touched[person.id] = person
        self.happened.append((what, at))
