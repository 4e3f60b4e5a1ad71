"""A quotation as PDF, for staff: the file that the customer has."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.invoices.models import FileKind
from seatledger.domain.payments.queries.quotations import get_quotation, get_quotation_file
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.faces.console.access import ConsoleRequest, for_staff
from seatledger.faces.ui.made_files import ask_for_file, let_look_again, send_file
from seatledger.shared.errors import NotFound


@for_staff(StaffPermission.ACCOUNTS_VIEW)
@require_GET
def send_quotation_file(request: ConsoleRequest, serial: str, quotation_id: UUID, kind: str) -> HttpResponse:
    """Send a quotation as a file of a kind. While it is not made, a page says so and looks again by itself."""
    if kind not in FileKind.values:
        raise NotFound("file")
    account, wanted = get_account_for_operator(serial), FileKind(kind)
    quotation = get_quotation(account, quotation_id)
    file = get_quotation_file(account, quotation_id, wanted)
    if file is not None:
        return send_file(bytes(file.content), quotation.number, wanted)
    ask_for_file("make_quotation_file", quotation_id=str(quotation.pk), kind=wanted.value)
    context = {"title": f"Quotation {quotation.number}", "kind": wanted.label}
    return let_look_again(render(request, "console/file_comes.html", context, status=202))
