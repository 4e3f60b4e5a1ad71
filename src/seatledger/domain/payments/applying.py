"""What a payment's money does in the books: it settles invoices, waits as credit, or goes back.

Whoever calls holds the account. What is applied is counted on the payment by a conditional UPDATE, beside the
settlement that `invoices.entries` writes; `queries.truth` proves that both say the same.
"""

from datetime import datetime

from django.db.models import F, Max, Sum

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.entries import settle, unsettle
from seatledger.domain.invoices.models import Document, EntryKind, Issue, Settlement
from seatledger.domain.invoices.queries import list_open_invoices
from seatledger.domain.payments.models import Payment, PaymentState


def apply_payment(payment: Payment, document: Document, *, at: datetime) -> int:
    """Settle as much of an invoice as is open and as the payment has left; return how much, in minor units."""
    payment.refresh_from_db(fields=["state", "applied_minor", "returned_minor", "reversed_minor"])
    issue = Issue.objects.get(document=document)
    amount_minor = min(issue.open_minor, payment.unapplied_minor)
    if amount_minor <= 0 or payment.currency != document.currency:
        return 0
    settle(document, EntryKind.PAYMENT, amount_minor, payment_id=payment.pk, at=at)
    Payment.objects.filter(pk=payment.pk).update(applied_minor=F("applied_minor") + amount_minor)
    payment.applied_minor += amount_minor
    return amount_minor


def apply_unapplied(account: Account, *, at: datetime) -> int:
    """Use what no invoice took of the account's payments for its open invoices, the oldest of both first.

    Returns how much was used, in minor units. Called before anything is collected.
    """
    unapplied = list_unapplied(account)
    if not unapplied:
        return 0
    used_minor = 0
    for issue in list_open_invoices(account):
        for payment in unapplied:
            used_minor += apply_payment(payment, issue.document, at=at)
    return used_minor


def list_unapplied(account: Account) -> list[Payment]:
    """Return the account's payments of which no invoice took all, the oldest first."""
    paid = Payment.objects.filter(account=account, state=PaymentState.SUCCEEDED)
    left = paid.filter(amount_minor__gt=F("applied_minor") + F("returned_minor") + F("reversed_minor"))
    return list(left.order_by("ended_at", "pk"))


def take_back(payment: Payment, amount_minor: int, *, at: datetime) -> tuple[int, list[Document]]:
    """Undo as much of a payment: its credit first, then what it settled, the newest first.

    Returns how much of it was there to be taken, and the invoices that are open again.
    """
    payment.refresh_from_db()
    there_minor = payment.amount_minor - payment.returned_minor - payment.reversed_minor
    taken_minor = min(amount_minor, there_minor)
    if taken_minor <= 0:
        return 0, []
    to_undo_minor = max(0, taken_minor - payment.unapplied_minor)
    payment.applied_minor -= to_undo_minor
    payment.reversed_minor += taken_minor
    if taken_minor == there_minor:
        payment.state = PaymentState.REVERSED
    reopened = []
    for document, settled_minor in _settled_by(payment):
        part_minor = min(settled_minor, to_undo_minor)
        if part_minor:
            unsettle(document, EntryKind.REVERSAL, part_minor, payment_id=payment.pk, at=at)
            reopened.append(document)
            to_undo_minor -= part_minor
    assert not to_undo_minor, "what is applied is what settled something"
    payment.save(update_fields=["applied_minor", "reversed_minor", "state"])
    return taken_minor, reopened


def _settled_by(payment: Payment) -> list[tuple[Document, int]]:
    """Return what a payment settles now of each invoice, the one it settled last first."""
    settled = Settlement.objects.filter(payment_id=payment.pk, invoice__isnull=False).order_by()
    sums = settled.values("invoice").annotate(sum=Sum("amount_minor"), last=Max("at"))
    rows = [row for row in sums if row["sum"]]
    documents = Document.objects.select_related("account").in_bulk([row["invoice"] for row in rows])
    rows.sort(key=lambda row: (row["last"], str(row["invoice"])), reverse=True)
    return [(documents[row["invoice"]], row["sum"]) for row in rows]
