"""The first page of the console: the figures of the business, and what waits."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries.deeds import count_open_requests_for_operator, list_waiting_for_operator
from seatledger.domain.staff.queries.figures import get_figures_for_operator
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.payments import count_what_waits


@for_staff(StaffPermission.OVERVIEW_VIEW)
@require_GET
def show_overview(request: ConsoleRequest) -> HttpResponse:
    """Show how many accounts there are, what is sold, used, open and overdue, and what is to come."""
    now = timezone.now()
    figures = get_figures_for_operator(now)
    months = groupby(figures.due, key=lambda due: due[0].replace(day=1))
    context = {
        "staff": request.staff,
        "figures": figures,
        "payments": count_what_waits(now),
        "requests": count_open_requests_for_operator(),
        "waiting": len(list_waiting_for_operator()),
        "due_by_month": [(month, sum(number for _, number in days)) for month, days in months],
    }
    return render(request, "console/overview.html", context)
