"""Administration > Devices: machines that hold a licence of their own, such as wallboards."""

from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import HeldBy
from seatledger.domain.licences.actions import add_device, edit_device, remove_devices
from seatledger.domain.licences.models import Device, Pool
from seatledger.domain.licences.queries import (
    get_device,
    list_device_kinds,
    list_devices,
    list_pools,
    name_pools,
)
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.people_choices import PersonForm
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.shared.errors import NotFound, Refused


class DeviceForm(PersonForm):
    """A device's name and the user it belongs to."""

    name = forms.CharField(label="Name", max_length=100, help_text="For example where it hangs.")
    user = forms.UUIDField(
        label="User",
        widget=forms.Select,
        required=False,
        help_text="A wallboard takes its kind from the licence of its user.",
    )
    field_order = ("type", "name", "user")


class NewDeviceForm(DeviceForm):
    """The same, with the licence it takes."""

    type = forms.ChoiceField(label="Licence type")

    def __init__(self, data: QueryDict | None = None, *, account: Account, asked: str = "") -> None:
        super().__init__(data, account=account, initial={"type": asked})
        self.pools = {str(pool.licence_type_id): pool for pool in device_pools(account)}
        names = name_pools(account, self.pools.values())
        choices = [(key, names[pool.pk]) for key, pool in self.pools.items()]
        cast("forms.ChoiceField", self.fields["type"]).choices = choices

    def pool(self) -> Pool:
        return self.pools[self.cleaned_data["type"]]


def device_pools(account: Account) -> list[Pool]:
    """Return the account's pools that devices hold licences of."""
    return [pool for pool in list_pools(account) if pool.licence_type.held_by == HeldBy.DEVICE]


@private(Permission.DEVICES_VIEW)
@require_GET
def show_devices(request: PortalRequest) -> HttpResponse:
    """List the account's devices, narrowed by name and licence type."""
    account, after = request.account, request.GET.get("after", "")
    pools = device_pools(account)
    type_id = _type_of(request.GET.get("type", ""), pools)
    search = request.GET.get("search", "")
    key = cast("tuple[str, UUID] | None", decode_key(after, (str, UUID)))
    rows = list_devices(account, search=search, licence_type_id=type_id, after=key, limit=PAGE + 1)
    page = page_of(rows, key_of=lambda device: (device.name.lower(), device.pk), after=after)
    query = {name: value for name, value in (("search", search), ("type", str(type_id or ""))) if value}
    names = name_pools(account, pools)
    context = {
        "page": page,
        "lines": _lines(account, page.rows, pools),
        "figures": [(pool, names[pool.pk]) for pool in pools],
        "has_kinds": any(pool.licence_type.kinds_by_licence for pool in pools),
        "search": search,
        "type_id": str(type_id or ""),
        "first_url": f"?{urlencode(query)}" if not page.is_first else "",
        "next_url": f"?{urlencode({**query, 'after': page.next_key})}" if page.next_key else "",
        "may_manage": Permission.DEVICES_MANAGE in request.permissions,
        "may_see_licences": Permission.LICENCES_VIEW in request.permissions,
    }
    return render(request, "portal/devices.html", context)


def _type_of(text: str, pools: list[Pool]) -> UUID | None:
    if not text:
        return None
    found = next((pool.licence_type_id for pool in pools if str(pool.licence_type_id) == text), None)
    if found is None:
        raise NotFound("kind of device")
    return found


def _lines(account: Account, devices: object, pools: list[Pool]) -> list[tuple[Device, str, str]]:
    """Return each device with the name of its licence and its kind."""
    shown = list(cast("list[Device]", devices))
    kinds = {
        device_id: kind
        for pool in pools
        if pool.licence_type.kinds_by_licence
        for device_id, kind in list_device_kinds(account, pool)
    }
    names = {
        pool.licence_type_id: name
        for pool, name in zip(pools, name_pools(account, pools).values(), strict=True)
    }
    return [(device, names[device.licence_type_id], kinds.get(device.pk, "")) for device in shown]


@private(Permission.DEVICES_MANAGE)
@require_http_methods(["GET", "POST"])
def new_device(request: PortalRequest) -> HttpResponse:
    """Show the form for a new device, and add the one it describes, which takes a licence at once."""
    form = NewDeviceForm(request.POST or None, account=request.account, asked=request.GET.get("type", ""))
    if form.is_valid():
        found = form.cleaned_data
        try:
            device = add_device(
                pool=form.pool(), name=found["name"], user=found["user"], at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{device.name} was added and holds a licence.")
            return redirect("portal:devices")
    context = {"form": form, "pools": form.pools}
    return render(request, "portal/new_device.html", context, status=422 if form.is_bound else 200)


@private(Permission.DEVICES_MANAGE)
@require_http_methods(["GET", "POST"])
def change_device(request: PortalRequest, device_id: UUID) -> HttpResponse:
    """Show a device as a form, and store what was changed. Its licence stays as it is."""
    device = get_device(request.account, device_id)
    form = DeviceForm(
        request.POST or None,
        account=request.account,
        chosen=device.user,
        initial={"name": device.name},
    )
    if form.is_valid():
        found = form.cleaned_data
        try:
            device = edit_device(
                device=device, name=found["name"], user=found["user"], at=timezone.now(), by=request.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{device.name} was saved.")
            return redirect("portal:devices")
    context = {"form": form, "device": device}
    return render(request, "portal/change_device.html", context, status=422 if form.is_bound else 200)


@private(Permission.DEVICES_MANAGE)
@require_POST
def remove_selected_devices(request: PortalRequest) -> HttpResponse:
    """Ask whether the selected devices are to be removed, and remove them when the answer is yes."""
    try:
        ids = {UUID(text) for text in request.POST.getlist("device")}
    except ValueError:
        raise NotFound("device") from None
    if not ids:
        messages.warning(request, "No device is selected. Select one or more, then remove them.")
        return redirect("portal:devices")
    if request.POST.get("do") == "remove":
        devices = [get_device(request.account, device_id) for device_id in ids]
        devices.sort(key=lambda device: device.name.lower())
        return render(request, "portal/remove_devices.html", {"devices": devices})
    if request.POST.get("do") != "remove-for-good":
        raise BadRequest("Choose Remove.")
    number = remove_devices(account=request.account, device_ids=ids, at=timezone.now(), by=request.actor)
    said = (
        "1 device was removed. Its licence is free."
        if number == 1
        else f"{number} devices were removed. Their licences are free."
    )
    messages.success(request, said)
    return redirect("portal:devices")
