"""Questions about devices."""

from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Device
from seatledger.shared.errors import NotFound
from seatledger.shared.text import clean_search


def get_device(account: Account, device_id: UUID) -> Device:
    """Return the account's device. Raises NotFound for another account's and for removed ones."""
    try:
        return Device.objects.select_related("account", "licence_type", "user").get(
            account=account, pk=device_id, removed_at__isnull=True
        )
    except Device.DoesNotExist:
        raise NotFound("device") from None


def list_devices(
    account: Account,
    *,
    search: str = "",
    licence_type_id: UUID | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Device]:
    """Return the account's devices by name, beginning behind the key `after` (name in lower case, id)."""
    rows = Device.objects.filter(account=account, removed_at__isnull=True).select_related(
        "licence_type", "user"
    )
    if search := clean_search(search):
        rows = rows.filter(name__icontains=search)
    if licence_type_id:
        rows = rows.filter(licence_type_id=licence_type_id)
    rows = rows.annotate(name_lower=Lower("name"))
    if after:
        rows = rows.filter(Q(name_lower__gt=after[0]) | Q(name_lower=after[0], id__gt=after[1]))
    return list(rows.order_by("name_lower", "id")[:limit])
