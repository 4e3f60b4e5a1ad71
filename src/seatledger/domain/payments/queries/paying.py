"""Questions about an account's payments: what became of them, what they settled, and what went back."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import Document, Settlement
from seatledger.domain.payments.models import LIVE, Payment, Refund, Setup
from seatledger.shared.errors import NotFound


def get_payment(account: Account, payment_id: UUID) -> Payment:
    """Return the account's payment. Raises NotFound for another account's, as for none."""
    try:
        return _with_names(account).get(pk=payment_id)
    except Payment.DoesNotExist:
        raise NotFound("payment") from None


def list_payments(account: Account, *, limit: int = 10) -> list[Payment]:
    """Return the account's newest payments, whatever became of them, each with its refunds."""
    return list(_with_names(account).prefetch_related("refunds").order_by("-intended_at", "-pk")[:limit])


def newest_payment_of(account: Account, invoice: Document) -> Payment | None:
    """Return the payment of an invoice that was intended last, or None."""
    return _with_names(account).filter(document=invoice).order_by("-intended_at", "-pk").first()


def live_payment_of(account: Account, invoice: Document) -> Payment | None:
    """Return the payment of an invoice that may yet bring money in; there is one at most."""
    return _with_names(account).filter(document=invoice, state__in=LIVE).first()


def live_payments_of(account: Account, invoices: Collection[Document]) -> dict[UUID, Payment]:
    """Return, by invoice, the payments of several that may yet bring money in."""
    found = _with_names(account).filter(document__in=invoices, state__in=LIVE)
    return {payment.document_id: payment for payment in found if payment.document_id}


def list_settled_by(account: Account, payment: Payment) -> list[Settlement]:
    """Return what a payment settled, and what of that was undone, oldest first, with the documents."""
    settled = Settlement.objects.filter(account=account, payment_id=payment.pk)
    return list(settled.select_related("invoice__issue", "credit_note__issue").order_by("at", "pk"))


def list_refunds(account: Account, payment: Payment) -> list[Refund]:
    """Return what of a payment went back, or is about to, oldest first."""
    made = Refund.objects.filter(account=account, payment=payment)
    return list(made.select_related("credit_note__issue").order_by("intended_at", "pk"))


def get_setup(account: Account, setup_id: UUID) -> Setup:
    """Return the account's setup of a method. Raises NotFound for another account's, as for none."""
    try:
        return Setup.objects.select_related("method").get(account=account, pk=setup_id)
    except Setup.DoesNotExist:
        raise NotFound("payment method") from None


def _with_names(account: Account) -> QuerySet[Payment]:
    return Payment.objects.filter(account=account).select_related("method", "document__issue", "order")
