"""Give, take back and move single licences; keep a list from outside in step."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences import refusals
from seatledger.domain.licences.book import Book, PoolState, Seat
from seatledger.domain.licences.models import Assignment, Cause, Pool, Source
from seatledger.domain.licences.writing import Desk, close_desk, open_desk
from seatledger.domain.people.models import User
from seatledger.shared.errors import NotFound


@transaction.atomic
def assign_licence(*, pool: Pool, user: User, at: datetime, by: Actor) -> Assignment:
    """Give `user` a licence of `pool` from `at` onward.

    Raises NotActive and everything `Book.take` refuses: no licence free, expired, held already, another level
    held, the base licence missing.
    """
    return assign_licences(pool=pool, user_ids=[user.pk], at=at, by=by)[0]


@transaction.atomic
def assign_licences(*, pool: Pool, user_ids: Sequence[UUID], at: datetime, by: Actor) -> list[Assignment]:
    """Give each of these users a licence of `pool`: all of them or none."""
    desk = open_desk(pool.account, users=user_ids)
    at = desk.book.settle(at)
    state = _pool(desk.book, pool)
    if state.rules.given_by_activation:
        raise refusals.GivenByActivation(
            f"Every active user holds {state.rules.name}. Activate the user instead."
        )
    seats = [Seat(state, user_id, None, Source.MANUAL, at) for user_id in user_ids]
    for seat in seats:
        check_active(desk, seat.user_id)
        desk.book.take(state, seat, cause=Cause.MANUAL)
    close_desk(desk, by=by)
    return list(Assignment.objects.filter(pk__in=[seat.id for seat in seats]))


@transaction.atomic
def release_licences(*, account: Account, assignment_ids: Collection[UUID], at: datetime, by: Actor) -> int:
    """Free licences that users hold; returns how many. All of them or none.

    Raises NotFound, GivenByRole, GivenByActivation, KeptInStep, LicenceLocked and StillNeeded.
    """
    rows = Assignment.objects.filter(
        account=account, pk__in=assignment_ids, user__isnull=False, released_at__isnull=True
    )
    holders = dict(rows.values_list("pk", "user_id"))
    if len(holders) != len(set(assignment_ids)):
        raise NotFound("licence in use")
    desk = open_desk(account, users=list(holders.values()))
    at = desk.book.settle(at)
    for assignment_id, user_id in holders.items():
        desk.book.release(_seat(desk.book, user_id, assignment_id), at=at)
    close_desk(desk, by=by)
    return len(holders)


@transaction.atomic
def move_licence(*, assignment: Assignment, to_user: User, at: datetime, by: Actor) -> Assignment:
    """Take a licence from its user and give it to another at the same instant.

    Raises what release and assignment refuse; a locked licence does not move. WrongHolder for a device's licence.
    """
    if assignment.user_id is None:
        raise refusals.WrongHolder("A device keeps its licence. Remove the device to free it.")
    desk = open_desk(assignment.account, users=[assignment.user_id, to_user.pk])
    at = desk.book.settle(at)
    check_active(desk, to_user.pk)
    seat = _seat(desk.book, assignment.user_id, assignment.pk)
    moved = desk.book.move(seat, to_user.pk, at=at)
    close_desk(desk, by=by)
    return Assignment.objects.get(pk=moved.id)


@transaction.atomic
def change_level(*, assignment: Assignment, pool: Pool, at: datetime, by: Actor) -> Assignment:
    """Swap a user's level for another of the same group, such as one supervisor level for the next.

    Raises what release and assignment refuse, and NotTheSameGroup.
    """
    if assignment.user_id is None:
        raise refusals.WrongHolder("A device keeps its licence. Remove the device to free it.")
    desk = open_desk(assignment.account, users=[assignment.user_id])
    at = desk.book.settle(at)
    seat = _seat(desk.book, assignment.user_id, assignment.pk)
    changed = desk.book.change_level(seat, _pool(desk.book, pool), at=at)
    close_desk(desk, by=by)
    return Assignment.objects.get(pk=changed.id)


def _pool(book: Book, pool: Pool) -> PoolState:
    return book.pool_of(pool.licence_type_id)


def _seat(book: Book, holder_id: UUID, assignment_id: UUID) -> Seat:
    for seat in book.seats_of(holder_id).values():
        if seat.id == assignment_id:
            return seat
    raise refusals.NotHeld("This licence was released in the meantime. Nothing is left to do.")


def check_active(desk: Desk, user_id: UUID | None) -> None:
    person = desk.roster.people.get(user_id) if user_id else None
    if person is None:
        raise NotFound("user")
    if not person.active:
        raise refusals.NotActive(f"{person.name} is deactivated. Activate this user first.")
