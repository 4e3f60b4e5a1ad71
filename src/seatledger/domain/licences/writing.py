"""Between the tables and the rules: load a book, a roster and a fleet, and store what they noted (`storing`).

Loading holds the account's row, so whatever the rules saw is still true when it is stored.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q

from seatledger.domain.accounts.actions import check_open, lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import ChargeModel, GivenBy, HeldBy
from seatledger.domain.events.actions import Actor, record_all
from seatledger.domain.events.chains import say_nothing
from seatledger.domain.licences import storing
from seatledger.domain.licences.access import grace_of
from seatledger.domain.licences.book import Book, PoolState, Seat, TypeRules
from seatledger.domain.licences.fleet import Fleet, Machine
from seatledger.domain.licences.models import (
    Assignment,
    Cause,
    Device,
    LedgerEntry,
    Pool,
    RoleLicence,
    Source,
    Terms,
)
from seatledger.domain.licences.queries.names import name_pools
from seatledger.domain.people.models import RoleGrant, User
from seatledger.domain.people.roster import Person, Roster

# In one statement, because every change asks for it.
_WHO_LEADS = """
SELECT role.id,
  ARRAY(SELECT given.user_id FROM people_rolegrant given JOIN people_user person ON person.id = given.user_id
        WHERE given.role_id = role.id AND person.is_active),
  (SELECT user_id FROM people_maincontact WHERE account_id = role.account_id)
FROM people_role role WHERE role.account_id = %s AND role.built_in = 'administrator'
"""


@dataclass
class Desk:
    """Everything an action works on while it holds the account."""

    account: Account
    book: Book
    roster: Roster
    fleet: Fleet
    gives: dict[UUID, set[UUID]]
    newcomers: list[User] = field(default_factory=list)

    @property
    def entries_and_events(self) -> int:
        """How many ledger entries and events will be written: every entry has an event."""
        return 2 * len(self.book.notes) + len(self.roster.happened) + len(self.fleet.happened)

    def licences_given_to(self, person: Person) -> set[UUID]:
        """Return the licence types that the person's roles give."""
        return set().union(*(self.gives.get(role_id, set()) for role_id in person.role_ids))

    def take_what_is_given(self, person: Person, *, at: datetime, cause: Cause) -> None:
        """Give an active person what being active and the person's roles give: all of it or none."""
        with self.book.whole():
            for pool in self.book.pools.values():
                if pool.rules.given_by_activation:
                    self.book.take(pool, Seat(pool, person.id, None, Source.RULE, at), cause=cause)
            self.book.follow_roles(person.id, self.licences_given_to(person), at=at, cause=Cause.ROLE)


def open_desk(
    account: Account, *, users: Collection[UUID] | None = (), devices: Collection[UUID] | None = ()
) -> Desk:
    """Hold the account and load its pools, its administrators, and these users and devices (None: all of them).

    Raises AccountIsClosed.
    """
    account = lock_account(account)
    check_open(account)
    desk = Desk(
        account=account,
        book=_load_book(account, users, devices),
        roster=_load_roster(account, users),
        fleet=Fleet(),
        gives=_load_gives(account),
    )
    if devices is None:
        load_devices(desk)
    elif devices:
        load_devices(desk, pk__in=devices)
    return desk


def load_devices(desk: Desk, **which: object) -> None:
    """Let the desk know further devices of its account: those that match."""
    for row in Device.objects.filter(account=desk.account, removed_at__isnull=True, **which):
        if row.pk not in desk.fleet.machines:
            desk.fleet.load(
                Machine(row.licence_type_id, row.name, row.user_id, row.added_at, id=row.pk, is_new=False)
            )


