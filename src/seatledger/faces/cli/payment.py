"""`seatledger payment`: what of payments waits for a person, and money that goes back."""

from uuid import UUID

import click
from django.utils import timezone

from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import Document, DocumentKind
from seatledger.domain.payments.actions.refunds import refund_credit, refund_unapplied, store_refund_answer
from seatledger.domain.payments.gateways.interface import Answer, Outcome
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
def refund(credit_note: Document, *, amount: str | None, reason: str) -> None:
    """Give back what is unused of the credit note NUMBER, by the way it was paid."""
    if credit_note.kind != DocumentKind.CREDIT_NOTE:
        raise NotACreditNote(
            "Money goes back for a credit note. Credit the invoice first: seatledger invoice credit."
        )
    amount_minor = read_amount(amount, credit_note.currency) if amount else credit_note.issue.open_minor
    made = refund_credit(
        credit_note=credit_note,
        payment=None,
        amount_minor=amount_minor,
        why=reason,
        at=timezone.now(),
        by=Actor.admin_team(),
    )
    _tell(made)


@payment.command("give-back")
@click.argument("payment_id", type=click.UUID, metavar="PAYMENT")
@AMOUNT
@WHY
def give_back(payment_id: UUID, *, amount: str | None, reason: str) -> None:
    """Give back what no invoice took of PAYMENT, by the way it came."""
    found = get_payment_to_refund_for_operator(payment_id)
    amount_minor = read_amount(amount, found.currency) if amount else found.unapplied_minor
    made = refund_unapplied(
        payment=found, amount_minor=amount_minor, why=reason, at=timezone.now(), by=Actor.admin_team()
    )
    _tell([made])


@payment.command("sent-back")
@click.argument("refund_id", type=click.UUID, metavar="REFUND")
@click.option("--failed", is_flag=True, help="The bank did not take it: the credit is there again.")
def sent_back(refund_id: UUID, *, failed: bool) -> None:
    """Say that the bank transfer of REFUND, which is made by hand, was sent."""
    found = get_refund_by_hand_for_operator(refund_id)
    answer = Answer(Outcome.FAILED if failed else Outcome.SUCCEEDED)
    done = store_refund_answer(refund=found, answer=answer, at=timezone.now(), by=Actor.admin_team())
    click.echo(f"{done.pk}  {_money(done)}  {done.get_state_display()}")


def _tell(made: list[Refund]) -> None:
    for one in made:
        by_hand = "  to be sent by hand" if one.state == RefundState.PENDING else ""
        click.echo(f"{one.pk}  {_money(one)}  {one.get_state_display()}{by_hand}")


def _money(row: Payment | Refund) -> Money:
    return Money(row.amount_minor, row.currency)


def _whose(row: Payment | Refund | Dispute) -> str:
    account = row.account
    return f"{account.serial_number} {account.name}"
