"""The rows of a history that are about devices. Each function tells whether the row changes something."""

from seatledger.domain.licences.book import Seat
from seatledger.domain.licences.fleet import DeviceRemoved, Machine
from seatledger.domain.licences.importing import record as recorded
from seatledger.domain.licences.importing.lines import Flaw
from seatledger.domain.licences.importing.record import Life
from seatledger.domain.licences.importing.replay import Replay
from seatledger.domain.licences.importing.rows import Row
from seatledger.domain.licences.models import Cause, Source


def add_device(replay: Replay, row: Row) -> bool:
    pool = replay.pool(row.licence)
    lives = replay.record.devices.setdefault((pool.rules.id, row.device.lower()), [])
    if any(life.began_at == row.at and life.covers(row.at) for life in lives):
        return False
    replay.check_order(row)
    user_id = replay.active_person(replay.user_id(row)).id if row.email else None
    machine = Machine(pool.rules.id, row.device, user_id, row.at)
    replay.desk.fleet.check_name(pool.rules.id, row.device)
    replay.desk.book.take(pool, Seat(pool, None, machine.id, Source.MANUAL, row.at), cause=Cause.MANUAL)
    replay.desk.fleet.add(machine)
    lives.append(Life(machine.id, row.at, None))
    return True


def change_device_user(replay: Replay, row: Row) -> bool:
    device_id = replay.device_life(row).id
    user_id = replay.user_id(row) if row.email else None
    if replay.is_recorded(row, recorded.device_edited(row.at, device_id, user_id)):
        return False
    if user_id:
        replay.active_person(user_id)
    machine = replay.machine(device_id)
    if not replay.desk.fleet.edit(machine, name=machine.name, user_id=user_id, at=row.at):
        raise Flaw("email", "This user is beside the device already at this time. Remove the line.")
    return True


def remove_device(replay: Replay, row: Row) -> bool:
    life = replay.device_life(row)
    if not (known := replay.is_recorded(row, (DeviceRemoved.kind(), row.at, life.id))):
        machine = replay.machine(life.id)
        replay.desk.book.free_all(life.id, at=row.at, cause=Cause.REMOVAL)
        replay.desk.fleet.remove(machine, at=row.at)
    life.ended_here = True
    return not known
