"""The rules for holding licences, in plain Python: no database, no clock.

A `Book` is what an action works on: the pools of one account and the people, devices and seats it has loaded.
Each method refuses or changes the book and notes the ledger entries; `writing.close_desk` stores what was noted.
One user's change and an import of 40,000 lines go through the same methods, so a rule is written once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from seatledger.domain.licences import refusals
from seatledger.domain.licences.models import Cause, EntryKind, Source, Terms
from seatledger.engine.access import Grace, Holding
from seatledger.engine.days import start_of_day
from seatledger.shared.errors import Refused

# How long a request may take between reading its clock and writing.
IN_FLIGHT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What a licence type says about holding it. `needs` is any one of these types."""

    id: UUID
    key: str
    name: str
    for_devices: bool = False
    needs: frozenset[UUID] = frozenset()
    exclusive_group: str = ""
    lock_days: int = 0
    given_by_activation: bool = False
    capped: bool = False


@dataclass(slots=True)
class PoolState:
    """A pool as the book sees it. `ends_at` is the first instant at which it can no longer be used, after days of grace."""

    id: UUID
    rules: TypeRules
    total: int | None
    held: int
    terms: Terms
    expires_on: date | None = None
    ends_at: datetime | None = None
    over_assigned_at: datetime | None = None


@dataclass(slots=True)
class Seat:
    """One licence held by a user or a device; closed when `released_at` is set."""

    pool: PoolState
    user_id: UUID | None
    device_id: UUID | None
    source: Source
    assigned_at: datetime
    released_at: datetime | None = None
    id: UUID = field(default_factory=uuid4)
    is_new: bool = True

    @property
    def holder_id(self) -> UUID:
        holder_id = self.user_id or self.device_id
        assert holder_id is not None, "a seat has a holder"
        return holder_id


