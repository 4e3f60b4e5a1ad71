"""An order that waits for its payment, and what became of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.payments.actions.returning import ask_what_became
from seatledger.domain.payments.models import OrderState
from seatledger.domain.payments.orders import (
    EndOrder,
    MoreOrder,
    NumberOrder,
    PlanOrder,
    TrialOrder,
    read_order,
)
from seatledger.domain.payments.queries.buying import get_order, get_payment_of_order
from seatledger.domain.payments.queries.paying import list_settled_by
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.invoices import title_of
from seatledger.faces.portal.progress import look_again, looks_of, progress_of

_AGAIN = {
    NumberOrder: "portal:ask_for_more",
    MoreOrder: "portal:ask_for_more",
    TrialOrder: "portal:buy_now",
    PlanOrder: "portal:change_plan",
    EndOrder: "portal:account_summary",
}


@private(Permission.BILLING_MANAGE)
@require_GET
def show_order(request: PortalRequest, order_id: UUID) -> HttpResponse:
    """Show where an order stands: paid and done, on its way, or not done and why."""
    account, now = request.account, timezone.now()
    order = get_order(account, order_id)
    payment = get_payment_of_order(account, order)
    if payment is None:
        return redirect("portal:account_summary")
    if "back" in request.GET:
        ask_what_became(payment=payment, at=now, by=request.actor)
        return redirect(f"{request.path}?looks=0")
    looks = looks_of(request.GET.get("looks", ""))
    progress = progress_of(payment, looks=looks, now=now)
    changed = order.state == OrderState.FAILED and progress.status == "paid"
    settled = list_settled_by(account, payment) if order.state == OrderState.PLACED else []
    context = {
        "order": order,
        "payment": payment,
        "progress": progress,
        "changed": changed,
        "invoices": [(title_of(one.invoice), one.invoice_id) for one in settled if one.invoice],
        "again_url": reverse(_AGAIN[type(read_order(order.what))]),
        "give_up_url": reverse("portal:give_up_payment", args=[payment.pk]),
    }
    response = render(request, "portal/order_status.html", context)
    return look_again(response, progress, url=request.path, looks=looks)
