"""The rows of a history that are about people. Each function tells whether the row changes something."""

from uuid import UUID

from seatledger.domain.licences.importing import record as recorded
from seatledger.domain.licences.importing.lines import Flaw
from seatledger.domain.licences.importing.record import Life
from seatledger.domain.licences.importing.replay import Replay
from seatledger.domain.licences.importing.rows import Row
from seatledger.domain.licences.models import Cause
from seatledger.domain.people.actions import unusable_password
from seatledger.domain.people.models import User
from seatledger.domain.people.roster import Person, UserActivated, UserDeactivated, UserDeleted


def add_user(replay: Replay, row: Row) -> bool:
    lives = replay.record.users.setdefault(row.email, [])
    if any(life.began_at == row.at and life.covers(row.at) for life in lives):
        return False
    replay.check_order(row)
    if row.email in replay.taken_elsewhere or any(life.covers(row.at) for life in lives):
        raise Flaw("email", f"{row.email} is in use already. Use another e-mail address.")
    user = User(
        account=replay.desk.account,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=row.phone,
        is_active=row.active != "no",
        password=unusable_password(),
        added_at=row.at,
    )
    person = Person(user.pk, user.full_name, user.is_active, replay.roles(row), is_new=True)
    with replay.desk.roster.whole(person):
        replay.desk.roster.add(person, at=row.at)
        if person.active:
            replay.desk.take_what_is_given(person, at=row.at, cause=Cause.ACTIVATION)
    replay.desk.newcomers.append(user)
    lives.append(Life(user.pk, row.at, None))
    return True


def activate_user(replay: Replay, row: Row) -> bool:
    user_id = replay.user_id(row)
    if replay.is_recorded(row, (UserActivated.kind(), row.at, user_id)):
        return False
    person = replay.person(user_id)
    with replay.desk.roster.whole(person):
        if not replay.desk.roster.activate(person, at=row.at):
            raise Flaw("change", f"{person.name} is active already at this time. Remove the line.")
        replay.desk.take_what_is_given(person, at=row.at, cause=Cause.ACTIVATION)
    return True


def deactivate_user(replay: Replay, row: Row) -> bool:
    user_id = replay.user_id(row)
    if replay.is_recorded(row, (UserDeactivated.kind(), row.at, user_id)):
        return False
    person = replay.person(user_id)
    if not replay.desk.roster.deactivate(person, at=row.at):
        raise Flaw("change", f"{person.name} is deactivated already at this time. Remove the line.")
    replay.desk.book.free_all(user_id, at=row.at, cause=Cause.DEACTIVATION)
    replay.desk.fleet.leave(user_id)
    return True


def delete_user(replay: Replay, row: Row) -> bool:
    life = replay.user_life(row)
    if not (known := replay.is_recorded(row, (UserDeleted.kind(), row.at, life.id))):
        replay.desk.roster.delete(replay.person(life.id), at=row.at, by_user=None)
        replay.desk.book.free_all(life.id, at=row.at, cause=Cause.DELETION)
        replay.desk.fleet.leave(life.id)
    life.ended_here = True
    return not known


def give_roles(replay: Replay, row: Row) -> bool:
    return _change_roles(replay, row, given=replay.roles(row), taken=set())


def take_roles(replay: Replay, row: Row) -> bool:
    return _change_roles(replay, row, given=set(), taken=replay.roles(row))


def _change_roles(replay: Replay, row: Row, *, given: set[UUID], taken: set[UUID]) -> bool:
    user_id = replay.user_id(row)
    if replay.is_recorded(row, recorded.roles_changed(row.at, user_id, given, taken)):
        return False
    person = replay.person(user_id)
    if given & person.role_ids or taken - person.role_ids:
        what = "has one of these roles already" if given else "does not have one of these roles"
        raise Flaw("roles", f"{person.name} {what} at this time. Remove it from the line.")
    with replay.desk.roster.whole(person):
        replay.desk.roster.change_roles(person, (person.role_ids | given) - taken, at=row.at)
        if person.active:
            wanted = replay.desk.licences_given_to(person)
            replay.desk.book.follow_roles(user_id, wanted, at=row.at, cause=Cause.ROLE)
    return True
