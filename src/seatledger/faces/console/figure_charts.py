"""The figures of the business as charts, each with its table: what is drawn, what it says, and where it leads."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from seatledger.domain.figures.models import Month, Movement
from seatledger.domain.figures.queries import (
    ActiveMonth,
    LicenceFigures,
    RevenueMonth,
)
from seatledger.engine.money import round_to_whole
from seatledger.engine.periods import add_months
from seatledger.faces.ui import formats
from seatledger.faces.ui.charts import BOUGHT, HELD, Series, Step, StepChart
from seatledger.faces.ui.columns import Column, ColumnChart, Key
from seatledger.faces.ui.tables import (
    FigureTable,
    money_cell,
    month_cell,
    month_text,
    number_cell,
    words,
)

MOVED: Final = tuple(movement for movement in Movement if movement != Movement.NONE)
_MOVEMENT_TONES: Final = {
    Movement.NEW: "1",
    Movement.REACTIVATION: "4",
    Movement.EXPANSION: "3",
    Movement.CONTRACTION: "2",
    Movement.CHURN: "5",
}
ONE_TONE: Final = "held"


def url_of(name: str, **query: object) -> str:
    """Return the address of a list behind a figure."""
    said = {key: str(value) for key, value in query.items() if value}
    return f"{reverse(f'console:{name}')}?{urlencode(said)}".rstrip("?")


def accounts_url(month: date, currency: str = "", movement: Movement | None = None) -> str:
    return url_of("figure_accounts", month=f"{month:%Y-%m}", currency=currency, movement=movement)


def money(amount_minor: int, currency: str) -> str:
    return formats.money_text(amount_minor, currency, locale=formats.reader_locale())


def revenue_chart(months: Sequence[RevenueMonth], currency: str, *, running: bool) -> ColumnChart:
    """Draw the recurring revenue at the end of each month."""
    columns = tuple(
        Column(
            month_text(month.month, short=True),
            (month.closing_minor,),
            money(month.closing_minor, currency),
            accounts_url(month.month, currency) if month.closing_minor else "",
        )
        for month in months
    )
    return ColumnChart(
        "revenue",
        f"Recurring revenue a month, in {currency}",
        _from_to(months[0].month, money(months[0].closing_minor, currency), columns[-1]),
        (Key("Recurring revenue", ONE_TONE),),
        columns,
        revenue_table(months, currency),
        currency,
        running,
    )


def revenue_table(months: Sequence[RevenueMonth], currency: str) -> FigureTable:
    """Each month: what it opened with, what moved, and what it closed with; one is the sum of the others."""
    rows = [
        [
            month_cell(month.month),
            money_cell(
                month.opening_minor, currency, url=accounts_url(add_months(month.month, -1), currency)
            ),
            *(
                money_cell(
                    month.change_minor(movement),
                    currency,
                    url=accounts_url(month.month, currency, movement),
                )
                for movement in MOVED
            ),
            money_cell(month.closing_minor, currency, url=accounts_url(month.month, currency)),
        ]
        for month in months
    ]
    headings = ("Month", "Opening", *(movement.label for movement in MOVED), "Closing")
    return FigureTable(f"Recurring revenue and its movements in {currency}", headings, rows)


def movement_chart(months: Sequence[RevenueMonth], currency: str, *, running: bool) -> ColumnChart:
    """Draw what moved in each month: what came above the line, what went below it."""
    columns = []
    for month in months:
        changes = [(movement, month.change_minor(movement)) for movement in MOVED]
        said = [
            f"{movement.label.lower()} {money(change, currency)}" for movement, change in changes if change
        ]
        columns.append(
            Column(
                month_text(month.month, short=True),
                tuple(change for _, change in changes),
                ", ".join(said) or "nothing moved",
            )
        )
    moved = sum((each.closing - each.opening for each in months), start=0)
    return ColumnChart(
        "movements",
        f"Movements of recurring revenue, in {currency}",
        f"All together {money(round_to_whole(moved), currency)} in {len(months)} months.",
        tuple(Key(movement.label, _MOVEMENT_TONES[movement]) for movement in MOVED),
        tuple(columns),
        movement_table(months, currency),
        currency,
        running,
    )


def movement_table(months: Sequence[RevenueMonth], currency: str) -> FigureTable:
    """How many accounts moved, and how, in each month."""
    rows = [
        [
            month_cell(month.month),
            *(
                number_cell(
                    month.accounts.get(movement, 0), url=accounts_url(month.month, currency, movement)
                )
                for movement in MOVED
            ),
        ]
        for month in months
    ]
    headings = ("Month", *(movement.label for movement in MOVED))
    return FigureTable(f"Accounts whose revenue in {currency} moved", headings, rows)


def active_chart(months: Sequence[ActiveMonth], *, running: bool) -> ColumnChart:
    """Draw how many accounts were Active at the end of each month."""
    columns = tuple(
        Column(
            month_text(month.month, short=True),
            (month.total,),
            str(month.total),
            accounts_url(month.month) if month.total else "",
        )
        for month in months
    )
    return ColumnChart(
        "active",
        "Active accounts",
        _from_to(months[0].month, str(months[0].total), columns[-1]),
        (Key("Active accounts", ONE_TONE),),
        columns,
        active_table(months),
        running=running,
    )


def active_table(months: Sequence[ActiveMonth]) -> FigureTable:
    currencies = sorted({currency for month in months for currency in month.accounts})
    rows = [
        [
            month_cell(month.month),
            *(
                number_cell(month.accounts.get(currency, 0), url=accounts_url(month.month, currency))
                for currency in currencies
            ),
            number_cell(month.total, url=accounts_url(month.month)),
        ]
        for month in months
    ]
    return FigureTable("Active accounts at the end of each month", ("Month", *currencies, "All"), rows)


def licence_table(figures: Sequence[LicenceFigures]) -> FigureTable:
    """What is sold and used of each type at the end of the newest month."""
    rows = [
        [
            words(each.name, url=url_of("figures", licence=each.kind.key) + "#licence"),
            number_cell(
                sold_of(each.latest.sold, each.latest.unlimited, each.latest.accounts),
                url=licences_url(each.kind.key, each.latest.month),
            ),
            number_cell(each.latest.used, url=licences_url(each.kind.key, each.latest.month)),
            number_cell(each.latest.accounts, url=licences_url(each.kind.key, each.latest.month)),
        ]
        for each in figures
    ]
    return FigureTable("Licences sold and used, by type", ("Licence", "Sold", "Used", "Accounts"), rows)


def licence_month_table(figures: LicenceFigures) -> FigureTable:
    rows = [
        [
            month_cell(each.month),
            number_cell(
                sold_of(each.sold, each.unlimited, each.accounts),
                url=licences_url(figures.kind.key, each.month),
            ),
            number_cell(each.used, url=licences_url(figures.kind.key, each.month)),
            number_cell(each.accounts, url=licences_url(figures.kind.key, each.month)),
        ]
        for each in figures.months
    ]
    return FigureTable(f"{figures.name} licences by month", ("Month", "Sold", "Used", "Accounts"), rows)


def licence_chart(figures: LicenceFigures, months: Sequence[Month]) -> StepChart:
    """Draw what was sold and used of one type: each month as it was at its end."""
    used = tuple(Step(each.month, each.used) for each in figures.months)
    sold = tuple(Step(each.month, each.sold) for each in figures.months if each.unlimited < each.accounts)
    series = [Series("Used", HELD, used)]
    if sold:
        series.insert(0, Series("Sold", BOUGHT, sold))
    latest = figures.latest
    return StepChart(
        "licence-months",
        f"{figures.name} licences sold and used",
        f"{latest.used} used at the end of {month_text(latest.month)}.",
        figures.months[0].month,
        add_months(months[-1].month, 1),
        tuple(series),
    )


def licences_url(key: str, month: date) -> str:
    return url_of("figure_licences", licence=key, month=f"{month:%Y-%m}")


def sold_of(sold: int, unlimited: int, accounts: int) -> int | None:
    """Return what was sold, or None where no account has a limit."""
    return None if unlimited == accounts else sold


def _from_to(first: date, amount: str, newest: Column) -> str:
    return f"{amount} at the end of {month_text(first)}, {newest.text} now."
