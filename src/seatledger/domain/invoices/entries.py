"""Single entries in an account's books, and what settles a document. Whoever calls holds the account.

Documents enter the books set-wise (`writing`); this is for what is not a document: a payment, a refund, a void, a write-off.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import (
    UNDOING,
    BalanceEntry,
    Document,
    EntryKind,
    Issue,
    Settlement,
)
from seatledger.domain.invoices.refusals import MoreThanIsOpen, MoreThanIsSettled
from seatledger.engine.days import day_of
from seatledger.engine.money import Money


def write_entry(
    account: Account,
    kind: EntryKind,
    amount: Money,
    *,
    document: Document | None = None,
    payment_id: UUID | None = None,
    at: datetime,
) -> BalanceEntry:
    """Write one entry of the account's statement: positive when the account owes more. The balance moves on by it."""
    newest = BalanceEntry.objects.filter(account=account).order_by("-sequence").first()
    return BalanceEntry.objects.create(
        account=account,
        sequence=newest.sequence + 1 if newest else 1,
        kind=kind,
        at=at,
        dated_on=day_of(at, ZoneInfo(account.time_zone)),
        currency=amount.currency,
        amount_minor=amount.amount_minor,
        balance_minor=amount.amount_minor + (newest.balance_minor if newest else 0),
        document=document,
        payment_id=payment_id,
    )


def settle(
    document: Document,
    kind: EntryKind,
    amount_minor: int,
    *,
    payment_id: UUID | None = None,
    reason: str = "",
    at: datetime,
) -> Settlement:
    """Settle a part of an invoice by a payment or a write-off, or use a part of a credit note up by a refund.

    What is open is reduced by one conditional UPDATE, so two settlements never take the same open amount. Raises
    MoreThanIsOpen. It moves no balance: a payment is one entry, however many invoices it settles (`write_entry`).
    """
    open_enough = Issue.objects.filter(document=document, open_minor__gte=amount_minor)
    if not open_enough.update(open_minor=F("open_minor") - amount_minor):
        issue = Issue.objects.get(document=document)
        is_open = Money(issue.open_minor, document.currency)
        raise MoreThanIsOpen(f"Of {issue.reference}, only {is_open} is open. Settle that much at most.")
    side = "credit_note" if kind is EntryKind.REFUND else "invoice"
    return Settlement.objects.create(
        account_id=document.account_id,
        kind=kind,
        amount_minor=amount_minor,
        payment_id=payment_id,
        reason=reason,
        at=at,
        **{side: document},
    )


def unsettle(
    document: Document, kind: EntryKind, amount_minor: int, *, payment_id: UUID, at: datetime
) -> Settlement:
    """Open a part of an invoice again because its payment was taken back, or of a credit note whose refund failed.

    Undoes no more than the payment settled of the document: raises MoreThanIsSettled. Like `settle` it moves no balance.
    """
    assert kind in UNDOING
    side = "credit_note" if kind is EntryKind.REFUND_FAILED else "invoice"
    between = Settlement.objects.filter(payment_id=payment_id, **{side: document})
    settled_minor = between.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    reopened = Issue.objects.filter(document=document, open_minor__lte=F("total_minor") - amount_minor)
    if amount_minor > settled_minor or not reopened.update(open_minor=F("open_minor") + amount_minor):
        settled = Money(settled_minor, document.currency)
        raise MoreThanIsSettled(f"Only {settled} of it was settled by this payment. Undo that much at most.")
    return Settlement.objects.create(
        account_id=document.account_id,
        kind=kind,
        amount_minor=-amount_minor,
        payment_id=payment_id,
        at=at,
        **{side: document},
    )
