"""The rules for devices, in plain Python: no database, no clock.

A `Fleet` is what an action works on: the devices it has loaded. What a device holds is in the `book`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from seatledger.domain.events.actions import Happening
from seatledger.domain.licences import refusals


@dataclass(frozen=True)
class DeviceAdded(Happening):
    device_id: UUID


@dataclass(frozen=True)
class DeviceEdited(Happening):
    device_id: UUID
    user_id: UUID | None


@dataclass(frozen=True)
class DeviceRemoved(Happening):
    device_id: UUID


@dataclass(slots=True)
class Machine:
    """A device as the fleet sees it."""

    licence_type_id: UUID
    name: str
    user_id: UUID | None
    added_at: datetime
    removed_at: datetime | None = None
    id: UUID = field(default_factory=uuid4)
    is_new: bool = True


@dataclass
class Fleet:
    """The devices an action touches, and those whose names it must not give again."""

    machines: dict[UUID, Machine] = field(default_factory=dict)
    happened: list[tuple[Happening, datetime]] = field(default_factory=list)
    touched: dict[UUID, Machine] = field(default_factory=dict)
    _named: dict[tuple[UUID, str], Machine] = field(default_factory=dict)
    _beside: dict[UUID, dict[UUID, Machine]] = field(default_factory=dict)

    def load(self, machine: Machine) -> None:
        """Take in a device that is already stored."""
        self.machines[machine.id] = machine
        self._named[machine.licence_type_id, machine.name.lower()] = machine
        if machine.user_id:
            self._beside.setdefault(machine.user_id, {})[machine.id] = machine

    def find(self, licence_type_id: UUID, name: str) -> Machine | None:
        """Return the device of a type that has this name, whatever its case, if it is loaded."""
        return self._named.get((licence_type_id, name.lower()))

    def check_name(self, licence_type_id: UUID, name: str, *, except_device: UUID | None = None) -> None:
        """Raise DeviceNameTaken when another device of the type has this name."""
        same = self.find(licence_type_id, name)
        if same and same.id != except_device:
            raise refusals.DeviceNameTaken(f"There is a device “{name}” already. Choose another name.")

    def add(self, machine: Machine) -> None:
        """Take in a new device. Raises DeviceNameTaken."""
        self.check_name(machine.licence_type_id, machine.name)
        self.load(machine)
        self._note(machine, DeviceAdded(device_id=machine.id), machine.added_at)

    def edit(self, machine: Machine, *, name: str, user_id: UUID | None, at: datetime) -> bool:
        """Rename a device or put another user beside it. Returns False when nothing changes."""
        self.check_name(machine.licence_type_id, name, except_device=machine.id)
        if (machine.name, machine.user_id) == (name, user_id):
            return False
        self._forget(machine)
        machine.name, machine.user_id = name, user_id
        self.load(machine)
        self._note(machine, DeviceEdited(device_id=machine.id, user_id=user_id), at)
        return True

    def remove(self, machine: Machine, *, at: datetime) -> None:
        """Remove a device; its name is free again."""
        self._forget(machine)
        machine.removed_at = at
        self._note(machine, DeviceRemoved(device_id=machine.id), at)

    def leave(self, user_id: UUID) -> None:
        """Put nobody beside the devices that a user looked after. The user's own event says why."""
        for machine in self._beside.pop(user_id, {}).values():
            machine.user_id = None
            self.touched[machine.id] = machine

    def _forget(self, machine: Machine) -> None:
        del self.machines[machine.id]
        del self._named[machine.licence_type_id, machine.name.lower()]
        if machine.user_id:
            self._beside[machine.user_id].pop(machine.id, None)

    def _note(self, machine: Machine, what: Happening, at: datetime) -> None:
        self.touched[machine.id] = machine
        self.happened.append((what, at))
