"""From each figure of the business to its accounts, and from an account to what its revenue is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db.models import TextChoices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.catalogue.queries import get_licence_type_for_operator
from seatledger.domain.figures.models import Month, Movement
from seatledger.domain.figures.queries import (
    AGES,
    Key,
    RevenueFilter,
    RevenueRow,
    TrialEnd,
    get_parts,
    list_licence_holders_for_operator,
    list_overdue_for_operator,
    list_renewals_for_operator,
    list_revenue_for_operator,
    list_trials_for_operator,
)
from seatledger.domain.licences.queries import HistoryFilter, list_history, name_history
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.money import round_to_whole
from seatledger.engine.periods import add_months
from seatledger.engine.recurring import Recurring
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.figure_charts import url_of
from seatledger.faces.ui import formats
from seatledger.faces.ui.paging import PAGE, decode_key, page_of
from seatledger.faces.ui.tables import (
    Cell,
    FigureTable,
    day_cell,
    money_cell,
    month_text,
    number_cell,
    words,
)

Chosen = TypeVar("Chosen", bound=TextChoices)
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Listing:
    """A list behind a figure: what it is of, its columns, and how a row and its key are made."""

    title: str
    headings: Sequence[str]
    cells: Callable[[Any], Sequence[Cell]]
    key: Callable[[Any], tuple[object, UUID]]


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_accounts(request: ConsoleRequest) -> HttpResponse:
    """List the accounts behind a month's revenue, or behind one of its movements, the largest first."""
    month, currency = _month(request), request.GET.get("currency", "")
    movement = _choice(request, "movement", Movement) if currency else None
    wanted = RevenueFilter(month.month, currency, movement)
    after = _after(request, (_decimal, UUID))
    rows = list_revenue_for_operator(wanted, after=after, limit=PAGE + 1)
    what = movement.label if movement else "Active accounts"
    where = f" in {currency}" if currency else ""
    listing = Listing(
        f"{what}{where}, {month_text(month.month)}",
        ("Account", "Opening", "Change", "Closing"),
        lambda row: _revenue_cells(row, month.month),
        lambda row: (row.size, row.account.pk),
    )
    return _show(request, listing, rows)


