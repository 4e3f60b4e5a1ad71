"""`seatledger invoice`: look at an invoice, and credit it, declare it void or write it off."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from django.utils import timezone

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import (
    NewTerms,
    change_billing_terms,
    store_files,
)
from seatledger.domain.invoices.models import Document, FileKind, Issue, Settlement
from seatledger.domain.invoices.papers.names import file_name
from seatledger.domain.invoices.queries import (
    describe_row,
    get_file,
    get_issued_for_operator,
    list_corrections,
    list_file_kinds,
    list_lines,
    list_settlements,
    list_uses,
)
from seatledger.engine.money import Money
from seatledger.faces.cli.doing import AS, do
from seatledger.faces.cli.parameters import ACCOUNT
from seatledger.shared.errors import Refused

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)
DIRECTORY = click.Path(exists=True, file_okay=False, writable=True, path_type=Path)
REASON = click.option("--reason", required=True, help="Why; of a credit, printed on the credit note.")


class FileInTheMaking(Refused):
    """Somebody else is making the files."""

    code = "file_in_the_making"


class Reference(click.ParamType[Document]):
    """The number of an invoice or a credit note; the command receives the document."""

    name = "number"

    def convert(
        self, value: str | Document, param: click.Parameter | None, ctx: click.Context | None
    ) -> Document:
        del param, ctx  # a number that was not given is refused like any other unknown thing
        return value if isinstance(value, Document) else get_issued_for_operator(value)


REFERENCE = Reference()


@click.group()
def invoice() -> None:
    """Look at an invoice, write its files, and credit it, declare it void or write it off."""


@invoice.command()
@click.argument("document", type=REFERENCE, metavar="NUMBER")
def show(document: Document) -> None:
    """Show the invoice or credit note NUMBER, and what became of it."""
    for line in document_in_lines(document):
        click.echo(line)


@invoice.command()
@click.argument("document", type=REFERENCE, metavar="NUMBER")
@click.argument("directory", type=DIRECTORY)
def files(document: Document, directory: Path) -> None:
    """Write the invoice or credit note NUMBER to DIRECTORY, as PDF and as XML.

    What was not made yet is made. XML is left out where a document cannot be told in the terms of EN 16931.
    """
    store_files(document=document, kinds=list(FileKind), at=timezone.now(), by=Actor.admin_team())
    for kind in list_file_kinds(document.account, document):
        file = get_file(document.account, document.pk, kind)
        if file is None:
            raise FileInTheMaking("A job is making these files at this moment. Ask again in a few seconds.")
        name = file_name(document.issue.reference, kind)
        (directory / name).write_bytes(file.content)
        click.echo(name)


@invoice.command()
@click.argument("document", type=REFERENCE, metavar="NUMBER")
@click.option(
    "--line", "positions", type=click.IntRange(min=1), multiple=True, help="Only this line; may be repeated."
)
@click.option("--amount", help="Only so much, tax and all: 12.50.")
@REASON
@AS
def credit(
    document: Document, *, positions: tuple[int, ...], amount: str | None, reason: str, asked_by: str
) -> None:
    """Credit the invoice NUMBER: all that is left of it, some of its lines, or an amount.

    What is left of the credit when the account's invoices are settled is taken off the next ones. Nothing is billed anew.
    """
    if positions and amount:
        raise click.UsageError("Give lines or an amount, not both.")
    told = {
        "document_id": str(document.pk),
        "lines": ",".join(map(str, positions)),
        "amount_minor": read_amount(amount, document.currency) if amount else None,
    }
    done = do(document.account, "credit_invoice", told, reason=reason, asked_by=asked_by)
    if isinstance(done.result, Document):
        click.echo(issued_in_words(done.result))


@invoice.command()
@click.argument("document", type=REFERENCE, metavar="NUMBER")
@REASON
@AS
def void(document: Document, *, reason: str, asked_by: str) -> None:
    """Declare the invoice NUMBER void: nothing of it is owed, and what it charged is billed anew.

    Only while nothing of it was paid, credited or written off.
    """
    told = {"document_id": str(document.pk)}
    if not do(document.account, "void_invoice", told, reason=reason, asked_by=asked_by).waits:
        click.echo(f"{document.issue.reference} is void.")


@invoice.command("write-off")
@click.argument("document", type=REFERENCE, metavar="NUMBER")
@REASON
@AS
def give_up(document: Document, *, reason: str, asked_by: str) -> None:
    """Give up what is open of the invoice NUMBER: it is owed no longer."""
    told = {"document_id": str(document.pk)}
    written = do(document.account, "write_off", told, reason=reason, asked_by=asked_by).result
    if isinstance(written, Settlement):
        amount = Money(written.amount_minor, document.currency)
        click.echo(f"{amount} of {document.issue.reference} is written off.")


@invoice.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@click.option("--amount", required=True, help="So much, tax and all: 12.50.")
@click.option("--text", required=True, help="What the credit note's line says.")
@REASON
@AS
def gesture(account: Account, *, amount: str, text: str, reason: str, asked_by: str) -> None:
    """Credit an account without an invoice."""
    told: dict[str, str | int] = {"amount_minor": read_amount(amount, account.currency), "text": text}
    done = do(account, "credit_account", told, reason=reason, asked_by=asked_by)
    if isinstance(done.result, Document):
        click.echo(issued_in_words(done.result))


@invoice.command()
@click.argument("account", type=ACCOUNT, metavar="SERIAL")
@click.option("--seller", "seller_key", default="", help="Who sells to it; the default one unless given.")
@click.option("--days", type=int, help="How many days it has to pay; the seller's unless given.")
@click.option(
    "--exempt", "exempt_reason", default="", help="Why no tax is charged, as printed on its invoices."
)
def terms(account: Account, *, seller_key: str, days: int | None, exempt_reason: str) -> None:
    """Set the terms of an account's later invoices: all three of them, so leave out what is to be the usual."""
    change_billing_terms(
        account=account,
        terms=NewTerms(seller_key, days, exempt_reason),
        at=timezone.now(),
        by=Actor.admin_team(),
    )
    click.echo(f"The terms of {account.serial_number} are set.")


