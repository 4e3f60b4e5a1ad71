"""A ledger entry in words: what was done, and what was so before and after."""

from dataclasses import dataclass
from datetime import date

from seatledger.domain.licences.models import Cause, EntryKind, LedgerEntry, Source, Terms
from seatledger.domain.licences.queries import HistoryRow
from seatledger.faces.ui import formats

NOT_LIMITED = "Not limited"


@dataclass(frozen=True)
class EntryWords:
    """`icon` is what stands beside it in a list of changes."""

    action: str
    why: str
    before: str
    after: str
    icon: str


_ICONS = {
    EntryKind.POOL_OPENED: "package-plus",
    EntryKind.TOTAL_CHANGED: "layers",
    EntryKind.CAP_CHANGED: "gauge",
    EntryKind.EXPIRY_CHANGED: "calendar-clock",
    EntryKind.TERMS_CHANGED: "file-check",
    EntryKind.ASSIGNED: "user-check",
    EntryKind.RELEASED: "user-minus",
}


def words_of(row: HistoryRow) -> EntryWords:
    """Return an entry in the reader's words."""
    entry = row.entry
    kind = EntryKind(entry.kind)
    before, after = (_in_words(row, value) for value in values_of(entry))
    said = [Cause(entry.cause).label] if entry.cause not in {Cause.MANUAL, Cause.OPENING} else []
    return EntryWords(
        action=action_of(entry),
        why=said[0] if said else "",
        before=before,
        after=after or (NOT_LIMITED if kind == EntryKind.POOL_OPENED else ""),
        icon=_ICONS[kind],
    )


def action_of(entry: LedgerEntry) -> str:
    """Return what was done: a change of number says in which direction."""
    raised = entry.bought_change > 0
    match entry.kind:
        case EntryKind.TOTAL_CHANGED:
            return "Total increased" if raised else "Total reduced"
        case EntryKind.CAP_CHANGED:
            return "Maximum raised" if raised else "Maximum lowered"
    return EntryKind(entry.kind).label


def values_of(entry: LedgerEntry) -> tuple[str, str]:
    """Return what was so before and after, as it is stored; for a single licence, how it is or was held."""
    if entry.kind == EntryKind.ASSIGNED:
        return "", entry.source
    if entry.kind == EntryKind.RELEASED:
        return entry.source, ""
    return entry.before, entry.after


def _in_words(row: HistoryRow, value: str) -> str:
    kind, locale = row.entry.kind, formats.reader_locale()
    if kind in {EntryKind.ASSIGNED, EntryKind.RELEASED}:
        held = "Held while active" if row.by_activation else Source(value or Source.MANUAL).label
        return held if value else ""
    if kind == EntryKind.EXPIRY_CHANGED:
        return formats.day_text(date.fromisoformat(value), locale=locale) if value else "No expiry date"
    if kind == EntryKind.TERMS_CHANGED:
        return Terms(value).label if value else ""
    return formats.number_text(int(value), locale=locale) if value.isdigit() else value
