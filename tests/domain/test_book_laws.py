"""Laws of the book: true after any sequence of changes, accepted or refused."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from seatledger.domain.licences.book import Book, PoolState, Seat, TypeRules
from seatledger.domain.licences.models import Cause, EntryKind, Source, Terms
from seatledger.shared.errors import Refused

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
USERS = [UUID(int=number) for number in (1, 2)]
DEVICES = [UUID(int=number) for number in (11, 12)]
KEYS = ["essential", "professional", "agent", "reports", "insights", "wallboard", "locked"]
TYPE = {key: UUID(int=100 + number) for number, key in enumerate(KEYS)}
TOTALS = {"essential": 2, "professional": 2, "agent": 2, "reports": 1, "insights": 2, "wallboard": 2}
SUPERVISORS = {"reports", "insights"}


def rules_of(key: str) -> TypeRules:
    needs = {"agent": {"essential", "professional"}}.get(key, set())
    return TypeRules(
        id=TYPE[key],
        key=key,
        name=key.title(),
        for_devices=key == "wallboard",
        needs=frozenset(TYPE[need] for need in needs),
        exclusive_group="supervisor" if key in SUPERVISORS else "",
        lock_days=90 if key == "locked" else 0,
        capped=key == "wallboard",
    )


def new_book() -> Book:
    pools = [
        PoolState(UUID(int=200 + number), rules_of(key), TOTALS.get(key), 0, Terms.PAID)
        for number, key in enumerate(KEYS)
    ]
    return Book({pool.rules.id: pool for pool in pools}, ZoneInfo("Europe/London"))


def seat_of(book: Book, holder: UUID, key: str) -> Seat | None:
    return book.seats_of(holder).get(TYPE[key])


keys = st.sampled_from(KEYS)
users = st.sampled_from(USERS)
holders = st.sampled_from(USERS + DEVICES)
supervisors = st.sampled_from(sorted(SUPERVISORS))

takes = st.tuples(
    st.just("take"), keys, users, st.sampled_from(DEVICES), st.sampled_from([Source.MANUAL, *Source])
)
# Half of the changes take a licence, so that there is something to release.
changes = takes | st.one_of(
    st.tuples(st.just("release"), keys, holders, st.sampled_from([Cause.MANUAL, Cause.SYNC])),
    st.tuples(st.just("move"), keys, users, users),
    st.tuples(st.just("change_level"), keys, users, supervisors),
    st.tuples(st.just("follow_roles"), users, st.frozensets(keys, max_size=4)),
    st.tuples(st.just("free_all"), holders),
    st.tuples(st.just("set_total"), keys, st.integers(0, 3), st.booleans()),
    st.tuples(st.just("set_expiry"), keys, st.none() | st.dates(date(2026, 3, 1), date(2026, 6, 1))),
)


def apply(book: Book, change: tuple[Any, ...], at: datetime) -> None:
    """Make one change, or raise what it is refused with. A seat that nobody holds is nothing to change."""
    match change:
        case "set_total", key, total, over:
            book.set_total(book.pool_of(TYPE[key]), total, at=at, reason="", over=over)
        case "set_expiry", key, day:
            book.set_expiry(book.pool_of(TYPE[key]), day, at=at, reason="")
        case "follow_roles", user, given_keys:
            book.follow_roles(user, {TYPE[key] for key in given_keys}, at=at, cause=Cause.ROLE)
        case "free_all", holder:
            book.free_all(holder, at=at, cause=Cause.DEACTIVATION)
        case "take", key, user, device, source:
            pool = book.pool_of(TYPE[key])
            user, device = (None, device) if pool.rules.for_devices else (user, None)
            book.take(pool, Seat(pool, user, device, source, at), cause=Cause.MANUAL)
        case _:
            apply_to_seat(book, change, at)


def apply_to_seat(book: Book, change: tuple[Any, ...], at: datetime) -> None:
    kind, key, holder, detail = change
    seat = seat_of(book, holder, key)
    if seat is None:
        return
    if kind == "release":
        book.release(seat, at=at, cause=detail)
    elif kind == "move":
        book.move(seat, detail, at=at)
    else:
        book.change_level(seat, book.pool_of(TYPE[detail]), at=at)


def state_of(book: Book) -> object:
    """Return everything about a book that a refused change must leave as it was."""
    pools = [
        (pool.total, pool.held, pool.terms, pool.expires_on, pool.ends_at, pool.over_assigned_at)
        for pool in book.pools.values()
    ]
    seats = {(seat.id, seat.released_at) for held in book.seats.values() for seat in held.values()}
    touched = {(seat.id, seat.released_at) for seat in book.touched.values()}
    return pools, seats, touched, list(book.notes)


def open_seats(book: Book) -> list[Seat]:
    return [seat for held in book.seats.values() for seat in held.values()]


def check_counters(book: Book) -> None:
    open_by_pool = Counter(seat.pool.id for seat in open_seats(book))
    for pool in book.pools.values():
        notes = [note for note in book.notes if note.pool is pool]
        assert pool.held == open_by_pool[pool.id]
        assert pool.held == sum(note.held_change for note in notes)
        bought = sum(note.bought_change for note in notes)
        assert pool.total == (None if pool.total is None else TOTALS[pool.rules.key] + bought)
        over = pool.total is not None and pool.held > pool.total
        assert (pool.over_assigned_at is not None) == over


def check_holders(book: Book) -> None:
    for held in book.seats.values():
        groups = Counter(seat.pool.rules.exclusive_group for seat in held.values())
        assert groups["supervisor"] <= 1
        for seat in held.values():
            assert seat.released_at is None
            assert not seat.pool.rules.needs or seat.pool.rules.needs & set(held)


# A licence of an over-assigned pool, moved to someone who has one: refused after it was freed.
REFUSED_MIDWAY = [
    ("take", "essential", USERS[0], DEVICES[0], Source.MANUAL),
    ("take", "essential", USERS[1], DEVICES[0], Source.MANUAL),
    ("set_total", "essential", 1, True),
    ("move", "essential", USERS[0], USERS[1]),
]


def check_expiry(book: Book) -> None:
    """Check the newest note: nothing is assigned after the last day of a pool, as London counts days."""
    note = book.notes[-1] if book.notes else None
    if note and note.kind == EntryKind.ASSIGNED and note.pool.expires_on:
        assert note.at.astimezone(book.zone).date() <= note.pool.expires_on


@settings(max_examples=400, deadline=None)
@example([(change, 1) for change in REFUSED_MIDWAY])
@given(st.lists(st.tuples(changes, st.sampled_from([0, 0, 1, 45])), min_size=10, max_size=40))
def test_any_sequence_of_changes_keeps_the_promises(sequence: list[tuple[tuple[Any, ...], int]]):
    book, at = new_book(), START
    for change, days in sequence:
        at += timedelta(days=days)
        before = state_of(book)
        try:
            apply(book, change, at)
        except Refused:
            assert state_of(book) == before
        check_expiry(book)
        check_counters(book)
        check_holders(book)


@settings(max_examples=200, deadline=None)
@given(st.lists(changes, max_size=30))
def test_a_total_is_only_passed_when_it_was_forced(sequence: list[tuple[Any, ...]]):
    book = new_book()
    for change in sequence:
        unforced = (*change[:3], False) if change[0] == "set_total" else change
        try:
            apply(book, unforced, START)
        except Refused:
            continue
        assert all(pool.total is None or pool.held <= pool.total for pool in book.pools.values())


@given(st.lists(changes, max_size=30))
def test_every_note_tells_one_step_of_a_seat_that_is_stored(sequence: list[tuple[Any, ...]]):
    book = new_book()
    for change in sequence:
        try:
            apply(book, change, START)
        except Refused:
            continue
    noted = {note.seat.id for note in book.notes if note.seat}
    assert noted == set(book.touched)
    assert {seat.id for seat in open_seats(book)} <= noted
