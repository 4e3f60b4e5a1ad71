"""From each figure of the business to its accounts, each list with the sums that led to it."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.catalogue.queries import get_licence_type_for_operator
from seatledger.domain.figures.models import Movement
from seatledger.domain.figures.queries import (
    AGES,
    RevenueFilter,
    RevenueRow,
    TrialEnd,
    count_overdue_for_operator,
    count_trials_for_operator,
    find_licence_month_for_operator,
    list_endings_for_operator,
    list_licence_holders_for_operator,
    list_overdue_for_operator,
    list_renewals_for_operator,
    list_revenue_for_operator,
    list_trials_for_operator,
    sum_endings_for_operator,
    sum_renewals_for_operator,
    sum_revenue_for_operator,
)
from seatledger.domain.licences.queries import branded
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.figure_charts import sold_of
from seatledger.faces.console.figure_listing import (
    Listing,
    Sums,
    account_cell,
    after_of,
    choice_of,
    currency_asked,
    day_asked,
    entries_cell,
    month_asked,
    read_day,
    read_decimal,
    reckoned_month,
    show_listing,
)
from seatledger.faces.ui import formats
from seatledger.faces.ui.paging import PAGE
from seatledger.faces.ui.tables import Cell, day_cell, money_cell, month_text, number_cell, words


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_accounts(request: ConsoleRequest) -> HttpResponse:
    """List the accounts behind a month's revenue, or behind one of its movements, the largest first."""
    month, currency = reckoned_month(request), currency_asked(request, optional=True)
    movement = choice_of(request, "movement", Movement) if currency else None
    wanted = RevenueFilter(month.month, currency, movement)
    after = after_of(request, read_decimal, UUID)
    rows = list_revenue_for_operator(wanted, after=after, limit=PAGE + 1)
    what = movement.label if movement else "Active accounts"
    where = f" in {currency}" if currency else ""
    listing = Listing(
        f"{what}{where}, {month_text(month.month)}",
        ("Account", "Opening", "Change", "Closing"),
        lambda row: _revenue_cells(row, month.month),
        lambda row: (row.size, row.account.pk),
        _revenue_sums(wanted),
    )
    return show_listing(request, listing, rows)


def _revenue_cells(row: RevenueRow, month: date) -> list[Cell]:
    url = reverse("console:figure_account", args=[row.account.serial_number]) + f"?month={month:%Y-%m}"
    return [
        words(row.account.name, url=url),
        money_cell(row.opening_minor, row.currency, url=url),
        money_cell(row.change_minor, row.currency, url=url),
        money_cell(row.closing_minor, row.currency, url=url),
    ]


