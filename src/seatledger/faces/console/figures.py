"""Console > Figures: the business month by month, what is owed and what is to come. Each figure leads to its accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.figures.models import Month
from seatledger.domain.figures.queries import (
    LicenceFigures,
    count_active_for_operator,
    count_overdue_for_operator,
    count_trials_for_operator,
    get_months_for_operator,
    list_currencies_for_operator,
    list_ending_weeks_for_operator,
    list_licence_months_for_operator,
    list_revenue_months_for_operator,
    list_weeks_for_operator,
)
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console import figure_charts as charts
from seatledger.faces.console import figure_coming as coming
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.ui.csv_files import BYTE_ORDER_MARK, as_csv
from seatledger.faces.ui.tables import FigureTable

_Maker = Callable[[], FigureTable | None]


@dataclass(frozen=True)
class Asked:
    """What the page is about: one currency of those there are, one licence type, the months that were reckoned."""

    currencies: list[str]
    currency: str
    licence: str
    months: list[Month]
    at: datetime

    @property
    def is_running(self) -> bool:
        return bool(self.months) and not self.months[-1].is_over

    @property
    def query(self) -> str:
        return f"currency={self.currency}&licence={self.licence}"


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def show_figures(request: ConsoleRequest) -> HttpResponse:
    """Show the figures of the newest thirteen months, in one currency: currencies are never added together."""
    asked = _asked(request)
    if not asked.months or not asked.currencies:
        return render(request, "console/figures.html", {"asked": asked})
    revenue = list_revenue_months_for_operator(asked.currency)
    active = count_active_for_operator()
    licences = list_licence_months_for_operator()
    overdue = count_overdue_for_operator(asked.currency, at=asked.at)
    weeks = list_weeks_for_operator(asked.currency, at=asked.at)
    ending = list_ending_weeks_for_operator(asked.currency, at=asked.at)
    trials = count_trials_for_operator(at=asked.at)
    chosen = _licence(licences, asked.licence)
    context = {
        "asked": asked,
        "reckoned_at": asked.months[-1].reckoned_at,
        "newest": revenue[-1],
        "newest_url": charts.accounts_url(revenue[-1].month, asked.currency),
        "grown_minor": revenue[-1].closing_minor - revenue[-2].closing_minor if len(revenue) > 1 else 0,
        "active": active[-1],
        "active_url": charts.accounts_url(active[-1].month),
        "overdue_minor": sum(each.amount_minor for each in overdue),
        "renewing_minor": sum(week.amount_minor for week in weeks),
        "revenue": charts.revenue_chart(revenue, asked.currency, running=asked.is_running),
        "movements": charts.movement_chart(revenue, asked.currency, running=asked.is_running),
        "active_chart": charts.active_chart(active, running=asked.is_running),
        "licences": charts.licence_table(licences),
        "licence": chosen,
        "licence_chart": charts.licence_chart(chosen, asked.months) if chosen else None,
        "licence_months": charts.licence_month_table(chosen) if chosen else None,
        "overdue": coming.overdue_chart(overdue, asked.currency),
        "renewals": coming.renewals_chart(weeks, asked.currency),
        "endings": coming.endings_chart(ending, asked.currency),
        "trials": coming.trials_chart(trials),
    }
    return render(request, "console/figures.html", context)


@for_staff(StaffPermission.FIGURES_VIEW)
@require_GET
def download_figures(request: ConsoleRequest, name: str) -> HttpResponse:
    """Send one of the page's tables as a file."""
    asked = _asked(request)
    table = _table(name, asked)
    if table is None:
        raise Http404("There is no such table.")
    return HttpResponse(
        BYTE_ORDER_MARK + as_csv(table.file_rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{asked.at:%Y-%m-%d}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _table(name: str, asked: Asked) -> FigureTable | None:
    currency, at = asked.currency, asked.at
    tables: dict[str, _Maker] = {
        "revenue": lambda: charts.revenue_table(list_revenue_months_for_operator(currency), currency),
        "movements": lambda: charts.movement_table(list_revenue_months_for_operator(currency), currency),
        "active-accounts": lambda: charts.active_table(count_active_for_operator()),
        "licences": lambda: charts.licence_table(list_licence_months_for_operator()),
        "licence-by-month": lambda: _licence_months(asked),
        "overdue": lambda: coming.overdue_table(count_overdue_for_operator(currency, at=at), currency),
        "renewals": lambda: coming.renewals_table(list_weeks_for_operator(currency, at=at), currency),
        "endings": lambda: coming.endings_table(list_ending_weeks_for_operator(currency, at=at), currency),
        "trials": lambda: coming.trials_table(count_trials_for_operator(at=at)),
    }
    make = tables.get(name)
    return make() if make else None


def _licence_months(asked: Asked) -> FigureTable | None:
    chosen = _licence(list_licence_months_for_operator(), asked.licence)
    return charts.licence_month_table(chosen) if chosen else None


def _licence(figures: list[LicenceFigures], key: str) -> LicenceFigures | None:
    return next((each for each in figures if each.kind.key == key), figures[0] if figures else None)


def _asked(request: ConsoleRequest) -> Asked:
    currencies = list_currencies_for_operator()
    currency = request.GET.get("currency", "")
    if currency and currency not in currencies:
        raise BadRequest("There is no revenue in this currency. Go back to the figures.")
    return Asked(
        currencies,
        currency or next(iter(currencies), ""),
        request.GET.get("licence", ""),
        get_months_for_operator(),
        timezone.now(),
    )
