"""The first page of the console: the figures of the business, and what waits."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries.deeds import count_open_requests_for_operator, list_waiting_for_operator
from seatledger.domain.staff.queries.figures import Figures, get_figures_for_operator
from seatledger.engine.periods import add_months
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.payments import count_what_waits


@for_staff(StaffPermission.OVERVIEW_VIEW)
@require_GET
def show_overview(request: ConsoleRequest) -> HttpResponse:
    """Show how many accounts there are, what is sold, used, open and overdue, and what is to come."""
    now = timezone.now()
    figures = get_figures_for_operator(now)
    context = {
        "staff": request.staff,
        "figures": figures,
        "payments": count_what_waits(now),
        "requests": count_open_requests_for_operator(),
        "waiting": len(list_waiting_for_operator()),
        "due_by_month": list(_due_by_month(figures)),
        "sees_figures": StaffPermission.FIGURES_VIEW in request.permissions,
    }
    return render(request, "console/overview.html", context)


def _due_by_month(figures: Figures) -> Iterator[tuple[date, date, int]]:
    """Yield what is due in each month: its first and last day as far as they are counted, and how many accounts."""
    for month, days in groupby(figures.due, key=lambda due: due[0].replace(day=1)):
        counted = list(days)
        last = min(add_months(month, 1) - timedelta(days=1), figures.due_to)
        yield counted[0][0], last, sum(number for _, number in counted)
