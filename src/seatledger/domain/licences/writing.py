"""Between the tables and the rules: load a book and a roster, and store what they noted.

Loading holds the account's row, so whatever the rules saw is still true when it is stored.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import ChargeModel, GivenBy, HeldBy
from seatledger.domain.events.actions import Actor, Happening, record_all
from seatledger.domain.licences.book import Book, Note, PoolState, Seat, TypeRules
from seatledger.domain.licences.models import (
    Assignment,
    EntryKind,
    LedgerEntry,
    Pool,
    RoleLicence,
    Source,
    Terms,
)
from seatledger.domain.licences.refusals import NoLicenceAvailable
from seatledger.domain.people.models import BuiltInRole, MainContact, Role, RoleGrant, User
from seatledger.domain.people.roster import Person, Roster

BATCH = 2000


@dataclass(frozen=True)
class LicenceAssigned(Happening):
    pool_id: UUID
    assignment_id: UUID


@dataclass(frozen=True)
class LicenceReleased(Happening):
    pool_id: UUID
    assignment_id: UUID


@dataclass(frozen=True)
class PoolChanged(Happening):
    pool_id: UUID
    what: str
    before: str
    after: str


@dataclass
class Desk:
    """Everything an action works on while it holds the account."""

    account: Account
    book: Book
    roster: Roster
    gives: dict[UUID, set[UUID]]

    def licences_given_to(self, person: Person) -> set[UUID]:
        """Return the licence types that the person's roles give."""
        return set().union(*(self.gives.get(role_id, set()) for role_id in person.role_ids))


def open_desk(
    account: Account, *, users: Collection[UUID] | None = (), devices: Collection[UUID] | None = ()
) -> Desk:
    """Hold the account and load its pools, its administrators, and these users and devices (None: all of them)."""
    account = lock_account(account)
    return Desk(
        account, _load_book(account, users, devices), _load_roster(account, users), _load_gives(account)
    )


def end_of(day: date | None, account: Account) -> datetime | None:
    """Return the first instant after `day` in the account's zone."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(account.time_zone))


def _load_book(account: Account, users: Collection[UUID] | None, devices: Collection[UUID] | None) -> Book:
    pools: dict[UUID, PoolState] = {}
    by_id: dict[UUID, PoolState] = {}
    rows = Pool.objects.filter(account=account).select_related("licence_type")
    for row in rows.annotate(
        needs=ArrayAgg("licence_type__needs", filter=Q(licence_type__needs__isnull=False))
    ):
        pool = _pool_state(row, account)
        pools[pool.rules.id] = by_id[row.pk] = pool
    latest = (
        LedgerEntry.objects.filter(account=account).order_by("-at", "-sequence").values_list("at", flat=True)
    )
    book = Book(pools, latest_at=latest.first())
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


def _pool_state(row: Pool, account: Account) -> PoolState:
    kind = row.licence_type
    rules = TypeRules(
        id=kind.pk,
        key=kind.key,
        name=kind.name,
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
        ends_at=end_of(row.expires_on, account),
        over_assigned_at=row.over_assigned_at,
    )


def _load_roster(account: Account, users: Collection[UUID] | None) -> Roster:
    administrator = Role.objects.only("pk").get(account=account, built_in=BuiltInRole.ADMINISTRATOR)
    administrators = RoleGrant.objects.filter(role=administrator, user__is_active=True)
    roster = Roster(
        administrator_role_id=administrator.pk,
        active_administrators=set(administrators.values_list("user_id", flat=True)),
        main_contact_id=MainContact.objects.filter(account=account).values_list("user_id", flat=True).first(),
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


def close_desk(desk: Desk, *, by: Actor) -> None:
    """Store everything the desk's book and roster noted: rows, counters, ledger entries and events."""
    _save_people(desk)
    _save_seats(desk)
    _save_pools(desk)
    account, notes = desk.account, desk.book.notes
    LedgerEntry.objects.bulk_create([_entry(account, note, by) for note in notes], batch_size=BATCH)
    happened = desk.roster.happened + [(_happening(note), note.at) for note in notes]
    happened.sort(key=lambda pair: pair[1])
    record_all(happened, account=account, by=by)


