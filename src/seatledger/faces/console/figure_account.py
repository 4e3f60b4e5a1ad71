"""One account behind a figure: what its revenue is made of, and the ledger entries that made its licences."""

from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.figures.models import Month, Movement
from seatledger.domain.figures.months import end_of
from seatledger.domain.figures.queries import Part, Parts, get_parts
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import (
    HistoryFilter,
    HistoryKey,
    HistoryRow,
    list_history,
    name_history,
    name_pools,
)
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.money import round_to_whole
from seatledger.engine.periods import add_months
from seatledger.engine.recurring import Recurring
from seatledger.engine.words import days_in_words
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.figure_listing import (
    Listing,
    entries_url,
    reckoned_month,
    show_listing,
)
from seatledger.faces.ui import formats
from seatledger.faces.ui.paging import PAGE, decode_key
from seatledger.faces.ui.tables import Cell, FigureTable, money_cell, month_text, number_cell, words

MOST_ENTRIES = 200


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_account(request: ConsoleRequest, serial: str) -> HttpResponse:
    """Show what an account's recurring revenue is made of in a month, and the entries between beginning and end."""
    account, month = get_account_for_operator(serial), reckoned_month(request)
    parts = get_parts(account, month.month, at=month.reckoned_at)
    within = HistoryFilter(first_on=month.month, last_on=add_months(month.month, 1) - timedelta(days=1))
    entries = list_history(account, within, limit=MOST_ENTRIES)
    context = {
        "account": account,
        "month_name": month_text(month.month),
        "parts": parts,
        "table": _parts_table(parts, account, month.month),
        "opening_minor": round_to_whole(parts.opening),
        "closing_minor": round_to_whole(parts.closing),
        "change_minor": round_to_whole(parts.closing - parts.opening),
        "movement": Movement(parts.row.movement).label if parts.row else "",
        "history": name_history(account, entries),
    }
    return render(request, "console/figure_account.html", context)


def _parts_table(parts: Parts, account: Account, month: date) -> FigureTable:
    """Return each item, and the sums: each amount is rounded once, and so is each sum."""
    pools = Pool.objects.select_related("licence_type").in_bulk([part.pool_id for part in parts.items])
    rows = [
        [
            _licence(part, pools[part.pool_id], account, month),
            *_recurring(part.opening, account),
            *_recurring(part.closing, account),
            money_cell(round_to_whole(part.change), account.currency),
        ]
        for part in parts.items
    ]
    opening, closing, change = parts.opening, parts.closing, parts.closing - parts.opening
    together = [
        words("All together"),
        words(formats.NOTHING),
        money_cell(round_to_whole(opening), account.currency),
        words(formats.NOTHING),
        money_cell(round_to_whole(closing), account.currency),
        money_cell(round_to_whole(change), account.currency),
    ]
    headings = ("Licence", "At the beginning", "a month", "At the end", "a month ", "Change")
    return FigureTable("What the revenue is made of", headings, [*rows, together] if rows else [])


def _licence(part: Part, pool: Pool, account: Account, month: date) -> Cell:
    return words(part.name, url=entries_url(account, pool.licence_type.key, month))


def _recurring(found: Recurring | None, account: Account) -> list[Cell]:
    """Return in words what an item was charged for, and what that comes to a month."""
    if found is None:
        return [words(formats.NOTHING), number_cell(None)]
    amount = formats.price_text(found.amount, account.currency, locale=formats.reader_locale())
    interval = found.phase.tariff.interval
    said = f"{found.quantity} for {amount}"
    if found.period is not None:
        said = f"{amount} for {days_in_words(found.period.starts_on, found.period.last_day)}"
    return [words(f"{said}, every {interval}"), money_cell(round_to_whole(found.a_month), account.currency)]


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_entries(request: ConsoleRequest, serial: str) -> HttpResponse:
    """List the ledger entries that made an account's licences of a type what they were at the end of a month, or now."""
    account = get_account_for_operator(serial)
    month = reckoned_month(request) if request.GET.get("month") else None
    licence = request.GET.get("licence", "")
    if not licence:
        raise BadRequest("This address is damaged. Go back to the figures.")
    pools = Pool.objects.select_related("licence_type__product")
    pool = get_object_or_404(pools, account=account, licence_type__key=licence)
    until = _end_of(month, account) if month else timezone.now()
    after = cast("HistoryKey | None", decode_key(request.GET.get("after", ""), (datetime.fromisoformat, int)))
    rows = list_history(account, HistoryFilter(pool_id=pool.pk), before=after or (until, 0), limit=PAGE + 1)
    named = name_history(account, rows)
    is_limited = pool.total_licences is not None
    title = f"{name_pools(account, [pool])[pool.pk]} of {account.name}"
    listing = Listing(
        f"{title}, to the end of {month_text(month.month)}" if month else title,
        ("What happened", "When", "Sold", "Sold then", "Used", "Used then"),
        lambda row: _entry_cells(row, account, is_limited=is_limited),
        lambda row: (row.entry.at.astimezone(UTC).isoformat(), row.entry.sequence),
        _entry_sums(named, is_limited=is_limited) if after is None else (),
        account,
    )
    return show_listing(request, listing, named)


def _end_of(month: Month, account: Account) -> datetime:
    return end_of(month.month, ZoneInfo(account.time_zone), month.reckoned_at)


def _entry_cells(row: HistoryRow, account: Account, *, is_limited: bool) -> list[Cell]:
    entry, locale = row.entry, formats.reader_locale()
    said = [entry.get_kind_display(), row.holder, row.actor]
    if entry.before or entry.after:
        said.insert(1, f"{entry.before or 'none'} \N{RIGHTWARDS ARROW} {entry.after or 'none'}")
    if entry.reason:
        said.append(f"\N{LEFT DOUBLE QUOTATION MARK}{entry.reason}\N{RIGHT DOUBLE QUOTATION MARK}")
    return [
        words(", ".join(each for each in said if each)),
        words(formats.instant_text(entry.at, zone=formats.zone_named(account.time_zone), locale=locale)),
        _change(entry.bought_change if is_limited else None),
        number_cell(entry.bought_after if is_limited else None),
        _change(entry.held_change),
        number_cell(entry.held_after),
    ]


def _change(number: int | None) -> Cell:
    cell = number_cell(number)
    return cell if not number or number < 0 else words(f"+{cell.text}")


def _entry_sums(rows: list[HistoryRow], *, is_limited: bool) -> list[tuple[str, Cell]]:
    """Return what the newest entry left, which is the sum of what all of them changed."""
    if not rows:
        return []
    newest = rows[0].entry
    return [
        ("Sold", number_cell(newest.bought_after if is_limited else None)),
        ("Used", number_cell(newest.held_after)),
    ]
