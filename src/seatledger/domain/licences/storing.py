"""Store what the rules noted, set-wise: as few statements for 40,000 changes as for one."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening
from seatledger.domain.events.chains import append_rows
from seatledger.domain.licences.book import Note, Seat
from seatledger.domain.licences.fleet import Fleet
from seatledger.domain.licences.models import Device, EntryKind, LedgerEntry, Pool
from seatledger.domain.licences.refusals import NoLicenceAvailable
from seatledger.domain.people.models import RoleGrant, User
from seatledger.domain.people.roster import Person, RolesChanged, Roster

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


_UPDATE_PEOPLE = """
UPDATE people_user AS stored SET is_active = now.active, deleted_at = now.deleted_at
FROM unnest(%s::uuid[], %s::boolean[], %s::timestamptz[]) AS now (id, active, deleted_at)
WHERE stored.id = now.id
"""
_DELETE_GRANTS = """
DELETE FROM people_rolegrant AS stored USING unnest(%s::uuid[], %s::uuid[]) AS gone (user_id, role_id)
WHERE stored.user_id = gone.user_id AND stored.role_id = gone.role_id
"""
_UPDATE_DEVICES = """
UPDATE licences_device AS stored SET name = now.name, user_id = now.user_id, removed_at = now.removed_at
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[]) AS now (id, name, user_id, removed_at)
WHERE stored.id = now.id
"""
_END_SEATS = """
UPDATE licences_assignment AS stored SET released_at = now.released_at
FROM unnest(%s::uuid[], %s::timestamptz[]) AS now (id, released_at)
WHERE stored.id = now.id
"""


_INSERT_SEATS = """
INSERT INTO licences_assignment
  (account_id, id, pool_id, user_id, device_id, source, assigned_at, released_at)
SELECT * FROM unnest(
  %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[]
)
"""
_ENTRY_FIELDS = (
    "account",
    "pool",
    "kind",
    "cause",
    "licence_name",
    "at",
    "bought_change",
    "held_change",
    "bought_after",
    "held_after",
    "user_id",
    "device_id",
    "source",
    "before",
    "after",
    "reason",
    "actor_kind",
    "actor_id",
    "actor_label",
)


def _run(statement: str, rows: Collection[tuple[object, ...]]) -> None:
    """Run a statement whose parameters are the columns of `rows`, as arrays."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def save_people(account: Account, roster: Roster, *, newcomers: Collection[User]) -> None:
    """Store new users, who is active, who is deleted, and who has which role.

    Stored users first: the address of a deleted one is free for a new one.
    """
    touched = roster.touched.values()
    _run(
        _UPDATE_PEOPLE,
        [(person.id, person.active, person.deleted_at) for person in touched if not person.is_new],
    )
    for user in newcomers:
        person = roster.touched[user.pk]
        user.is_active, user.deleted_at = person.active, person.deleted_at
    User.objects.bulk_create(newcomers, batch_size=BATCH)
    _save_grants(account, roster, touched)


def _save_grants(account: Account, roster: Roster, touched: Collection[Person]) -> None:
    stored = [person.id for person in touched if not person.is_new]
    had = (
        set(RoleGrant.objects.filter(user_id__in=stored).values_list("user_id", "role_id"))
        if stored
        else set()
    )
    wanted = {(person.id, role_id) for person in touched for role_id in person.role_ids}
    given_at = {
        (what.user_id, role_id): at
        for what, at in roster.happened
        if isinstance(what, RolesChanged)
        for role_id in what.given
    }
    _run(_DELETE_GRANTS, sorted(had - wanted))
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(account=account, user_id=user, role_id=role, granted_at=given_at[user, role])
            for user, role in sorted(wanted - had)
        ],
        batch_size=BATCH,
    )


