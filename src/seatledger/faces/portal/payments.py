"""Paying an invoice, and the page of a payment: where it stands, what it settled, what went back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from seatledger.domain.invoices.models import EntryKind, Settlement
from seatledger.domain.invoices.queries import get_document
from seatledger.domain.payments.actions.charges import NewPayment, PaymentUnderWay, intend_charge
from seatledger.domain.payments.actions.returning import ask_what_became, give_up
from seatledger.domain.payments.queries.methods import get_default_method
from seatledger.domain.payments.queries.paying import (
    get_payment,
    list_refunds,
    list_settled_by,
    live_payment_of,
    newest_payment_of,
)
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.invoices import title_of
from seatledger.faces.portal.progress import look_again, looks_of, progress_of


@dataclass(frozen=True)
class Use:
    """A part of a payment: which document it settled, or what undid that."""

    at: datetime
    what: str
    amount_minor: int
    document_id: UUID | None


@private(Permission.BILLING_MANAGE)
@require_POST
def pay_invoice(request: PortalRequest, document_id: UUID) -> HttpResponse:
    """Pay what is open of an invoice by the default method; a second click leads to the same payment."""
    account, invoice = request.account, get_document(request.account, document_id)
    back = request.build_absolute_uri(reverse("portal:invoice_payment", args=[document_id]))
    new = NewPayment(document=invoice, customer_present=True, return_url=f"{back}?back=1")
    try:
        payment = intend_charge(account=account, new=new, at=timezone.now(), by=request.actor)
    except PaymentUnderWay:
        payment = live_payment_of(account, invoice)
    if payment is None:
        messages.success(request, f"{title_of(invoice)} is paid by your credit.")
        return redirect("portal:invoice", document_id)
    return redirect("portal:payment", payment.pk)


@private(Permission.BILLING_VIEW)
@require_GET
def show_invoice_payment(request: PortalRequest, document_id: UUID) -> HttpResponse:
    """Lead to the newest payment of an invoice: where a bank sends its customer back to."""
    invoice = get_document(request.account, document_id)
    payment = newest_payment_of(request.account, invoice)
    if payment is None:
        return redirect("portal:invoice", document_id)
    back = "?back=1" if "back" in request.GET else ""
    return redirect(f"{reverse('portal:payment', args=[payment.pk])}{back}")


@private(Permission.BILLING_VIEW)
@require_GET
def show_payment(request: PortalRequest, payment_id: UUID) -> HttpResponse:
    """Show where a payment stands, and what it settled."""
    account, now = request.account, timezone.now()
    payment = get_payment(account, payment_id)
    if "back" in request.GET:
        ask_what_became(payment=payment, at=now, by=request.actor)
        return redirect(f"{request.path}?looks=0")
    looks = looks_of(request.GET.get("looks", ""))
    progress = progress_of(payment, looks=looks, now=now)
    method = get_default_method(account)
    context = {
        "payment": payment,
        "progress": progress,
        "uses": [_use_of(settlement) for settlement in list_settled_by(account, payment)],
        "refunds": list_refunds(account, payment),
        "may_pay": Permission.BILLING_MANAGE in request.permissions,
        "other_method": method if method and method.pk != payment.method_id else None,
        "give_up_url": reverse("portal:give_up_payment", args=[payment.pk]),
    }
    return look_again(
        render(request, "portal/payment.html", context), progress, url=request.path, looks=looks
    )


@private(Permission.BILLING_MANAGE)
@require_POST
def give_up_payment(request: PortalRequest, payment_id: UUID) -> HttpResponse:
    """Give up a payment that waits for its customer, so that he can pay in another way."""
    payment = get_payment(request.account, payment_id)
    give_up(payment=payment, at=timezone.now(), by=request.actor)
    if payment.order_id:
        return redirect(f"{reverse('portal:order', args=[payment.order_id])}?looks=0")
    return redirect(f"{reverse('portal:payment', args=[payment.pk])}?looks=0")


def _use_of(settlement: Settlement) -> Use:
    document = settlement.invoice or settlement.credit_note
    what = title_of(document) if document else EntryKind(settlement.kind).label
    if settlement.amount_minor < 0:
        what = f"{what}: {EntryKind(settlement.kind).label.lower()}"
    return Use(settlement.at, what, settlement.amount_minor, document.pk if document else None)
