"""The rows of a history that are about licences. Each function tells whether the row changes something."""

from uuid import UUID

from seatledger.domain.licences import refusals
from seatledger.domain.licences.book import PoolState, Seat
from seatledger.domain.licences.importing import record as recorded
from seatledger.domain.licences.importing.lines import Flaw
from seatledger.domain.licences.importing.replay import Replay
from seatledger.domain.licences.importing.rows import Row
from seatledger.domain.licences.limits import check_expiry
from seatledger.domain.licences.models import Cause, EntryKind, Source


def assign(replay: Replay, row: Row) -> bool:
    user_id, pool = replay.user_id(row), replay.pool(row.licence)
    source = Source(row.source or Source.MANUAL)
    cause = Cause.SYNC if source == Source.SYNCED else Cause.MANUAL
    if replay.is_recorded(row, recorded.seat_changed(EntryKind.ASSIGNED, cause, row.at, pool.id, user_id)):
        return False
    if pool.rules.given_by_activation:
        raise Flaw("licence", f"Every active user holds {pool.rules.name}. Remove the line.")
    replay.active_person(user_id)
    replay.desk.book.take(pool, Seat(pool, user_id, None, source, row.at), cause=cause)
    return True


def release(replay: Replay, row: Row) -> bool:
    user_id, pool = replay.user_id(row), replay.pool(row.licence)
    for cause in (Cause.MANUAL, Cause.SYNC):
        if replay.record.knows(recorded.seat_changed(EntryKind.RELEASED, cause, row.at, pool.id, user_id)):
            return False
    replay.check_order(row)
    seat = _seat(replay, user_id, pool)
    cause = Cause.SYNC if seat.source == Source.SYNCED else Cause.MANUAL
    replay.desk.book.release(seat, at=row.at, cause=cause)
    return True


def move(replay: Replay, row: Row) -> bool:
    pool = replay.pool(row.licence)
    user_id, to_user = replay.user_id(row), replay.user_id(row, column="to_email")
    if replay.is_recorded(
        row,
        recorded.seat_changed(EntryKind.RELEASED, Cause.MOVE, row.at, pool.id, user_id),
        recorded.seat_changed(EntryKind.ASSIGNED, Cause.MOVE, row.at, pool.id, to_user),
    ):
        return False
    replay.active_person(to_user, column="to_email")
    replay.desk.book.move(_seat(replay, user_id, pool), to_user, at=row.at)
    return True


def change_level(replay: Replay, row: Row) -> bool:
    user_id, pool = replay.user_id(row), replay.pool(row.licence)
    wanted = replay.pool(row.to_licence, column="to_licence")
    if replay.is_recorded(
        row,
        recorded.seat_changed(EntryKind.RELEASED, Cause.MOVE, row.at, pool.id, user_id),
        recorded.seat_changed(EntryKind.ASSIGNED, Cause.MOVE, row.at, wanted.id, user_id),
    ):
        return False
    replay.desk.book.change_level(_seat(replay, user_id, pool), wanted, at=row.at)
    return True


def _seat(replay: Replay, user_id: UUID, pool: PoolState) -> Seat:
    seat = replay.desk.book.seats_of(user_id).get(pool.rules.id)
    if seat is None:
        raise refusals.NotHeld(f"This user holds no {pool.rules.name} licence at this time.")
    return seat


def change_total(replay: Replay, row: Row) -> bool:
    pool = replay.pool(row.licence)
    kind = EntryKind.CAP_CHANGED if pool.rules.capped else EntryKind.TOTAL_CHANGED
    if replay.is_recorded(row, recorded.pool_changed(kind, row.at, pool.id, str(row.total))):
        return False
    if not replay.desk.book.set_total(pool, row.total, at=row.at, reason=row.reason):
        raise Flaw("total", "The total is this number already at this time. Remove the line.")
    return True


def change_expiry(replay: Replay, row: Row) -> bool:
    pool, day = replay.pool(row.licence), row.expires_on
    after = day.isoformat() if day else ""
    if replay.is_recorded(row, recorded.pool_changed(EntryKind.EXPIRY_CHANGED, row.at, pool.id, after)):
        return False
    check_expiry(day, first_year=row.at.year)
    if not replay.desk.book.set_expiry(pool, day, at=row.at, reason=row.reason):
        raise Flaw("expires_on", "The licences expire on this day already. Remove the line.")
    return True
