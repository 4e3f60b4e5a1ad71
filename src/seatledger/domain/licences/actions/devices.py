"""Devices hold a licence from the moment they are configured until they are removed."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.licences import refusals
from seatledger.domain.licences.book import Seat
from seatledger.domain.licences.fleet import DeviceAdded, DeviceEdited, DeviceRemoved
from seatledger.domain.licences.limits import LONGEST_DEVICE_NAME
from seatledger.domain.licences.models import Cause, Device, Pool, Source
from seatledger.domain.licences.writing import close_desk, open_desk
from seatledger.domain.people.models import User
from seatledger.shared.constraints import refusing
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_name


@transaction.atomic
def add_device(*, pool: Pool, name: str, user: User | None, at: datetime, by: Actor) -> Device:
    """Configure a device, which takes a licence of `pool` at once.

    Raises DeviceNameTaken, NotActive, UnfitText, and what `Book.take` refuses (the 11th of 10 wallboards).
    """
    name = clean_name(name, LONGEST_DEVICE_NAME)
    account = pool.account
    desk = open_desk(account)
    at = desk.book.settle(at)
    state = desk.book.pool_of(pool.licence_type_id)
    if not state.rules.for_devices:
        raise refusals.WrongHolder(
            f"{state.rules.name} licences are held by users. Assign one to a user instead."
        )
    _check_user(account, user)
    device = Device(
        account=desk.account, licence_type_id=pool.licence_type_id, name=name, user=user, added_at=at
    )
    desk.book.take(state, Seat(state, None, device.pk, Source.MANUAL, at), cause=Cause.MANUAL)
    with _name_taken_once(name):
        device.save(force_insert=True)
    record(DeviceAdded(device_id=device.pk), account=desk.account, at=at, by=by)
    close_desk(desk, by=by)
    return device


@transaction.atomic
def edit_device(*, device: Device, name: str, user: User | None, at: datetime, by: Actor) -> Device:
    """Rename a device or put another user (or nobody) beside it. Its licence stays.

    Raises DeviceNameTaken, NotActive, UnfitText, and NotFound for a device removed in the meantime.
    """
    name = clean_name(name, LONGEST_DEVICE_NAME)
    desk = open_desk(device.account)
    device = _current_device(device)
    _check_user(desk.account, user)
    if (device.name, device.user_id) == (name, user.pk if user else None):
        return device
    device.name, device.user = name, user
    with _name_taken_once(name):
        device.save(update_fields=["name", "user"])
    edited = DeviceEdited(device_id=device.pk, user_id=device.user_id)
    record(edited, account=desk.account, at=desk.book.settle(at), by=by)
    return device


@transaction.atomic
def remove_devices(*, account: Account, device_ids: Collection[UUID], at: datetime, by: Actor) -> int:
    """Remove devices; their licences are free at once. All of them or none. Raises NotFound."""
    desk = open_desk(account, devices=device_ids)
    rows = Device.objects.filter(account=account, pk__in=device_ids, removed_at__isnull=True)
    if rows.count() != len(set(device_ids)):
        raise NotFound("device")
    at = desk.book.settle(at)
    for device_id in set(device_ids):
        desk.book.free_all(device_id, at=at, cause=Cause.REMOVAL)
        record(DeviceRemoved(device_id=device_id), account=desk.account, at=at, by=by)
    close_desk(desk, by=by)
    return rows.update(removed_at=at)


def _name_taken_once(name: str) -> AbstractContextManager[None]:
    taken = refusals.DeviceNameTaken(f"There is a device “{name}” already. Choose another name.")
    return refusing("a_device_name_is_used_once", taken)


def _current_device(device: Device) -> Device:
    """Return the device as stored now; the account is held, so that stays so."""
    try:
        return Device.objects.get(pk=device.pk, removed_at__isnull=True)
    except Device.DoesNotExist:
        raise NotFound("device") from None


def _check_user(account: Account, user: User | None) -> None:
    if user is None:
        return
    current = User.objects.filter(account=account, pk=user.pk, deleted_at__isnull=True).first()
    if current is None:
        raise NotFound("user")
    if not current.is_active:
        raise refusals.NotActive(f"{user.full_name} is deactivated. Choose an active user or nobody.")