@dataclass(frozen=True, slots=True)
class Note:
    """A ledger entry to be written."""

    pool: PoolState
    kind: EntryKind
    cause: Cause
    at: datetime
    bought_change: int = 0
    held_change: int = 0
    seat: Seat | None = None
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass
class Book:
    """The pools of one account and the seats of the holders that an action touches."""

    pools: dict[UUID, PoolState]
    zone: ZoneInfo
    grace: Grace = field(default_factory=Grace)
    latest_at: datetime | None = None
    seats: dict[UUID, dict[UUID, Seat]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    touched: dict[UUID, Seat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for pool in self.pools.values():
            self.date_end_of(pool)

    def settle(self, at: datetime) -> datetime:
        """Return the instant at which a change is written: the ledger is written forward.

        Two requests of one moment may be written in the other order, so an instant up to a minute before the
        newest entry becomes that entry's. Raises NotInThePast for anything earlier.
        """
        if self.latest_at is None or at >= self.latest_at:
            return at
        if self.latest_at - at <= IN_FLIGHT:
            return self.latest_at
        raise refusals.NotInThePast(
            f"This account has entries up to {self.latest_at:%Y-%m-%d %H:%M} UTC. A change cannot be dated before that."
        )

    def pool_of(self, licence_type_id: UUID) -> PoolState:
        """Return the account's pool of a licence type. Raises NoSuchPool."""
        pool = self.pools.get(licence_type_id)
        if pool is None:
            raise refusals.NoSuchPool("This account holds no licences of this type. Ask for some first.")
        return pool

    def seats_of(self, holder_id: UUID) -> dict[UUID, Seat]:
        """Return what a user or device holds, by licence type."""
        return self.seats.setdefault(holder_id, {})

    def add_seat(self, seat: Seat) -> None:
        """Take in a seat that is already stored."""
        self.seats_of(seat.holder_id)[seat.pool.rules.id] = seat

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Do several steps or none of them: a refusal undoes the steps before it."""
        done = len(self.notes)
        over_assigned_at = {type_id: pool.over_assigned_at for type_id, pool in self.pools.items()}
        try:
            yield
        except Refused:
            for note in reversed(self.notes[done:]):
                self._undo(note)
            del self.notes[done:]
            for type_id, at in over_assigned_at.items():
                self.pools[type_id].over_assigned_at = at
            raise

    def _undo(self, note: Note) -> None:
        seat = note.seat
        assert seat is not None, "changes to a pool itself are one step each"
        held = self.seats_of(seat.holder_id)
        note.pool.held -= note.held_change
        if note.kind == EntryKind.ASSIGNED:
            del held[note.pool.rules.id], self.touched[seat.id]
        else:
            held[note.pool.rules.id] = seat
            seat.released_at = None
            if not seat.is_new:
                del self.touched[seat.id]

    # Taking and freeing one licence

    def take(self, pool: PoolState, seat: Seat, *, cause: Cause) -> Seat:
        """Give a licence of `pool` to the seat's holder, or refuse with what to do."""
        at, rules = seat.assigned_at, pool.rules
        holder_id = seat.device_id if rules.for_devices else seat.user_id
        if holder_id is None:
            wanted = "device" if rules.for_devices else "user"
            raise refusals.WrongHolder(f"{rules.name} licences are held by a {wanted}. Choose one.")
        held = self.seats_of(holder_id)
        if rules.id in held:
            raise refusals.AlreadyHeld(
                f"This {'device' if rules.for_devices else 'user'} has a {rules.name} licence already."
            )
        _check_valid(pool, at)
        self._check_level(rules, held)
        self._check_base(rules, held)
        if pool.total is not None and pool.held >= pool.total:
            raise refusals.NoLicenceAvailable(
                f"All {pool.total} {rules.name} licences are taken. Add licences or release one first."
            )
        pool.held += 1
        held[rules.id] = self.touched[seat.id] = seat
        self.notes.append(Note(pool, EntryKind.ASSIGNED, cause, at, held_change=1, seat=seat))
        return seat

    def free(self, seat: Seat, *, at: datetime, cause: Cause, reason: str = "") -> Seat:
        """End a seat without asking whether it may end; `release` asks."""
        pool = seat.pool
        if at < seat.assigned_at:
            raise refusals.NotInThePast("This licence was assigned later than that. Give a later time.")
        del self.seats[seat.holder_id][pool.rules.id]
        seat.released_at = at
        pool.held -= 1
        if pool.total is not None and pool.held <= pool.total:
            pool.over_assigned_at = None
        self.touched[seat.id] = seat
        self.notes.append(Note(pool, EntryKind.RELEASED, cause, at, held_change=-1, seat=seat, reason=reason))
        return seat

    def release(self, seat: Seat, *, at: datetime, cause: Cause = Cause.MANUAL) -> Seat:
        """Free a licence by hand. Refuses what a role, a list or activation gives, what is locked or still needed."""
        _check_source(seat, cause)
        _check_unlocked(seat, at)
        self._check_not_needed(seat)
        return self.free(seat, at=at, cause=cause)

    def move(self, seat: Seat, user_id: UUID, *, at: datetime) -> Seat:
        """Take a licence from its user and give it to another at one instant."""
        if user_id == seat.user_id:
            raise refusals.AlreadyHeld("This user has that licence already. Choose another user.")
        with self.whole():
            self.release(seat, at=at, cause=Cause.MOVE)
            return self.take(seat.pool, Seat(seat.pool, user_id, None, Source.MANUAL, at), cause=Cause.MOVE)

    def change_level(self, seat: Seat, pool: PoolState, *, at: datetime) -> Seat:
        """Swap a user's licence for another type of the same exclusive group, at one instant."""
        old, new = seat.pool.rules, pool.rules
        if new.id == old.id:
            raise refusals.AlreadyHeld(f"This user has a {new.name} licence already.")
        if not new.exclusive_group or new.exclusive_group != old.exclusive_group:
            raise refusals.NotTheSameGroup(f"{new.name} is not a level that {old.name} can be swapped for.")
        _check_source(seat, Cause.MOVE)
        _check_unlocked(seat, at)
        self._check_not_needed(seat, replaced_by={pool.rules.id})
        with self.whole():
            self.free(seat, at=at, cause=Cause.MOVE)
            return self.take(
                pool, Seat(pool, seat.user_id, seat.device_id, Source.MANUAL, at), cause=Cause.MOVE
            )

    def free_all(self, holder_id: UUID, *, at: datetime, cause: Cause) -> list[Seat]:
        """End everything a holder has, locked or not: a removed user's licences are free at once."""
        with self.whole():
            return [self.free(seat, at=at, cause=cause) for seat in list(self.seats_of(holder_id).values())]

    # What roles give

    def follow_roles(self, user_id: UUID, given: Iterable[UUID], *, at: datetime, cause: Cause) -> None:
        """Make the user's rule-given licences exactly `given` (licence types), freeing before taking.

        A type the user already holds by hand stays as it is: it is held once, whatever else gives it. An add-on may
        stay when another base comes at the same instant.
        """
        wanted = set(given)
        held = self.seats_of(user_id)
        gone = [
            s
            for t, s in held.items()
            if s.source == Source.RULE and t not in wanted and not s.pool.rules.given_by_activation
        ]
        with self.whole():
            for seat in self._dependents_first(gone):
                self._check_not_needed(seat, replaced_by=wanted)
                self.free(seat, at=at, cause=cause)
            for type_id in self._bases_first(wanted - set(held)):
                pool = self.pool_of(type_id)
                self.take(pool, Seat(pool, user_id, None, Source.RULE, at), cause=cause)

    # The pool itself

    def set_total(
        self, pool: PoolState, total: int, *, at: datetime, reason: str, over: bool = False
    ) -> bool:
        """Change how many licences the account has. Returns False when it is that already.

        `over` allows a total below what is in use: nobody loses a licence, and none can be assigned.
        """
        if pool.total is None:
            raise refusals.TotalNotLimited(f"{pool.rules.name} licences are not limited.")
        if pool.total == total:
            return False
        if total < pool.held and not over:
            raise refusals.TotalBelowUse(
                f"{pool.held} {pool.rules.name} licences are in use. Release {pool.held - total} first, or save {pool.held} or more."
            )
        kind = EntryKind.CAP_CHANGED if pool.rules.capped else EntryKind.TOTAL_CHANGED
        self.notes.append(
            Note(
                pool,
                kind,
                Cause.MANUAL,
                at,
                total - pool.total,
                before=str(pool.total),
                after=str(total),
                reason=reason,
            )
        )
        pool.total = total
        pool.over_assigned_at = (pool.over_assigned_at or at) if pool.held > total else None
        return True

    def set_expiry(self, pool: PoolState, expires_on: date | None, *, at: datetime, reason: str) -> bool:
        """Change the last day on which the licences are valid. Returns False when it is that already."""
        if pool.expires_on == expires_on:
            return False
        before, after = _in_words(pool.expires_on), _in_words(expires_on)
        self.notes.append(
            Note(pool, EntryKind.EXPIRY_CHANGED, Cause.MANUAL, at, before=before, after=after, reason=reason)
        )
        pool.expires_on = expires_on
        self.date_end_of(pool)
        return True

    def set_terms(self, pool: PoolState, terms: Terms, *, at: datetime, reason: str) -> bool:
        """Change the footing of a pool, for example from trial to paid. Returns False when it is that already."""
        if pool.terms == terms:
            return False
        self.notes.append(
            Note(
                pool, EntryKind.TERMS_CHANGED, Cause.MANUAL, at, before=pool.terms, after=terms, reason=reason
            )
        )
        pool.terms = terms
        self.date_end_of(pool)
        return True

    def date_end_of(self, pool: PoolState) -> None:
        """Work out from when a pool can no longer be used."""
        last_day = Holding(pool.terms, pool.expires_on).access_until(self.grace)
        pool.ends_at = start_of_day(last_day + timedelta(days=1), self.zone) if last_day else None

    # Checks

    def _check_level(self, rules: TypeRules, held: dict[UUID, Seat]) -> None:
        for seat in held.values():
            if rules.exclusive_group and seat.pool.rules.exclusive_group == rules.exclusive_group:
                raise refusals.AnotherLevelHeld(
                    f"This user has {seat.pool.rules.name}. Move the user to {rules.name} instead of adding it."
                )

    def _check_base(self, rules: TypeRules, held: dict[UUID, Seat]) -> None:
        if rules.needs and not rules.needs & set(held):
            names = sorted(pool.rules.name for pool in self.pools.values() if pool.rules.id in rules.needs)
            raise refusals.BaseLicenceMissing(
                f"{rules.name} needs {' or '.join(names) or 'another licence'}. Assign that first."
            )

    def _check_not_needed(self, seat: Seat, *, replaced_by: set[UUID] | None = None) -> None:
        held = self.seats_of(seat.holder_id)
        left = (set(held) | (replaced_by or set())) - {seat.pool.rules.id}
        for other in held.values():
            needs = other.pool.rules.needs
            if seat.pool.rules.id in needs and not needs & left:
                raise refusals.StillNeeded(f"{other.pool.rules.name} needs this licence. Release that first.")

    def _bases_first(self, type_ids: set[UUID]) -> list[UUID]:
        def depth(type_id: UUID) -> int:
            pool = self.pools.get(type_id)
            below = pool.rules.needs & type_ids - {type_id} if pool else frozenset()
            return 1 + max((depth(need) for need in below), default=0)

        return sorted(type_ids, key=depth)

    def _dependents_first(self, seats: list[Seat]) -> Iterator[Seat]:
        by_type = {seat.pool.rules.id: seat for seat in seats}
        return (by_type[type_id] for type_id in reversed(self._bases_first(set(by_type))))


def _check_source(seat: Seat, cause: Cause) -> None:
    name = seat.pool.rules.name
    if seat.pool.rules.given_by_activation:
        raise refusals.GivenByActivation(f"Every active user holds {name}. Deactivate the user instead.")
    if seat.source == Source.RULE:
        raise refusals.GivenByRole(
            f"A role gives this {name} licence. Remove the role from the user instead."
        )
    if seat.source == Source.SYNCED and cause != Cause.SYNC:
        raise refusals.KeptInStep(f"This {name} licence is kept in step with a list. Change it there.")


def _check_unlocked(seat: Seat, at: datetime) -> None:
    rules = seat.pool.rules
    until = seat.assigned_at + timedelta(days=rules.lock_days)
    if at < until:
        raise refusals.LicenceLocked(
            f"{rules.name} licences are locked for {rules.lock_days} days. This one can be released from {until:%d %B %Y}."
        )


def _check_valid(pool: PoolState, at: datetime) -> None:
    if pool.ends_at is not None and at >= pool.ends_at:
        raise refusals.LicencesExpired(
            f"The {pool.rules.name} licences expired on {pool.expires_on:%d %B %Y}. Renew them first."
        )


def _in_words(day: date | None) -> str:
    return day.isoformat() if day else ""
