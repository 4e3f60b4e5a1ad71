"""Console > Requests: what customers ask for and nobody has answered, and the quotations that wait for customers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.licences.queries import today_of
from seatledger.domain.licences.queries.names import name_type
from seatledger.domain.payments.queries.quotations import list_quotations_for_operator
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.domain.staff.queries.deeds import list_open_requests_for_operator
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.console.account import answers_of, links_of


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def show_requests(request: ConsoleRequest) -> HttpResponse:
    """List requests for licences with the ways to answer each, and quotations with their last day."""
    now = timezone.now()
    context = {
        "requests": [
            (
                asked,
                name_type(asked.account, asked.licence_type),
                answers_of(request, asked, get_agreement(asked.account, at=now)),
            )
            for asked in list_open_requests_for_operator()
        ],
        "quotations": [
            (
                each,
                each.state_on(today_of(each.account, now)),
                links_of(request, each.account, "withdraw_quotation", quotation_id=each.pk),
            )
            for each in list_quotations_for_operator()
        ],
    }
    return render(request, "console/requests.html", context)
