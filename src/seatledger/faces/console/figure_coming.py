"""What is owed, what is to come and what became of trials, as charts with their tables: see `figure_charts`."""

from collections.abc import Sequence
from typing import Final

from seatledger.domain.figures.queries import EndingWeek, Overdue, TrialEnd, TrialMonth, Week
from seatledger.faces.console.figure_charts import ONE_TONE, money, url_of
from seatledger.faces.ui import formats
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

_TRIAL_TONES: Final = {TrialEnd.CONVERTED: "4", TrialEnd.EXPIRED: "5", TrialEnd.RUNNING: "1"}


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
        (Key("Overdue", ONE_TONE),),
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
            formats.day_of_year_text(week.first_day, locale=locale),
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
        (Key("Renewals", ONE_TONE),),
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


def endings_chart(weeks: Sequence[EndingWeek], currency: str) -> ColumnChart:
    """Draw in which of the weeks to come licences simply end."""
    total, locale = sum(week.endings for week in weeks), formats.reader_locale()
    columns = tuple(
        Column(
            formats.day_of_year_text(week.first_day, locale=locale),
            (week.endings,),
            f"{week.endings}, {week.sold} sold and {week.used} used",
            endings_url(week, currency),
        )
        for week in weeks
    )
    return ColumnChart(
        "endings",
        f"Licences that end in the next 90 days, of accounts in {currency}",
        f"{total} all together.",
        (Key("Licences that end", ONE_TONE),),
        columns,
        endings_table(weeks, currency),
    )


def endings_table(weeks: Sequence[EndingWeek], currency: str) -> FigureTable:
    rows = [
        [
            day_cell(week.first_day),
            day_cell(week.last_day),
            *(
                number_cell(number, url=endings_url(week, currency))
                for number in (week.endings, week.sold, week.used)
            ),
        ]
        for week in weeks
    ]
    return FigureTable(
        f"Licences that end, of accounts in {currency}", ("From", "To", "Ends", "Sold", "Used"), rows
    )


def endings_url(week: EndingWeek, currency: str) -> str:
    days = {"first": week.first_day, "last": week.last_day}
    return url_of("figure_endings", currency=currency, **days) if week.endings else ""


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
