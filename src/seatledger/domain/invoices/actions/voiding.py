"""Declare an invoice void, or write off what is open of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Min, Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.actions.holding import hold_invoice
from seatledger.domain.invoices.entries import settle, write_entry
from seatledger.domain.invoices.models import (
    AccountBilling,
    Document,
    EntryKind,
    Issue,
    Line,
    Settlement,
    Void,
)
from seatledger.domain.invoices.refusals import AlreadySettled, NothingOpen
from seatledger.domain.invoices.texts import clean_reason
from seatledger.domain.subscriptions.models import SubscriptionItem
from seatledger.engine.days import day_of
from seatledger.engine.money import Money


@dataclass(frozen=True)
class InvoiceVoided(Happening):
    document_id: UUID


@dataclass(frozen=True)
class InvoiceWrittenOff(Happening):
    document_id: UUID
    amount_minor: int


@transaction.atomic
def void_invoice(*, invoice: Document, reason: str, at: datetime, by: Actor) -> Void:
    """Declare an invoice void: its number stays, nothing of it is owed, and what it charged is billed anew.

    Raises AlreadySettled once anything of it was paid, credited or written off, NotAnInvoice, InvoiceIsVoid and UnfitText.
    """
    reason = clean_reason(reason)
    account, issue = hold_invoice(invoice)
    unsettled = Issue.objects.filter(pk=issue.pk, open_minor=F("total_minor"), credited_minor=0)
    if Settlement.objects.filter(invoice=invoice).exists() or not unsettled.update(open_minor=0):
        raise AlreadySettled(
            f"Something of {issue.reference} was paid, credited or written off already. Credit it instead."
        )
    void = Void.objects.create(account=account, document=issue.document, at=at, reason=reason)
    owed = Money(issue.total_minor, issue.document.currency)
    write_entry(account, EntryKind.VOID, -owed, document=issue.document, at=at)
    _bill_anew(account, issue.document, on=day_of(at, ZoneInfo(account.time_zone)))
    record(InvoiceVoided(document_id=issue.pk), account=account, at=at, by=by)
    return void


@transaction.atomic
def write_off(*, invoice: Document, reason: str, at: datetime, by: Actor) -> Settlement:
    """Give up what is open of an invoice: the account owes it no longer. It stays what was charged.

    Raises NothingOpen, NotAnInvoice, InvoiceIsVoid and UnfitText.
    """
    reason = clean_reason(reason)
    account, issue = hold_invoice(invoice)
    if not issue.open_minor:
        raise NothingOpen(f"Nothing of {issue.reference} is open.")
    given_up = Money(issue.open_minor, issue.document.currency)
    settlement = settle(issue.document, EntryKind.WRITE_OFF, issue.open_minor, reason=reason, at=at)
    write_entry(account, EntryKind.WRITE_OFF, -given_up, document=issue.document, at=at)
    record(
        InvoiceWrittenOff(document_id=issue.pk, amount_minor=issue.open_minor), account=account, at=at, by=by
    )
    return settlement


def _bill_anew(account: Account, invoice: Document, *, on: date) -> None:
    """Let the next billing look at the invoice's periods again."""
    lines = Line.objects.filter(account_id=account.pk, document=invoice)
    first_on = lines.aggregate(first=Min("period_starts_on"))["first"]
    # Of a provider's bill for its customers, they are looked at again too.
    owners = SubscriptionItem.objects.filter(pk__in=lines.values("item_id")).values("account")
    if first_on is None:
        return
    for billing in AccountBilling.objects.filter(Q(account=account) | Q(account__in=owners)):
        billing.reopened_on = min(first_on, billing.reopened_on or first_on)
        billing.next_on = min(on, billing.next_on or on)
        billing.save(update_fields=["reopened_on", "next_on"])
