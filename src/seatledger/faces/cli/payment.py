"""`seatledger payment`: what of payments waits for a person, and money that goes back."""

from uuid import UUID

import click
from django.utils import timezone

from seatledger.domain.invoices.models import Document, DocumentKind
from seatledger.domain.payments.models import Dispute, Payment, Refund, RefundState
from seatledger.domain.payments.queries.collecting import (
    list_open_disputes_for_operator,
    list_unknown_for_staff,
)
from seatledger.domain.payments.queries.refunds import (
    get_payment_to_refund_for_operator,
    get_refund_by_hand_for_operator,
    list_refunds_by_hand_for_operator,
)
from seatledger.engine.money import Money
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.invoice import REFERENCE, read_amount
from seatledger.shared.errors import Refused

WHY = click.option("--reason", required=True, help="Why; kept with the refund.")
AMOUNT = click.option("--amount", help="Only so much: 12.50. All that can go back unless given.")


class NotACreditNote(Refused):
    """Money goes back for a credit note, not for an invoice."""

    code = "not_a_credit_note"


@click.group()
def payment() -> None:
    """Say what of payments waits for a person, and give money back."""


@payment.command()
def waiting() -> None:
    """List outcomes unknown for half an hour, disputes, and refunds that have to be made by hand."""
    now = timezone.now()
    for unknown in list_unknown_for_staff(at=now):
        click.echo(
            f"unknown  {unknown.pk}  {_money(unknown)}  {_whose(unknown)}  since {unknown.sent_at:%Y-%m-%d %H:%M}"
        )
    for dispute in list_open_disputes_for_operator():
        amount = Money(dispute.amount_minor, dispute.payment.currency)
        click.echo(f"dispute  {dispute.reference}  {amount}  {_whose(dispute)}  {dispute.reason}")
    for refund in list_refunds_by_hand_for_operator():
        click.echo(f"by hand  {refund.pk}  {_money(refund)}  {_whose(refund)}")


@payment.command()
@click.argument("credit_note", type=REFERENCE, metavar="NUMBER")
@AMOUNT
@WHY
@AS
def refund(credit_note: Document, *, amount: str | None, reason: str, asked_by: str) -> None:
    """Give back what is unused of the credit note NUMBER, by the way it was paid."""
    if credit_note.kind != DocumentKind.CREDIT_NOTE:
        raise NotACreditNote(
            "Money goes back for a credit note. Credit the invoice first: seatledger invoice credit."
        )
    told = {
        "document_id": str(credit_note.pk),
        "amount_minor": read_amount(amount, credit_note.currency) if amount else None,
    }
    _tell(do(credit_note.account, "refund_credit_note", told, reason=reason, asked_by=asked_by).result)


@payment.command("give-back")
@click.argument("payment_id", type=click.UUID, metavar="PAYMENT")
@AMOUNT
@WHY
@AS
def give_back(payment_id: UUID, *, amount: str | None, reason: str, asked_by: str) -> None:
    """Give back what no invoice took of PAYMENT, by the way it came."""
    found = get_payment_to_refund_for_operator(payment_id)
    told = {
        "payment_id": str(found.pk),
        "amount_minor": read_amount(amount, found.currency) if amount else None,
    }
    _tell([do(found.account, "give_back_payment", told, reason=reason, asked_by=asked_by).result])


@payment.command("sent-back")
@click.argument("refund_id", type=click.UUID, metavar="REFUND")
@click.option("--failed", is_flag=True, help="The bank did not take it: the credit is there again.")
@click.option("--reason", default="", help="How you know; needed with --as.")
@AS
def sent_back(refund_id: UUID, *, failed: bool, reason: str, asked_by: str) -> None:
    """Say that the bank transfer of REFUND, which is made by hand, was sent."""
    found = get_refund_by_hand_for_operator(refund_id)
    deed = "refund_came_back" if failed else "refund_was_sent"
    done = do(found.account, deed, {"refund_id": str(found.pk)}, reason=reason, asked_by=asked_by).result
    if isinstance(done, Refund):
        click.echo(f"{done.pk}  {_money(done)}  {done.get_state_display()}")


def _tell(made: object) -> None:
    """Say what was given back; nothing where it waits."""
    for one in made if isinstance(made, list) else ():
        if not isinstance(one, Refund):
            continue
        by_hand = "  to be sent by hand" if one.state == RefundState.PENDING else ""
        click.echo(f"{one.pk}  {_money(one)}  {one.get_state_display()}{by_hand}")


def _money(row: Payment | Refund) -> Money:
    return Money(row.amount_minor, row.currency)


def _whose(row: Payment | Refund | Dispute) -> str:
    account = row.account
    return f"{account.serial_number} {account.name}"
