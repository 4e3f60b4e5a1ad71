"""What the lists behind the figures share: how their addresses are read, and how a page of one is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, cast

from django.core.exceptions import BadRequest
from django.db.models import TextChoices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.models import Month
from seatledger.domain.figures.queries import Key
from seatledger.engine.currencies import EXPONENTS
from seatledger.faces.console.access import ConsoleRequest
from seatledger.faces.console.figure_charts import url_of
from seatledger.faces.ui.paging import decode_key, page_of
from seatledger.faces.ui.tables import Cell, FigureTable, number_cell, words

Chosen = TypeVar("Chosen", bound=TextChoices)
Sums = Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Listing:
    """A list behind a figure: what it is of, its columns, how a row and its key are made, and what it all comes to."""

    title: str
    headings: Sequence[str]
    cells: Callable[[Any], Sequence[Cell]]
    key: Callable[[Any], tuple[object, object]]
    sums: Sums = ()
    account: Account | None = None


def show_listing(request: ConsoleRequest, listing: Listing, rows: Sequence[Any]) -> HttpResponse:
    """Show a page of a list, of rows that were read one longer than a page."""
    page = page_of(rows, key_of=listing.key, after=request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    more = query.copy()
    more["after"] = page.next_key
    context = {
        "title": listing.title,
        "account": listing.account,
        "sums": listing.sums,
        "table": FigureTable(listing.title, listing.headings, [listing.cells(row) for row in page.rows]),
        "back_url": url_of("figures", currency=request.GET.get("currency", "")),
        "first_url": f"?{query.urlencode()}" if not page.is_first else "",
        "next_url": f"?{more.urlencode()}" if page.next_key else "",
    }
    return render(request, "console/figure_list.html", context)


def after_of(request: ConsoleRequest, *kinds: Callable[[str], object]) -> Key:
    """Return the key behind which the page begins. Raises BadRequest."""
    return cast("Key", decode_key(request.GET.get("after", ""), kinds))


def account_cell(account: Account) -> Cell:
    return words(account.name, url=reverse("console:account", args=[account.serial_number]))


def entries_url(account: Account, licence: str, month: date | None = None) -> str:
    """Return where the ledger entries are that made licences what they were at the end of a month, or are now."""
    url = reverse("console:figure_entries", args=[account.serial_number])
    return f"{url}?licence={licence}" + (f"&month={month:%Y-%m}" if month else "")


def entries_cell(number: int | None, account: Account, licence: str, month: date | None = None) -> Cell:
    """Return a number of licences that leads to the ledger entries which made it."""
    return number_cell(number, url=entries_url(account, licence, month))


def reckoned_month(request: ConsoleRequest) -> Month:
    return get_object_or_404(Month, month=month_asked(request))


def month_asked(request: ConsoleRequest) -> date:
    return read_day(f"{request.GET.get('month', '')}-01")


def day_asked(request: ConsoleRequest, name: str) -> date:
    return read_day(request.GET.get(name, ""))


def currency_asked(request: ConsoleRequest, *, optional: bool = False) -> str:
    """Return the currency of a list; empty where there need not be one. Raises BadRequest."""
    currency = request.GET.get("currency", "")
    if currency not in EXPONENTS and (currency or not optional):
        raise BadRequest("This address is damaged. Go back to the figures.")
    return currency


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest("This address is damaged. Go back to the figures.") from None


def read_decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


def choice_of(request: ConsoleRequest, name: str, choices: type[Chosen]) -> Chosen | None:
    """Return what an address chose, None where it chose nothing. Raises BadRequest."""
    said = request.GET.get(name, "")
    if said and said not in choices.values:
        raise BadRequest("This address is damaged. Go back to the figures.")
    return choices(said) if said else None
