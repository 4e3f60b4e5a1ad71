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
    Overdue,
    RevenueMonth,
    TrialEnd,
    TrialMonth,
    Week,
)
from seatledger.engine.money import round_to_whole
from seatledger.engine.periods import add_months
from seatledger.faces.ui import formats
from seatledger.faces.ui.charts import BOUGHT, HELD, Series, Step, StepChart
from seatledger.faces.ui.columns import Column, ColumnChart, Key
from seatledger.faces.ui.tables import (
    Cell,
    FigureTable,
    day_cell,
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
_TRIAL_TONES: Final = {TrialEnd.CONVERTED: "4", TrialEnd.EXPIRED: "5", TrialEnd.RUNNING: "1"}
_ONE_TONE: Final = "held"


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
        (Key("Recurring revenue", _ONE_TONE),),
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
        (Key("Active accounts", _ONE_TONE),),
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
            number_cell(sold_of(each.latest.sold, each.latest.unlimited, each.latest.accounts)),
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
            number_cell(sold_of(each.sold, each.unlimited, each.accounts)),
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


def overdue_chart(overdue: Sequence[Overdue], currency: str) -> ColumnChart:
    """Draw what is overdue, by how long."""
    total = sum(each.amount_minor for each in overdue)
    columns = tuple(
        Column(
            each.age.short,
            (each.amount_minor,),
            money(each.amount_minor, currency),
            overdue_url(each, currency),
        )
        for each in overdue
    )
    return ColumnChart(
        "overdue",
        f"Overdue, in {currency}",
        f"{money(total, currency)} all together.",
        (Key("Overdue", _ONE_TONE),),
        columns,
        overdue_table(overdue, currency),
        currency,
    )


def overdue_table(overdue: Sequence[Overdue], currency: str) -> FigureTable:
    rows = [
        [
            words(each.age.label),
            number_cell(each.accounts, url=overdue_url(each, currency)),
            number_cell(each.invoices, url=overdue_url(each, currency)),
            money_cell(each.amount_minor, currency, url=overdue_url(each, currency)),
        ]
        for each in overdue
    ]
    return FigureTable(f"Overdue in {currency}", ("For how long", "Accounts", "Invoices", "Open"), rows)


def overdue_url(overdue: Overdue, currency: str) -> str:
    return url_of("figure_overdue", currency=currency, age=overdue.age.key) if overdue.invoices else ""


def renewals_chart(weeks: Sequence[Week], currency: str) -> ColumnChart:
    """Draw what renews in each of the weeks to come."""
    total, locale = sum(week.amount_minor for week in weeks), formats.reader_locale()
    columns = tuple(
        Column(
            formats.day_text(week.first_day, locale=locale).rsplit(" ", 1)[0],
            (week.amount_minor,),
            f"{money(week.amount_minor, currency)} of {week.accounts}",
            renewals_url(week, currency),
        )
        for week in weeks
    )
    return ColumnChart(
        "renewals",
        f"Renewals of the next 90 days, in {currency}",
        f"{money(total, currency)} all together.",
        (Key("Renewals", _ONE_TONE),),
        columns,
        renewals_table(weeks, currency),
        currency,
    )


def renewals_table(weeks: Sequence[Week], currency: str) -> FigureTable:
    rows = [
        [
            day_cell(week.first_day),
            day_cell(week.last_day),
            number_cell(week.accounts, url=renewals_url(week, currency)),
            money_cell(week.amount_minor, currency, url=renewals_url(week, currency)),
        ]
        for week in weeks
    ]
    return FigureTable(f"Renewals in {currency}", ("From", "To", "Renewals", "Amount"), rows)


def renewals_url(week: Week, currency: str) -> str:
    days = {"first": week.first_day, "last": week.last_day}
    return url_of("figure_renewals", currency=currency, **days) if week.accounts else ""


def trials_chart(months: Sequence[TrialMonth]) -> ColumnChart:
    """Draw the trials by the month in which they began, and how they ended."""
    columns = tuple(
        Column(
            month_text(month.month, short=True),
            tuple(month.ends[end] for end in TrialEnd),
            ", ".join(f"{month.ends[end]} {end.label.lower()}" for end in TrialEnd),
            trials_url(month) if month.begun else "",
        )
        for month in months
    )
    return ColumnChart(
        "trials",
        "Trials by the month in which they began",
        f"{sum(month.begun for month in months)} trials in {len(months)} months.",
        tuple(Key(end.label, _TRIAL_TONES[end]) for end in TrialEnd),
        columns,
        trials_table(months),
    )


def trials_table(months: Sequence[TrialMonth]) -> FigureTable:
    rows: list[list[Cell]] = [
        [
            month_cell(month.month),
            number_cell(month.begun, url=trials_url(month)),
            *(number_cell(month.ends[end], url=trials_url(month, end)) for end in TrialEnd),
        ]
        for month in months
    ]
    return FigureTable("Trials", ("Begun in", "Begun", *(end.label for end in TrialEnd)), rows)


def trials_url(month: TrialMonth, end: TrialEnd | None = None) -> str:
    return url_of("figure_trials", month=f"{month.month:%Y-%m}", ended=end)


def _from_to(first: date, amount: str, newest: Column) -> str:
    return f"{amount} at the end of {month_text(first)}, {newest.text} now."