def _revenue_sums(wanted: RevenueFilter) -> Sums:
    found = sum_revenue_for_operator(wanted)
    accounts = "Accounts", number_cell(found.accounts)
    if not wanted.currency:
        return [accounts]
    if wanted.movement:
        return [accounts, ("Change, all together", money_cell(found.change_minor, wanted.currency))]
    return [accounts, ("Closing, all together", money_cell(found.closing_minor, wanted.currency))]


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_licences(request: ConsoleRequest) -> HttpResponse:
    """List the accounts that held licences of a type at the end of a month."""
    month = reckoned_month(request)
    kind = get_licence_type_for_operator(request.GET.get("licence", ""))
    rows = list_licence_holders_for_operator(
        kind.pk,
        month.month,
        reckoned_at=month.reckoned_at,
        after=after_of(request, str, UUID),
        limit=PAGE + 1,
    )
    found = find_licence_month_for_operator(kind.pk, month.month)
    listing = Listing(
        f"{branded(kind.name, kind.product.brand_words, {})} licences, {month_text(month.month)}",
        ("Account", "Sold", "Used"),
        lambda row: [
            account_cell(row.account),
            entries_cell(row.sold, row.account, kind.key, month.month),
            entries_cell(row.used, row.account, kind.key, month.month),
        ],
        lambda row: ("", row.account.pk),
        [
            ("Accounts", number_cell(found.accounts)),
            ("Sold, all together", number_cell(sold_of(found.sold, found.unlimited, found.accounts))),
            ("Used, all together", number_cell(found.used)),
        ]
        if found
        else (),
    )
    return show_listing(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_overdue(request: ConsoleRequest) -> HttpResponse:
    """List the invoices that have been overdue for so long, the oldest first."""
    currency, now = currency_asked(request), timezone.now()
    age = next((age for age in AGES if age.key == request.GET.get("age")), AGES[0])
    after = after_of(request, read_day, UUID)
    rows = list_overdue_for_operator(currency, age, at=now, after=after, limit=PAGE + 1)
    [found] = [each for each in count_overdue_for_operator(currency, at=now) if each.age == age]
    listing = Listing(
        f"Overdue in {currency}: {age.label.lower()}",
        ("Account", "Invoice", "Was due", "Open"),
        lambda row: [
            account_cell(row.account),
            words(
                row.reference,
                url=reverse("console:document", args=[row.account.serial_number, row.document_id]),
            ),
            day_cell(row.due_on),
            money_cell(row.open_minor, currency),
        ],
        lambda row: (row.due_on, row.document_id),
        [
            ("Accounts", number_cell(found.accounts)),
            ("Invoices", number_cell(found.invoices)),
            ("Open, all together", money_cell(found.amount_minor, currency)),
        ],
    )
    return show_listing(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_renewals(request: ConsoleRequest) -> HttpResponse:
    """List what renews between two days."""
    currency = currency_asked(request)
    first, last = (day_asked(request, name) for name in ("first", "last"))
    after = after_of(request, read_day, UUID)
    rows = list_renewals_for_operator(currency, first, last, after=after, limit=PAGE + 1)
    found = sum_renewals_for_operator(currency, first, last)
    listing = Listing(
        f"Renewals in {currency}, {_days(first, last)}",
        ("Account", "Renews on", "Amount"),
        lambda row: [account_cell(row.account), day_cell(row.on), money_cell(row.amount_minor, currency)],
        lambda row: (row.on, row.account.pk),
        [
            ("Renewals", number_cell(found.renewals)),
            ("Amount, all together", money_cell(found.amount_minor, currency)),
        ],
    )
    return show_listing(request, listing, rows)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_endings(request: ConsoleRequest) -> HttpResponse:
    """List the licences whose last day is between two days."""
    currency = currency_asked(request)
    first, last = (day_asked(request, name) for name in ("first", "last"))
    after = after_of(request, read_day, UUID)
    rows = list_endings_for_operator(currency, first, last, after=after, limit=PAGE + 1)
    found = sum_endings_for_operator(currency, first, last)
    listing = Listing(
        f"Licences that end, of accounts in {currency}, {_days(first, last)}",
        ("Account", "Licence", "Last day", "Sold", "Used"),
        lambda row: [
            account_cell(row.account),
            words(row.name),
            day_cell(row.last_day),
            entries_cell(row.sold, row.account, row.kind.key),
            entries_cell(row.used, row.account, row.kind.key),
        ],
        lambda row: (row.last_day, row.pool_id),
        [
            ("Ends", number_cell(found.endings)),
            ("Sold, all together", number_cell(found.sold)),
            ("Used, all together", number_cell(found.used)),
        ],
    )
    return show_listing(request, listing, rows)


def _days(first: date, last: date) -> str:
    locale = formats.reader_locale()
    return f"{formats.day_text(first, locale=locale)} to {formats.day_text(last, locale=locale)}"


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_trials(request: ConsoleRequest) -> HttpResponse:
    """List the trials that began in a month."""
    month, ended, now = month_asked(request), choice_of(request, "ended", TrialEnd), timezone.now()
    after = after_of(request, datetime.fromisoformat, UUID)
    rows = list_trials_for_operator(month, ended, at=now, after=after, limit=PAGE + 1)
    begun = [each for each in count_trials_for_operator(at=now) if each.month == month]
    listing = Listing(
        f"Trials begun in {month_text(month)}{f': {ended.label.lower()}' if ended else ''}",
        ("Account", "Began", "Last day", "How it ended"),
        lambda row: [
            account_cell(row.account),
            day_cell(row.started_at.astimezone(ZoneInfo(row.account.time_zone)).date()),
            day_cell(row.last_day),
            words(row.ended.label),
        ],
        lambda row: (row.started_at.isoformat(), row.subscription_id),
        [("Trials", number_cell(each.ends[ended] if ended else each.begun)) for each in begun],
    )
    return show_listing(request, listing, rows)
