"""What letters about licences speak of: what was changed from outside, and how many are left."""

from datetime import date, datetime

from django.urls import reverse

from seatledger.domain.events.models import ActorKind
from seatledger.domain.licences.models import EntryKind, LedgerEntry, Pool
from seatledger.domain.licences.queries import name_history
from seatledger.domain.licences.queries.history import HistoryRow
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.notifications.letters.content import Content, Reader, address_of

_CHANGES = (
    EntryKind.POOL_OPENED,
    EntryKind.TOTAL_CHANGED,
    EntryKind.CAP_CHANGED,
    EntryKind.EXPIRY_CHANGED,
    EntryKind.TERMS_CHANGED,
)


def licences_changed(reader: Reader) -> Content:
    """Return what the vendor's staff or the provider changed at one instant."""
    at = datetime.fromisoformat(reader.message.about["at"])
    entries = LedgerEntry.objects.filter(account=reader.account, at=at, kind__in=_CHANGES)
    outside = entries.filter(actor_kind__in=[ActorKind.STAFF, ActorKind.PROVIDER]).order_by("sequence")
    rows = name_history(reader.account, list(outside))
    return Content(
        {
            "by": rows[0].actor if rows else "",
            "by_staff": bool(rows) and rows[0].entry.actor_kind == ActorKind.STAFF,
            "at": reader.figures.instant(at),
            "changes": [_change(row, reader) for row in rows],
            "reasons": list(dict.fromkeys(row.entry.reason for row in rows if row.entry.reason)),
            "link": address_of(reverse("portal:history")),
        }
    )


def _change(row: HistoryRow, reader: Reader) -> dict[str, object]:
    entry = row.entry
    values = (entry.before, entry.after)
    if entry.kind == EntryKind.EXPIRY_CHANGED:
        values = (_day(entry.before, reader), _day(entry.after, reader))
    return {"licence": row.licence, "kind": entry.kind, "before": values[0], "after": values[1]}


def _day(written: str, reader: Reader) -> str:
    return reader.figures.day(date.fromisoformat(written)) if written else ""


def licences_running_out(reader: Reader) -> Content:
    """Return how many licences of a type are used, as it is now."""
    about = reader.message.about
    pool = Pool.objects.select_related("licence_type__product").get(
        account=reader.account, pk=about["pool_id"]
    )
    return Content(
        {
            "licence": name_type(reader.account, pool.licence_type),
            "level": int(about["level"]),
            "used": pool.assigned_licences,
            "total": pool.total_licences or 0,
            "available": pool.available_licences or 0,
            "link": address_of(reverse("portal:billing")),
        }
    )