def _save_people(desk: Desk) -> None:
    touched = desk.roster.touched.values()
    if not touched:
        return
    rows = [User(pk=p.id, is_active=p.active, deleted_at=p.deleted_at) for p in touched]
    User.objects.bulk_update(rows, ["is_active", "deleted_at"], batch_size=BATCH)
    ids = [person.id for person in touched]
    had = set(RoleGrant.objects.filter(user_id__in=ids).values_list("user_id", "role_id"))
    wanted = {(person.id, role_id) for person in touched for role_id in person.role_ids}
    given_at = {
        person_id: at for what, at in desk.roster.happened if (person_id := getattr(what, "user_id", None))
    }
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(account=desk.account, user_id=user, role_id=role, granted_at=given_at[user])
            for user, role in sorted(wanted - had)
        ],
        batch_size=BATCH,
    )
    gone = Q()
    for user, role in had - wanted:
        gone |= Q(user_id=user, role_id=role)
    if gone:
        RoleGrant.objects.filter(gone).delete()


def _save_seats(desk: Desk) -> None:
    seats = desk.book.touched.values()
    rows = [
        Assignment(
            id=seat.id,
            account=desk.account,
            pool_id=seat.pool.id,
            user_id=seat.user_id,
            device_id=seat.device_id,
            source=seat.source,
            assigned_at=seat.assigned_at,
            released_at=seat.released_at,
        )
        for seat in seats
    ]
    new = {seat.id for seat in seats if seat.is_new}
    # Ended ones first: the database lets a holder have one open licence of a pool.
    Assignment.objects.bulk_update(
        [row for row in rows if row.pk not in new], ["released_at"], batch_size=BATCH
    )
    Assignment.objects.bulk_create([row for row in rows if row.pk in new], batch_size=BATCH)


def _save_pools(desk: Desk) -> None:
    """Move each counter by what its notes add up to, in one conditional UPDATE: the last licence is given once."""
    moved: Counter[UUID] = Counter()
    states = {note.pool.id: note.pool for note in desk.book.notes}
    for note in desk.book.notes:
        moved[note.pool.id] += note.held_change
    for pool_id, pool in states.items():
        room = Pool.objects.filter(pk=pool_id)
        if moved[pool_id] > 0 and pool.total is not None:
            room = room.filter(assigned_licences__lte=pool.total - moved[pool_id])
        if not room.update(
            assigned_licences=F("assigned_licences") + moved[pool_id],
            total_licences=pool.total,
            terms=pool.terms,
            expires_on=pool.expires_on,
            over_assigned_at=pool.over_assigned_at,
        ):
            raise NoLicenceAvailable(
                f"Every {pool.rules.name} licence is taken. Add licences or release one first."
            )


def _entry(account: Account, note: Note, by: Actor) -> LedgerEntry:
    seat = note.seat
    return LedgerEntry(
        account=account,
        pool_id=note.pool.id,
        kind=note.kind,
        cause=note.cause,
        licence_name=note.pool.rules.name,
        at=note.at,
        bought_change=note.bought_change,
        held_change=note.held_change,
        user_id=seat.user_id if seat else None,
        device_id=seat.device_id if seat else None,
        source=seat.source if seat else "",
        before=note.before,
        after=note.after,
        reason=note.reason,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
    )


def _happening(note: Note) -> Happening:
    if note.seat is None:
        return PoolChanged(pool_id=note.pool.id, what=note.kind.value, before=note.before, after=note.after)
    said = LicenceAssigned if note.kind == EntryKind.ASSIGNED else LicenceReleased
    return said(pool_id=note.pool.id, assignment_id=note.seat.id)
