"""Change Payment Method: how the account pays, which of several ways by default, and which no longer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.invoices.contacts import sales_contact_of
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.actions import choose_default, remove_method
from seatledger.domain.payments.queries import get_method, list_methods
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private


@private(Permission.BILLING_MANAGE)
@require_GET
def show_payment_methods(request: PortalRequest) -> HttpResponse:
    """Show the ways in which the account pays."""
    today = today_of(request.account, timezone.now())
    methods = list_methods(request.account)
    context = {
        "methods": [(method, method.is_expired(today)) for method in methods],
        "removable": len(methods) == 1,
        "contact": sales_contact_of(request.account),
    }
    return render(request, "portal/payment_methods.html", context)


@private(Permission.BILLING_MANAGE)
@require_POST
def choose_payment_method(request: PortalRequest, method_id: UUID) -> HttpResponse:
    """Have the account pay by this method."""
    choose_default(account=request.account, method_id=method_id, at=timezone.now(), by=request.actor)
    chosen = get_method(request.account, method_id)
    messages.success(request, f"The account is paid by {chosen.masked} from now on.")
    return redirect("portal:payment_methods")


@private(Permission.BILLING_MANAGE)
@require_POST
def remove_payment_method(request: PortalRequest, method_id: UUID) -> HttpResponse:
    """Forget this method."""
    masked = get_method(request.account, method_id).masked
    remove_method(account=request.account, method_id=method_id, at=timezone.now(), by=request.actor)
    messages.success(request, f"{masked} is removed.")
    return redirect("portal:payment_methods")
