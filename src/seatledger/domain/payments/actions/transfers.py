"""Bank transfers: take a statement in, and say whose the money is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, record
from seatledger.domain.invoices.entries import settle, write_entry
from seatledger.domain.invoices.models import DocumentKind, EntryKind, Issue
from seatledger.domain.payments.actions.dunning import end_what_is_paid
from seatledger.domain.payments.applying import take_back
from seatledger.domain.payments.happenings import PaymentReversed, PaymentSucceeded
from seatledger.domain.payments.models import (
    BankStatement,
    IncomingTransfer,
    Payment,
    PaymentState,
    TransferState,
)
from seatledger.domain.payments.statements import ReadStatement
from seatledger.domain.payments.statements.told import LONGEST_PAYER, LONGEST_REMITTANCE, MOST_MINOR
from seatledger.domain.payments.transfers import Part
from seatledger.engine.money import Money
from seatledger.shared.errors import NotFound, Refused
from seatledger.shared.text import clean_name, clean_text

GATEWAY = "transfer"
BY_HAND = "by hand"
LONGEST_NOTE = 300


class TransferDecided(Refused):
    """Somebody booked or ignored the transfer already."""

    code = "transfer_decided"


class PartlyRefunded(Refused):
    """Something of the money went back to the payer."""

    code = "partly_refunded"


class UnfitBooking(Refused):
    """The parts do not fit the money that came in."""

    code = "unfit_booking"


@dataclass(frozen=True)
class Imported:
    """What became of a statement: how many of its credits are new, and how many were known from another one."""

    is_new: bool
    new: int = 0
    known: int = 0


@dataclass(frozen=True)
class HandTransfer:
    """A transfer that a person read on a statement. `amount_minor` is in the currency of the account that paid."""

    amount_minor: int
    booked_on: date
    payer: str = ""
    remittance: str = ""


@transaction.atomic
def import_statement(*, read: ReadStatement, at: datetime, by: Actor) -> Imported:
    """Store a statement's credits, to be matched.

    One that was imported before changes nothing, and neither does a credit that an overlapping statement told already.
    """
    # Two imports of one statement at a moment: the second waits for the first here, and finds the row.
    row = BankStatement(form=read.form, identifier=read.identifier, imported_at=at, imported_by_id=by.id)
    [row] = BankStatement.objects.bulk_create([row], ignore_conflicts=True)
    if not BankStatement.objects.filter(pk=row.pk).exists():
        return Imported(is_new=False)
    rows = [
        IncomingTransfer(
            statement=row,
            bank_reference=told.bank_reference,
            booked_on=told.booked_on,
            currency=told.amount.currency,
            amount_minor=told.amount.amount_minor,
            payer=told.payer,
            payer_account=told.payer_account,
            remittance=told.remittance,
        )
        for told in read.credits
        if told.amount.amount_minor
    ]
    IncomingTransfer.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    new = IncomingTransfer.objects.filter(statement=row).count()
    return Imported(is_new=True, new=new, known=len(rows) - new)


@transaction.atomic
def book_transfer(
    *, transfer: IncomingTransfer, account: Account, parts: Sequence[Part], at: datetime, by: Actor
) -> Payment:
    """Book a transfer as the account's payment: each part settles an invoice; what is left over is the account's credit.

    Raises TransferDecided, UnfitBooking, NotFound for an invoice that is not the account's, and MoreThanIsOpen.
    """
    account = lock_account(account)
    transfer = _hold(transfer)
    if transfer.currency != account.currency:
        raise UnfitBooking(
            f"The transfer is in {transfer.currency} and the account pays in {account.currency}. Send it back or exchange it."
        )
    payment = _enter(account, transfer, parts, at=at, by=by)
    transfer.state, transfer.payment = TransferState.BOOKED, payment
    transfer.decided_at, transfer.decided_by_id, transfer.note = at, by.id, ""
    transfer.save(update_fields=["state", "payment", "decided_at", "decided_by_id", "note"])
    end_what_is_paid(account=account, at=at, by=by)
    return payment


@transaction.atomic
def undo_booking(*, transfer: IncomingTransfer, why: str, at: datetime, by: Actor) -> None:
    """Take back a booking that was wrong: what it settled is open again, and the transfer is to be matched anew.

    Raises TransferDecided unless it is booked, PartlyRefunded once money of it was given back, and UnfitText.
    """
    why = clean_name(why, LONGEST_NOTE, what="The reason")
    booked = IncomingTransfer.objects.select_related("payment__account").get(pk=transfer.pk).payment
    if booked is None:
        raise TransferDecided("This transfer is not booked. Look at the list again.")
    account = lock_account(booked.account)
    held = IncomingTransfer.objects.select_for_update(of=["self"]).get(pk=transfer.pk)
    if held.payment_id != booked.pk:
        raise TransferDecided("Somebody undid this booking meanwhile. Look at the list again.")
    booked.refresh_from_db()
    if booked.refunded_minor:
        raise PartlyRefunded("Money of this transfer was given back already, so it stays where it is.")
    taken_minor, _ = take_back(booked, booked.amount_minor, at=at)
    taken = Money(taken_minor, booked.currency)
    write_entry(account, EntryKind.REVERSAL, taken, payment_id=booked.pk, at=at)
    record(PaymentReversed(booked.pk, taken_minor), account=account, at=at, by=by)
    held.state, held.payment, held.note = TransferState.UNMATCHED, None, why
    held.decided_at, held.decided_by_id = at, by.id
    held.save(update_fields=["state", "payment", "note", "decided_at", "decided_by_id"])


@transaction.atomic
def book_by_hand(
    *, account: Account, told: HandTransfer, parts: Sequence[Part], at: datetime, by: Actor
) -> Payment:
    """Book a transfer that no imported statement tells. Raises UnfitText, and what `book_transfer` raises."""
    if not 0 < told.amount_minor <= MOST_MINOR:
        raise UnfitBooking("Say how much came in: an amount that is more than nothing.")
    statement = BankStatement.objects.create(
        form=BY_HAND, identifier=f"{BY_HAND}/{uuid4()}", imported_at=at, imported_by_id=by.id
    )
    transfer = IncomingTransfer.objects.create(
        statement=statement,
        bank_reference=statement.identifier,
        booked_on=told.booked_on,
        currency=account.currency,
        amount_minor=told.amount_minor,
        payer=clean_text(told.payer, LONGEST_PAYER, what="The payer"),
        remittance=clean_text(told.remittance, LONGEST_REMITTANCE, what="The text"),
    )
    return book_transfer(transfer=transfer, account=account, parts=parts, at=at, by=by)


@transaction.atomic
def ignore_transfer(*, transfer: IncomingTransfer, why: str, at: datetime, by: Actor) -> None:
    """Set a transfer aside that is no payment of a customer, with the reason. Raises TransferDecided and UnfitText."""
    why = clean_name(why, LONGEST_NOTE, what="The reason")
    transfer = _hold(transfer)
    transfer.state, transfer.note = TransferState.IGNORED, why
    transfer.decided_at, transfer.decided_by_id = at, by.id
    transfer.save(update_fields=["state", "note", "decided_at", "decided_by_id"])


@transaction.atomic
def take_up_again(*, transfer: IncomingTransfer, at: datetime, by: Actor) -> None:
    """Have a transfer that was ignored be matched after all. Raises TransferDecided unless it is ignored."""
    ignored = IncomingTransfer.objects.filter(pk=transfer.pk, state=TransferState.IGNORED)
    decided = {"decided_at": at, "decided_by_id": by.id}
    if not ignored.update(state=TransferState.UNMATCHED, **decided):
        raise TransferDecided("This transfer is not ignored. Look at the list again.")


def _hold(transfer: IncomingTransfer) -> IncomingTransfer:
    """Hold the transfer until the transaction ends. Raises TransferDecided unless it is still to be matched."""
    held = IncomingTransfer.objects.select_for_update(of=["self"]).get(pk=transfer.pk)
    if held.state != TransferState.UNMATCHED:
        raise TransferDecided("Somebody booked or ignored this transfer meanwhile. Look at the list again.")
    return held


def _enter(
    account: Account, transfer: IncomingTransfer, parts: Sequence[Part], *, at: datetime, by: Actor
) -> Payment:
    """Store the payment, settle its parts, and write its one entry of the statement."""
    applied_minor = sum(part.amount_minor for part in parts)
    amount = Money(transfer.amount_minor, transfer.currency)
    if any(part.amount_minor <= 0 for part in parts) or applied_minor > amount.amount_minor:
        raise UnfitBooking(
            f"Only {amount} came in. Book that much at most, in parts that are more than nothing."
        )
    payment = Payment.objects.create(
        account=account,
        gateway=GATEWAY,
        state=PaymentState.SUCCEEDED,
        currency=transfer.currency,
        amount_minor=amount.amount_minor,
        applied_minor=applied_minor,
        intended_at=at,
        ended_at=at,
    )
    invoices = _invoices(account, parts)
    for part in parts:
        settle(
            invoices[part.invoice_id].document,
            EntryKind.PAYMENT,
            part.amount_minor,
            payment_id=payment.pk,
            at=at,
        )
    write_entry(account, EntryKind.PAYMENT, -amount, payment_id=payment.pk, at=at)
    record(
        PaymentSucceeded(payment_id=payment.pk, amount_minor=amount.amount_minor),
        account=account,
        at=at,
        by=by,
    )
    end_what_is_paid(account=account, at=at, by=by)
    return payment


def _invoices(account: Account, parts: Sequence[Part]) -> dict[UUID, Issue]:
    ids = [part.invoice_id for part in parts]
    if len(set(ids)) != len(ids):
        raise UnfitBooking("One invoice is named twice. Add its parts up.")
    invoices = Issue.objects.filter(account=account, pk__in=ids, document__kind=DocumentKind.INVOICE)
    found = {issue.pk: issue for issue in invoices.select_related("document")}
    if len(found) != len(ids):
        raise NotFound("invoice")
    return found