def _load_book(account: Account, users: Collection[UUID] | None, devices: Collection[UUID] | None) -> Book:
    pools: dict[UUID, PoolState] = {}
    by_id: dict[UUID, PoolState] = {}
    rows = list(
        Pool.objects.filter(account=account)
        .select_related("licence_type__product")
        .annotate(needs=ArrayAgg("licence_type__needs", filter=Q(licence_type__needs__isnull=False)))
    )
    names = name_pools(account, rows)
    for row in rows:
        pool = _pool_state(row, names[row.pk])
        pools[pool.rules.id] = by_id[row.pk] = pool
    latest = (
        LedgerEntry.objects.filter(account=account).order_by("-at", "-sequence").values_list("at", flat=True)
    )
    book = Book(pools, ZoneInfo(account.time_zone), grace=grace_of(account), latest_at=latest.first())
    held = Assignment.objects.filter(account=account, released_at__isnull=True)
    if users is not None and devices is not None:
        held = (
            held.filter(Q(user_id__in=users) | Q(device_id__in=devices)) if users or devices else held.none()
        )
    for seat in held:
        book.add_seat(
            Seat(
                pool=by_id[seat.pool_id],
                user_id=seat.user_id,
                device_id=seat.device_id,
                source=Source(seat.source),
                assigned_at=seat.assigned_at,
                id=seat.pk,
                is_new=False,
            )
        )
    return book


def _pool_state(row: Pool, name: str) -> PoolState:
    kind = row.licence_type
    rules = TypeRules(
        id=kind.pk,
        key=kind.key,
        name=name,
        for_devices=kind.held_by == HeldBy.DEVICE,
        needs=frozenset(getattr(row, "needs", None) or ()),
        exclusive_group=kind.exclusive_group,
        lock_days=kind.lock_days,
        given_by_activation=kind.given_by == GivenBy.ACTIVATION,
        capped=kind.charge_model == ChargeModel.CAPPED,
    )
    return PoolState(
        id=row.pk,
        rules=rules,
        total=row.total_licences,
        held=row.assigned_licences,
        terms=Terms(row.terms),
        expires_on=row.expires_on,
        over_assigned_at=row.over_assigned_at,
    )


def _load_roster(account: Account, users: Collection[UUID] | None) -> Roster:
    with connection.cursor() as cursor:
        cursor.execute(_WHO_LEADS, [account.pk])
        role_id, administrators, main_contact_id = cursor.fetchone()
    roster = Roster(
        administrator_role_id=role_id,
        active_administrators=set(administrators),
        main_contact_id=main_contact_id,
    )
    rows = User.objects.filter(account=account, deleted_at__isnull=True)
    grants = RoleGrant.objects.filter(account=account)
    if users is not None:
        rows, grants = rows.filter(pk__in=users), grants.filter(user_id__in=users)
    for user in rows if users is None or users else ():
        roster.people[user.pk] = Person(user.pk, user.full_name, user.is_active)
    for user_id, role_id in grants.values_list("user_id", "role_id") if roster.people else ():
        roster.people[user_id].role_ids.add(role_id)
    return roster


def _load_gives(account: Account) -> dict[UUID, set[UUID]]:
    gives: dict[UUID, set[UUID]] = {}
    for role_id, type_id in RoleLicence.objects.filter(account=account).values_list(
        "role_id", "licence_type_id"
    ):
        gives.setdefault(role_id, set()).add(type_id)
    return gives


def close_desk(desk: Desk, *, by: Actor, on_written: Callable[[int], None] = say_nothing) -> None:
    """Store everything the desk's book, roster and fleet noted: rows, counters, ledger entries and events.

    `on_written` hears of the entries and events as they are written, `desk.entries_and_events` in all.
    """
    account, notes = desk.account, desk.book.notes
    storing.save_people(account, desk.roster, newcomers=desk.newcomers)
    storing.save_devices(account, desk.fleet)
    storing.save_seats(account, desk.book.touched.values())
    storing.save_pools(notes)
    storing.write_ledger(account, notes, by=by, on_written=on_written)
    said = [(storing.happening_of(note), note.at) for note in notes]
    happened = [*desk.roster.happened, *desk.fleet.happened, *said]
    happened.sort(key=lambda pair: pair[1])
    record_all(happened, account=account, by=by, on_written=on_written)