def read_amount(text: str, currency: str) -> int:
    """Return an amount in minor units. Refuses what is no amount of the currency."""
    if not _AMOUNT.fullmatch(text):
        raise click.BadParameter(f"“{text}” is no amount. Write it as 12.50.", param_hint="--amount")
    try:
        return Money.from_text(text, currency).amount_minor
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--amount") from None


def issued_in_words(note: Document) -> str:
    """Return what a credit note gives, and what of it is left for later invoices."""
    issue = Issue.objects.get(document=note)
    total, unused = (Money(minor, note.currency) for minor in (issue.total_minor, issue.open_minor))
    return f"{issue.reference} over {total} is issued; {unused} of it is left for later invoices."


def document_in_lines(document: Document) -> Iterator[str]:
    """Yield a document as operators read it."""
    issue, currency = document.issue, document.currency
    yield f"{document.get_kind_display()} {issue.reference} of {document.dated_on}, due on {document.due_on}"
    yield f"    {document.account.serial_number}  {document.billed_to['name']}"
    if document.corrects:
        yield f"    for {document.corrects.issue.reference}: {document.reason}"
    for line in list_lines(document.account, document):
        what = f"{line.licence_name}, {describe_row(line)}" if line.licence_name else describe_row(line)
        yield f"{line.position:>4}  {what}: {Money(line.amount_minor, currency)}"
    for tax in document.taxes:
        why = f" ({tax['note']})" if tax["note"] else ""
        yield f"      tax {tax['percent']} % on {Money(tax['net_minor'], currency)}: {Money(tax['tax_minor'], currency)}{why}"
    yield f"      total {Money(issue.total_minor, currency)}, open {Money(issue.open_minor, currency)}"
    if hasattr(document, "void"):
        yield f"      void since {document.void.at:%Y-%m-%d}: {document.void.reason}"
    for note in list_corrections(document.account, document):
        yield f"      credited by {note.issue.reference}: {Money(note.total_minor, currency)}"
    for settled in (*list_settlements(document.account, document), *list_uses(document.account, document)):
        if settled.credit_note is None or settled.credit_note.corrects_id != settled.invoice_id:
            yield f"      {_settlement_in_words(settled, document)}"


def _settlement_in_words(settled: Settlement, document: Document) -> str:
    """Say on which day and by what a part of a document was settled, and why, where a person said so."""
    what = settled.get_kind_display().lower()
    if settled.invoice and settled.invoice != document:
        what = f"used for {settled.invoice.issue.reference}"
    elif settled.credit_note and settled.credit_note != document:
        what = f"{what} {settled.credit_note.issue.reference}"
    why = f" ({settled.reason})" if settled.reason else ""
    return f"{settled.at:%Y-%m-%d} {what}: {Money(settled.amount_minor, document.currency)}{why}"
