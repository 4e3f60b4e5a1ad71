"""`seatledger transfers`: take bank statements in, and say whose the money is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack
from uuid import UUID

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import Issue
from seatledger.domain.invoices.queries import list_open_invoices
from seatledger.domain.payments.actions import (
    book_transfer,
    ignore_transfer,
    undo_booking,
)
from seatledger.domain.payments.models import IncomingTransfer, Payment, TransferState
from seatledger.domain.payments.queries import (
    get_transfer_for_operator,
    list_transfers_for_operator,
    propose_for_operator,
)
from seatledger.domain.payments.queries.transfers import Proposal
from seatledger.domain.payments.statements import Columns, UnfitStatement, read_statements
from seatledger.domain.payments.taking_in import take_in
from seatledger.domain.payments.transfers import Part, share_out
from seatledger.engine.money import Money
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.files import FILE, opened, show_errors
from seatledger.faces.cli.invoice import read_amount
from seatledger.faces.cli.parameters import ACCOUNT, DAY
from seatledger.shared.errors import NotFound

PARTS = click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="NUMBER=AMOUNT",
    help="So much of it for this invoice: INV-12=50.00; may be repeated. The first due first unless given.",
)


@click.group()
def transfers() -> None:
    """Take bank statements in, and say whose the money is."""


@transfers.command("import")
@click.argument("file", type=FILE)
@click.option("--column", "named", multiple=True, metavar="OURS=THEIRS", help="What a table calls a column.")
@click.option("--decimal-mark", type=click.Choice([".", ","]), default=".", help="Of a table.")
@click.option("--day-format", default="%Y-%m-%d", show_default=True, help="Of a table, as for strptime.")
@click.option("--currency", default="", help="Of a table whose lines name none.")
def import_file(
    file: Path, *, named: tuple[str, ...], decimal_mark: str, day_format: str, currency: str
) -> None:
    """Import FILE, a statement as camt.053 or as CSV, and book what is certain.

    The columns of a table are date, amount, currency, payer, payer_account, remittance and reference.
    """
    columns = replace(read_columns(named), decimal_mark=decimal_mark, day_format=day_format)
    with opened(file) as stream:
        content = stream.read()
    try:
        statements = read_statements(content, columns=columns, currency=currency.upper())
    except UnfitStatement as refusal:
        show_errors(file, refusal.errors)
        raise
    done = take_in(statements, at=timezone.now(), by=Actor.admin_team())
    for line in done.left_out:
        click.echo(line)
    if done.statements_known:
        click.echo(f"Statements that were imported before: {done.statements_known}.")
    click.echo(f"{done.new} new transfers, {done.known} known ones; {done.booked} booked.")


@transfers.command("list")
@click.option("--all", "every", is_flag=True, help="Those that were booked and ignored too.")
def show_list(*, every: bool) -> None:
    """Show the transfers that are to be matched, each with whose it may be, and why."""
    found = list_transfers_for_operator(None if every else TransferState.UNMATCHED, limit=1000)
    proposed = propose_for_operator([one for one in found if one.state == TransferState.UNMATCHED])
    for transfer in found:
        for line in transfer_in_lines(transfer, proposed.get(transfer.pk, ())):
            click.echo(line)
    if not found:
        click.echo("Nothing is to be matched.")


@transfers.command()
@click.argument("transfer_id", type=click.UUID, metavar="TRANSFER")
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@PARTS
def book(transfer_id: UUID, account: Account, *, parts: tuple[str, ...]) -> None:
    """Book TRANSFER as a payment of the account SERIAL."""
    transfer = get_transfer_for_operator(transfer_id)
    amount = Money(transfer.amount_minor, transfer.currency)
    payment = book_transfer(
        transfer=transfer,
        account=account,
        parts=read_parts(account, parts, amount),
        at=timezone.now(),
        by=Actor.admin_team(),
    )
    click.echo(booked_in_words(payment))


class Received(TypedDict):
    """What `receive` is told of the money."""

    amount: str
    booked_on: date
    payer: str
    remittance: str


@transfers.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@click.option("--amount", required=True, help="So much, in the account's currency: 12.50.")
@click.option("--on", "booked_on", type=DAY, required=True, help="The day of booking at the bank.")
@click.option("--payer", default="")
@click.option("--text", "remittance", default="", help="What the payer wrote.")
@click.option("--reason", default="", help="How you know; needed with --as.")
@PARTS
@AS
def receive(
    account: Account, *, parts: tuple[str, ...], reason: str, asked_by: str, **said: Unpack[Received]
) -> None:
    """Book a transfer of the account SERIAL that no statement tells."""
    amount = Money(read_amount(said["amount"], account.currency), account.currency)
    chosen = read_parts(account, parts, amount) if parts else ()
    told: dict[str, str | int] = {
        "amount_minor": amount.amount_minor,
        "booked_on": said["booked_on"].isoformat(),
        "payer": said["payer"],
        "remittance": said["remittance"],
        "parts": ",".join(f"{part.invoice_id}={part.amount_minor}" for part in chosen),
    }
    done = do(account, "book_payment", told, reason=reason, asked_by=asked_by)
    if isinstance(done.result, Payment):
        click.echo(booked_in_words(done.result))


@transfers.command()
@click.argument("transfer_id", type=click.UUID, metavar="TRANSFER")
@click.option("--why", required=True, help="What it is instead.")
def ignore(transfer_id: UUID, *, why: str) -> None:
    """Set TRANSFER aside: it is no payment of a customer."""
    transfer = get_transfer_for_operator(transfer_id)
    ignore_transfer(transfer=transfer, why=why, at=timezone.now(), by=Actor.admin_team())
    click.echo("It is ignored.")


@transfers.command()
@click.argument("transfer_id", type=click.UUID, metavar="TRANSFER")
@click.option("--why", required=True, help="What was wrong.")
def undo(transfer_id: UUID, *, why: str) -> None:
    """Take the booking of TRANSFER back: what it settled is open again."""
    transfer = get_transfer_for_operator(transfer_id)
    undo_booking(transfer=transfer, why=why, at=timezone.now(), by=Actor.admin_team())
    click.echo("It is to be matched again.")


def read_columns(named: Sequence[str]) -> Columns:
    """Return what a table calls its columns, from `amount=Betrag` and the like."""
    found = {}
    ours = {"date", "amount", "currency", "payer", "payer_account", "remittance", "reference"}
    for pair in named:
        name, mark, theirs = pair.partition("=")
        if not mark or name not in ours:
            raise click.BadParameter(
                f"“{pair}” names no column. Write it as amount=Betrag.", param_hint="--column"
            )
        found[name] = theirs
    return replace(Columns(), **found)


def read_parts(account: Account, parts: Sequence[str], amount: Money) -> Sequence[Part]:
    """Return what settles which invoice: as it was said, else the account's open invoices, the first due first."""
    if not parts:
        open_invoices = list_open_invoices(account)
        return share_out([(issue.pk, issue.open_minor) for issue in open_invoices], amount.amount_minor)
    found = []
    for pair in parts:
        reference, _, text = pair.partition("=")
        issue = Issue.objects.filter(account=account, reference=reference).first()
        if issue is None:
            raise NotFound("invoice")
        found.append(Part(issue.pk, read_amount(text, amount.currency)))
    return found


def transfer_in_lines(transfer: IncomingTransfer, proposals: Sequence[Proposal]) -> Iterator[str]:
    """Yield a transfer as operators read it, with what is proposed for it."""
    amount = Money(transfer.amount_minor, transfer.currency)
    yield f"{transfer.pk}  {transfer.booked_on}  {amount}  {transfer.payer or 'unknown payer'}"
    if transfer.remittance:
        yield f"    {transfer.remittance}"
    if transfer.payment:
        yield f"    booked for {transfer.payment.account.serial_number} {transfer.payment.account.name}"
    elif transfer.state == TransferState.IGNORED:
        yield f"    ignored: {transfer.note}"
    for one in proposals:
        parts = ", ".join(f"{reference} {part}" for reference, part in one.parts) or "as credit"
        yield f"    {one.account.serial_number} {one.account.name}: {parts} ({one.match.why.in_words})"


def booked_in_words(payment: Payment) -> str:
    """Return what was booked, and what of it is the account's credit."""
    amount, unused = (
        Money(minor, payment.currency)
        for minor in (payment.amount_minor, payment.amount_minor - payment.applied_minor)
    )
    return f"{amount} of {payment.account.serial_number} is booked; {unused} of it is the account's credit."
