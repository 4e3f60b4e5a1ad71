"""The deed about money that came in outside of everything that tells of it: a cheque, cash, a transfer seen at the bank."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from seatledger.domain.invoices.models import DocumentKind, Issue
from seatledger.domain.invoices.queries import get_balance, get_document
from seatledger.domain.licences.queries import today_of
from seatledger.domain.payments.actions import HandTransfer, book_by_hand
from seatledger.domain.payments.actions.transfers import UnfitBooking
from seatledger.domain.payments.transfers import Part
from seatledger.domain.staff.deeds.base import Deed, Doing, Figures, Weight, day_in_words
from seatledger.domain.staff.permissions import StaffPermission
from seatledger.engine.money import Money

# Nobody books what came in before; a year of two digits is a slip of the keyboard.
_FIRST_DAY: Final = date(2000, 1, 1)


def _figures(doing: Doing) -> Figures:
    def in_words(amount_minor: int) -> str:
        return str(Money(amount_minor, doing.account.currency))

    parts = list(_parts(doing))
    issues = Issue.objects.in_bulk([part.invoice_id for part in parts], field_name="document_id")
    settled = [f"{issues[part.invoice_id].reference} by {in_words(part.amount_minor)}" for part in parts]
    left = doing.number_of("amount_minor") - sum(part.amount_minor for part in parts)
    return {
        "Owed now": in_words(get_balance(doing.account)),
        "Came in": f"{in_words(doing.number_of('amount_minor'))} on {day_in_words(doing.day_of('booked_on'))}",
        "Settles": ", ".join(settled) or "no invoice",
        "Stays as credit": in_words(left),
    }


def _open_invoices(doing: Doing) -> list[Issue]:
    """Return what the money may settle: the invoice that is named, or all that are open, the first due first."""
    rows = Issue.objects.filter(
        account=doing.account, open_minor__gt=0, document__kind=DocumentKind.INVOICE
    ).select_related("document")
    if doing.text_of("document_id"):
        rows = rows.filter(document=get_document(doing.account, doing.id_of("document_id")))
    return list(rows.order_by("document__due_on", "number"))


def _parts(doing: Doing) -> Iterator[Part]:
    """Yield what settles which invoice: as it was said (`parts`: `invoice=amount,...`), else the open ones in their order."""
    if said := doing.text_of("parts"):
        for pair in said.split(","):
            invoice_id, _, amount_minor = pair.partition("=")
            yield Part(get_document(doing.account, UUID(invoice_id)).pk, int(amount_minor))
        return
    left = doing.number_of("amount_minor")
    for issue in _open_invoices(doing):
        taken = min(left, issue.open_minor)
        if taken > 0:
            yield Part(issue.document_id, taken)
        left -= taken


def _book(doing: Doing) -> object:
    booked_on = doing.day_of("booked_on")
    assert booked_on is not None, "the form asks for it"
    if not _FIRST_DAY <= booked_on <= today_of(doing.account, doing.at):
        raise UnfitBooking(
            "The money came in today or before. Write the day that the bank's statement names."
        )
    told = HandTransfer(
        doing.number_of("amount_minor"),
        booked_on,
        payer=doing.text_of("payer"),
        remittance=doing.text_of("remittance"),
    )
    return book_by_hand(account=doing.account, told=told, parts=list(_parts(doing)), at=doing.at, by=doing.by)


DEEDS = (
    Deed(
        "book_payment",
        "Book a payment",
        StaffPermission.MONEY_CHANGE,
        _figures,
        _book,
        lambda doing: Weight(doing.number_of("amount_minor")),
        when_closed=True,
        about=lambda doing: {"Owed now": str(Money(get_balance(doing.account), doing.account.currency))},
    ),
)
