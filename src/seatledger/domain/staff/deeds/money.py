"""Deeds about money: credits, invoices declared void or written off, and billing that waits for a person."""

from django.db import transaction

from seatledger.domain.invoices.actions import (
    credit_account,
    credit_invoice,
    discard_draft,
    release_billing,
    void_invoice,
    write_off,
)
from seatledger.domain.invoices.crediting import ChosenLines, Credit, Everything, GrossAmount
from seatledger.domain.invoices.models import AccountBilling, Document
from seatledger.domain.invoices.queries import get_balance, get_document, get_what_is_left
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.money import Money


def _in_words(doing: Doing, amount_minor: int) -> str:
    return str(Money(amount_minor, doing.account.currency))


def _invoice(doing: Doing) -> Document:
    return get_document(doing.account, doing.id_of("document_id"))


def _invoice_figures(doing: Doing) -> Figures:
    issue = _invoice(doing).issue
    return {
        "Invoice": issue.reference,
        "Total": _in_words(doing, issue.total_minor),
        "Credited": _in_words(doing, issue.credited_minor),
        "Open": _in_words(doing, issue.open_minor),
    }


def _gesture_figures(doing: Doing) -> Figures:
    return {
        "Owed now": _in_words(doing, get_balance(doing.account)),
        "Credit": _in_words(doing, doing.number_of("amount_minor")),
        "Line on the credit note": doing.text_of("text"),
    }


def _credit_account(doing: Doing) -> object:
    return credit_account(
        account=doing.account,
        amount_minor=doing.number_of("amount_minor"),
        text=doing.text_of("text"),
        reason=doing.reason,
        at=doing.at,
        by=doing.by,
    )


def _credit_of(doing: Doing) -> Credit:
    """Return what is to be credited of an invoice: an amount, lines (`lines`: their positions), or all that is left."""
    if amount := doing.number_of("amount_minor"):
        return GrossAmount(amount)
    if lines := doing.text_of("lines"):
        return ChosenLines(frozenset(int(position) for position in lines.split(",")))
    return Everything()


def _amount_to_credit(doing: Doing) -> int:
    """Return what that comes to, tax and all."""
    credit = _credit_of(doing)
    if isinstance(credit, GrossAmount):
        return credit.amount_minor
    if isinstance(credit, Everything):
        return get_what_is_left(doing.account, _invoice(doing)).gross_minor
    with transaction.atomic():  # it is made, looked at, and undone
        amount: int = _credit_invoice(doing).total_minor
        transaction.set_rollback(True)
    return amount


def _credit_figures(doing: Doing) -> Figures:
    return {**_invoice_figures(doing), "Credit": _in_words(doing, _amount_to_credit(doing))}


def _credit_invoice(doing: Doing) -> Document:
    return credit_invoice(
        invoice=_invoice(doing),
        credit=_credit_of(doing),
        reason=doing.reason,
        at=doing.at,
        by=doing.by,
    )


def _void(doing: Doing) -> object:
    return void_invoice(invoice=_invoice(doing), reason=doing.reason, at=doing.at, by=doing.by)


def _write_off(doing: Doing) -> object:
    return write_off(invoice=_invoice(doing), reason=doing.reason, at=doing.at, by=doing.by)


def _draft_minor(doing: Doing) -> int:
    draft = Document.objects.filter(account=doing.account, issue__isnull=True).first()
    return draft.total_minor if draft else 0


def _waiting_figures(doing: Doing) -> Figures:
    billing = AccountBilling.objects.filter(account=doing.account).first()
    return {
        "Waits because": billing.parked_because if billing else "",
        "Draft": _in_words(doing, _draft_minor(doing)),
    }


_MAY = StaffPermission.MONEY_CHANGE

DEEDS = (
    Deed(
        "credit_account",
        "Give a credit",
        _MAY,
        _gesture_figures,
        _credit_account,
        lambda doing: Weight(doing.number_of("amount_minor")),
        about=lambda doing: {"Owed now": _in_words(doing, get_balance(doing.account))},
    ),
    Deed(
        "credit_invoice",
        "Credit an invoice",
        _MAY,
        _credit_figures,
        _credit_invoice,
        lambda doing: Weight(_amount_to_credit(doing)),
        when_closed=True,
        about=_invoice_figures,
    ),
    Deed(
        "void_invoice",
        "Declare an invoice void",
        _MAY,
        _invoice_figures,
        _void,
        lambda doing: Weight(_invoice(doing).issue.total_minor),
        when_closed=True,
        about=_invoice_figures,
    ),
    Deed(
        "write_off",
        "Write off an invoice",
        _MAY,
        _invoice_figures,
        _write_off,
        lambda doing: Weight(_invoice(doing).issue.open_minor),
        when_closed=True,
        about=_invoice_figures,
    ),
    Deed(
        "release_billing",
        "Release the billing",
        _MAY,
        _waiting_figures,
        lambda doing: release_billing(account=doing.account, at=doing.at, by=doing.by),
        lambda doing: Weight(_draft_minor(doing)),
        when_closed=True,
        about=_waiting_figures,
    ),
    Deed(
        "discard_draft",
        "Throw the draft away",
        _MAY,
        _waiting_figures,
        lambda doing: discard_draft(account=doing.account, at=doing.at, by=doing.by),
        when_closed=True,
        about=_waiting_figures,
    ),
)