def save_devices(account: Account, fleet: Fleet) -> None:
    """Store devices: new ones, new names, who uses them, which were removed."""
    touched = fleet.touched.values()
    # Stored ones first: the name of a removed one is free for a new one.
    _run(_UPDATE_DEVICES, [(m.id, m.name, m.user_id, m.removed_at) for m in touched if not m.is_new])
    Device.objects.bulk_create(
        [
            Device(
                id=machine.id,
                account=account,
                licence_type_id=machine.licence_type_id,
                user_id=machine.user_id,
                name=machine.name,
                added_at=machine.added_at,
                removed_at=machine.removed_at,
            )
            for machine in touched
            if machine.is_new
        ],
        batch_size=BATCH,
    )


def save_seats(account: Account, seats: Collection[Seat]) -> None:
    """Store who holds what since when. Ended ones first: a holder has one open licence of a pool."""
    _run(_END_SEATS, [(seat.id, seat.released_at) for seat in seats if not seat.is_new])
    new = [seat for seat in seats if seat.is_new]
    _run(
        _INSERT_SEATS,
        [
            (
                account.pk,
                seat.id,
                seat.pool.id,
                seat.user_id,
                seat.device_id,
                seat.source.value,
                seat.assigned_at,
                seat.released_at,
            )
            for seat in new
        ],
    )


def save_pools(notes: Collection[Note]) -> None:
    """Move each counter by what its notes add up to, in one conditional UPDATE: the last licence is given once."""
    moved: Counter[UUID] = Counter()
    for note in notes:
        moved[note.pool.id] += note.held_change
    for pool in {note.pool.id: note.pool for note in notes}.values():
        room = Q(pk=pool.id)
        if moved[pool.id] > 0 and pool.total is not None and not pool.over_assigned_at:
            room &= Q(assigned_licences__lte=pool.total - moved[pool.id])
        if not Pool.objects.filter(room).update(
            assigned_licences=F("assigned_licences") + moved[pool.id],
            total_licences=pool.total,
            terms=pool.terms,
            expires_on=pool.expires_on,
            over_assigned_at=pool.over_assigned_at,
        ):
            raise NoLicenceAvailable(
                f"Every {pool.rules.name} licence is taken. Add licences or release one first."
            )


def write_ledger(
    account: Account, notes: Collection[Note], *, by: Actor, on_written: Callable[[int], None]
) -> None:
    """Write what was noted to the account's ledger, in its order."""
    rows = [
        _entry(account, note, after, by) for note, after in zip(notes, _numbers_after(notes), strict=True)
    ]
    append_rows(LedgerEntry, _ENTRY_FIELDS, rows, on_written=on_written)


def _numbers_after(notes: Collection[Note]) -> list[tuple[int, int]]:
    """Return what each note's pool was after it, bought and held: counted back from what the pools are now."""
    now = {note.pool.id: (note.pool.total or 0, note.pool.held) for note in notes}
    found = []
    for note in reversed(list(notes)):
        bought, held = now[note.pool.id]
        found.append((bought, held))
        now[note.pool.id] = bought - note.bought_change, held - note.held_change
    return found[::-1]


def _entry(account: Account, note: Note, after: tuple[int, int], by: Actor) -> tuple[object, ...]:
    """Return the values of `_ENTRY_FIELDS`."""
    seat = note.seat
    return (
        account.pk,
        note.pool.id,
        note.kind.value,
        note.cause.value,
        note.pool.rules.name,
        note.at,
        note.bought_change,
        note.held_change,
        *after,
        seat.user_id if seat else None,
        seat.device_id if seat else None,
        seat.source.value if seat else "",
        note.before,
        note.after,
        note.reason,
        by.kind.value,
        by.id,
        by.label,
    )


def happening_of(note: Note) -> Happening:
    """Return what the event of a ledger entry says."""
    if note.seat is None:
        return PoolChanged(pool_id=note.pool.id, what=note.kind.value, before=note.before, after=note.after)
    said = LicenceAssigned if note.kind == EntryKind.ASSIGNED else LicenceReleased
    return said(pool_id=note.pool.id, assignment_id=note.seat.id)
