"""Give money back: of an invoice, or as a gesture."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Sum

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.actions.holding import hold_invoice
from seatledger.domain.invoices.crediting import Credit, Credited, work_out_credit
from seatledger.domain.invoices.drafts import Draft, DraftLine, TaxGroup
from seatledger.domain.invoices.models import Document, DocumentKind, EntryKind, Issue, Settlement
from seatledger.domain.invoices.parties import Parties, parties_of
from seatledger.domain.invoices.queries.crediting import get_what_is_left
from seatledger.domain.invoices.refusals import MoreThanIsLeft, NothingToCredit, UnlikelyAmount
from seatledger.domain.invoices.texts import clean_line, clean_reason
from seatledger.domain.invoices.writing import issue_drafts
from seatledger.engine.days import day_of
from seatledger.engine.money import Money
from seatledger.engine.taxes import split_gross

# More than anybody gives away, and small enough that sums of it stay within the columns.
MOST_MINOR = 10**12


@dataclass(frozen=True)
class InvoiceCredited(Happening):
    invoice_id: UUID
    credit_note_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class AccountCredited(Happening):
    credit_note_id: UUID
    amount_minor: int


@transaction.atomic
def credit_invoice(*, invoice: Document, credit: Credit, reason: str, at: datetime, by: Actor) -> Document:
    """Issue a credit note for an invoice, and return it: for all that is left, for lines of it, or for an amount.

    It reduces what is open of the invoice first, then of the account's other invoices, the oldest first; the rest is the
    account's credit. What was written off is not given back. What was agreed is not touched, so nothing of it is billed anew: `void_invoice` is for that. All
    credit notes of an invoice together never exceed it, in net and in tax.

    Raises NotAnInvoice, InvoiceIsVoid, MoreThanIsLeft, NothingToCredit, NotFound for a line, and UnfitText.
    """
    reason = clean_reason(reason)
    account, issue = hold_invoice(invoice)
    credited = work_out_credit(get_what_is_left(account, issue.document), credit)
    _refuse_what_was_written_off(issue, credited)
    # The count behind the rows: whatever else is wrong, no more than the invoice is ever credited.
    uncredited = Issue.objects.filter(
        pk=issue.pk, credited_minor__lte=F("total_minor") - credited.total_minor
    )
    if not uncredited.update(credited_minor=F("credited_minor") + credited.total_minor):
        raise MoreThanIsLeft("More was credited meanwhile. Look at the invoice again.")
    [note] = issue_drafts([credit_note_for(issue, account, credited, reason, at)], at=at, by=by)
    record(
        InvoiceCredited(invoice_id=issue.pk, credit_note_id=note.pk, amount_minor=credited.total_minor),
        account=account,
        at=at,
        by=by,
    )
    return note


@transaction.atomic
def credit_account(
    *, account: Account, amount_minor: int, text: str, reason: str, at: datetime, by: Actor
) -> Document:
    """Issue a credit note of a gross amount that is for no invoice, and return it: a gesture. `text` is its only line.

    It reduces what is open of the account's invoices, the oldest first; the rest is the account's credit. It is taxed as
    an invoice of the day would be. Raises NothingToCredit, UnlikelyAmount, UnfitText, NoSeller and
    TaxRuleMissing.
    """
    text, reason = clean_line(text), clean_reason(reason)
    if amount_minor <= 0:
        raise NothingToCredit("Say an amount that is more than nothing.")
    if amount_minor > MOST_MINOR:
        raise UnlikelyAmount(f"A credit is at most {Money(MOST_MINOR, account.currency)}.")
    account = lock_account(account)
    parties = parties_of(account)
    on = day_of(at, ZoneInfo(account.time_zone))
    tax = parties.tax_on(on)
    taxed = split_gross(amount_minor, tax.rate)
    credited = Credited(
        (DraftLine(taxed.net_minor, tax, text=text),),
        (TaxGroup(tax, taxed.net_minor, taxed.tax_minor),),
    )
    [note] = issue_drafts([_gesture(parties, credited, reason, at)], at=at, by=by)
    record(AccountCredited(credit_note_id=note.pk, amount_minor=amount_minor), account=account, at=at, by=by)
    return note


def _refuse_what_was_written_off(issue: Issue, credited: Credited) -> None:
    """Raise MoreThanIsLeft for a credit of what was given up already: nobody paid it, so nobody gets it back."""
    given_up = Settlement.objects.filter(invoice=issue.document, kind=EntryKind.WRITE_OFF)
    given_up_minor = given_up.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    most = issue.total_minor - issue.credited_minor - given_up_minor
    if credited.total_minor > most:
        currency = issue.document.currency
        raise MoreThanIsLeft(
            f"{Money(given_up_minor, currency)} of {issue.reference} was written off."
            f" Credit an amount of {Money(most, currency)} at most."
        )


def _gesture(parties: Parties, credited: Credited, reason: str, at: datetime) -> Draft:
    account = parties.account
    on = day_of(at, ZoneInfo(account.time_zone))
    return Draft(
        account_id=account.pk,
        seller_id=parties.seller.pk,
        kind=DocumentKind.CREDIT_NOTE,
        currency=account.currency,
        dated_on=on,
        due_on=on,
        lines=credited.lines,
        taxes=credited.taxes,
        billed_to=parties.billed_to(),
        sold_by=parties.sold_by,
        reason=reason,
    )


def credit_note_for(issue: Issue, account: Account, credited: Credited, reason: str, at: datetime) -> Draft:
    """Return a credit note between the two sides of the invoice that it corrects."""
    invoice = issue.document
    on = day_of(at, ZoneInfo(account.time_zone))
    return Draft(
        account_id=account.pk,
        seller_id=issue.series.seller_id,
        kind=DocumentKind.CREDIT_NOTE,
        currency=invoice.currency,
        dated_on=on,
        due_on=on,
        lines=credited.lines,
        taxes=credited.taxes,
        billed_to=invoice.billed_to,
        sold_by=invoice.sold_by,
        corrects_id=invoice.pk,
        reason=reason,
    )