def _revenue_cells(row: RevenueRow, month: date) -> list[Cell]:
    url = reverse("console:figure_account", args=[row.account.serial_number]) + f"?month={month:%Y-%m}"
    return [
        words(row.account.name, url=url),
        money_cell(row.opening_minor, row.currency),
        money_cell(row.change_minor, row.currency),
        money_cell(row.closing_minor, row.currency),
    ]


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_licences(request: ConsoleRequest) -> HttpResponse:
    """List the accounts that held licences of a type at the end of a month."""
    month = _month(request)
    kind = get_licence_type_for_operator(request.GET.get("licence", ""))
    after = _after(request, (str, UUID))
    rows = list_licence_holders_for_operator(
        kind.pk,
        month.month,
        reckoned_at=month.reckoned_at,
        after=after,
        limit=PAGE + 1,
    )
    listing = Listing(
        f"{kind.name} licences, {month_text(month.month)}",
        ("Account", "Sold", "Used"),
        lambda row: [_account(row.account), number_cell(row.sold), number_cell(row.used)],
        lambda row: ("", row.account.pk),
    )
    return _show(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_overdue(request: ConsoleRequest) -> HttpResponse:
    """List the invoices that have been overdue for so long, the oldest first."""
    currency = request.GET.get("currency", "")
    age = next((age for age in AGES if age.key == request.GET.get("age")), AGES[0])
    after = _after(request, (_day, UUID))
    rows = list_overdue_for_operator(currency, age, at=timezone.now(), after=after, limit=PAGE + 1)
    listing = Listing(
        f"Overdue in {currency}: {age.label.lower()}",
        ("Account", "Invoice", "Was due", "Open"),
        lambda row: [
            _account(row.account),
            words(
                row.reference,
                url=reverse("console:document", args=[row.account.serial_number, row.document_id]),
            ),
            day_cell(row.due_on),
            money_cell(row.open_minor, currency),
        ],
        lambda row: (row.due_on, row.document_id),
    )
    return _show(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_renewals(request: ConsoleRequest) -> HttpResponse:
    """List what renews between two days."""
    currency = request.GET.get("currency", "")
    first, last = (_day_asked(request, name) for name in ("first", "last"))
    after = _after(request, (_day, UUID))
    rows = list_renewals_for_operator(currency, first, last, after=after, limit=PAGE + 1)
    locale = formats.reader_locale()
    listing = Listing(
        f"Renewals in {currency}, {formats.day_text(first, locale=locale)} to {formats.day_text(last, locale=locale)}",
        ("Account", "Renews on", "Amount"),
        lambda row: [_account(row.account), day_cell(row.on), money_cell(row.amount_minor, currency)],
        lambda row: (row.on, row.account.pk),
    )
    return _show(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_trials(request: ConsoleRequest) -> HttpResponse:
    """List the trials that began in a month."""
    month, ended = _month_asked(request), _choice(request, "ended", TrialEnd)
    after = _after(request, (datetime.fromisoformat, UUID))
    rows = list_trials_for_operator(month, ended, at=timezone.now(), after=after, limit=PAGE + 1)
    listing = Listing(
        f"Trials begun in {month_text(month)}{f': {ended.label.lower()}' if ended else ''}",
        ("Account", "Began", "Last day", "How it ended"),
        lambda row: [
            _account(row.account),
            day_cell(row.started_at.astimezone(ZoneInfo(row.account.time_zone)).date()),
            day_cell(row.last_day),
            words(row.ended.label),
        ],
        lambda row: (row.started_at.isoformat(), row.subscription_id),
    )
    return _show(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_account(request: ConsoleRequest, serial: str) -> HttpResponse:
    """Show what an account's recurring revenue is made of in a month, and the entries between beginning and end."""
    account, month = get_account_for_operator(serial), _month(request)
    parts = get_parts(account, month.month, at=month.reckoned_at)
    within = HistoryFilter(first_on=month.month, last_on=add_months(month.month, 1) - timedelta(days=1))
    entries = list_history(account, within, limit=MOST_ENTRIES)
    context = {
        "account": account,
        "month_name": month_text(month.month),
        "parts": parts,
        "table": FigureTable(
            "What the revenue is made of",
            ("Licence", "At the beginning", "a month", "At the end", "a month "),
            [
                [words(part.name), *_recurring(part.opening, account), *_recurring(part.closing, account)]
                for part in parts.items
            ],
        ),
        "opening_minor": round_to_whole(parts.opening),
        "closing_minor": round_to_whole(parts.closing),
        "change_minor": round_to_whole(parts.closing - parts.opening),
        "movement": Movement(parts.row.movement).label if parts.row else "",
        "history": name_history(account, entries),
    }
    return render(request, "console/figure_account.html", context)


def _recurring(found: Recurring | None, account: Account) -> list[Cell]:
    """Return in words what an item was charged for, and what that comes to a month."""
    if found is None:
        return [words(formats.NOTHING), words(formats.NOTHING)]
    amount = formats.price_text(found.amount, account.currency, locale=formats.reader_locale())
    interval = found.phase.tariff.interval
    said = f"{found.quantity} for {amount}" if found.period is None else f"{amount} for {found.period}"
    return [words(f"{said}, every {interval}"), money_cell(round_to_whole(found.a_month), account.currency)]


def _show(request: ConsoleRequest, listing: Listing, rows: Sequence[Any]) -> HttpResponse:
    after = request.GET.get("after", "")
    page = page_of(rows, key_of=listing.key, after=after)
    query = request.GET.copy()
    query.pop("after", None)
    more = query.copy()
    more["after"] = page.next_key
    context = {
        "title": listing.title,
        "table": FigureTable(listing.title, listing.headings, [listing.cells(row) for row in page.rows]),
        "back_url": url_of("figures", currency=request.GET.get("currency", "")),
        "first_url": f"?{query.urlencode()}" if not page.is_first else "",
        "next_url": f"?{more.urlencode()}" if page.next_key else "",
    }
    return render(request, "console/figure_list.html", context)


def _after(request: ConsoleRequest, kinds: Sequence[Callable[[str], object]]) -> Key:
    return cast("Key", decode_key(request.GET.get("after", ""), kinds))


def _account(account: Account) -> Cell:
    return words(account.name, url=reverse("console:account", args=[account.serial_number]))


def _month(request: ConsoleRequest) -> Month:
    return get_object_or_404(Month, month=_month_asked(request))


def _month_asked(request: ConsoleRequest) -> date:
    return _day(f"{request.GET.get('month', '')}-01")


def _day_asked(request: ConsoleRequest, name: str) -> date:
    return _day(request.GET.get(name, ""))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest("This address is damaged. Go back to the figures.") from None


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


def _choice(request: ConsoleRequest, name: str, choices: type[Chosen]) -> Chosen | None:
    said = request.GET.get(name, "")
    if said and said not in choices.values:
        raise BadRequest("This address is damaged. Go back to the figures.")
    return choices(said) if said else None
