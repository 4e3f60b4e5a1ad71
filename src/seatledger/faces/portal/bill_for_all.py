"""A provider's page about its customers' bills: one for all or one for each, from when, and the next one line by line."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.invoices.queries import find_who_pays
from seatledger.domain.licences.queries import today_of
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.next_invoice import find_next_draft, told
from seatledger.shared.errors import NotFound


@private(Permission.BILLING_VIEW)
@require_GET
def show_bill_for_all(request: PortalRequest) -> HttpResponse:
    """Show who is billed for the customers, and the next bill with everything on it."""
    account, now = request.account, timezone.now()
    if not account.is_provider:
        raise NotFound("page")
    draft = find_next_draft(account, at=now)
    context = {
        "who_pays": find_who_pays(account, on=today_of(account, now)),
        "next_invoice": told(draft) if draft else None,
        "vendor_email": settings.SEATLEDGER_VENDOR_EMAIL,
        "customers": len({line.text for line in draft.lines if line.text}) if draft else 0,
    }
    return render(request, "portal/bill_for_all.html", context)
