"""What letters about licences speak of: what was changed from outside, and how many are left."""

from collections.abc import Sequence
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
            "changes": [_change(first, last, reader) for first, last in _together(rows)],
            "reasons": list(
                dict.fromkeys(last.entry.reason for _, last in _together(rows) if last.entry.reason)
            ),
            "link": address_of(reverse("portal:history")),
        }
    )


def _together(rows: Sequence[HistoryRow]) -> list[tuple[HistoryRow, HistoryRow]]:
    """Return the first and the last of what changed the same of a pool: what was so in between is nobody's news."""
    found: dict[object, tuple[HistoryRow, HistoryRow]] = {}
    for row in rows:
        same = (row.entry.pool_id, row.entry.kind)
        found[same] = (found[same][0] if same in found else row, row)
    return list(found.values())


def _change(first: HistoryRow, last: HistoryRow, reader: Reader) -> dict[str, object]:
    kind = last.entry.kind
    values = (first.entry.before, last.entry.after)
    if kind == EntryKind.EXPIRY_CHANGED:
        values = (_day(values[0], reader), _day(values[1], reader))
    return {"licence": last.licence, "kind": kind, "before": values[0], "after": values[1]}


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
