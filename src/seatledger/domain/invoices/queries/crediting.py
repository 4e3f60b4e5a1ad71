"""What is left of an invoice after the credit notes that were made for it."""

from collections import defaultdict
from decimal import Decimal

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.crediting import InvoiceLeft, LineLeft
from seatledger.domain.invoices.models import Document, Line
from seatledger.domain.invoices.taxes import TaxTreatment, read_tax
from seatledger.domain.invoices.workings import read_line
from seatledger.engine.words import describe_line


def get_what_is_left(account: Account, invoice: Document) -> InvoiceLeft:
    """Return what is left of an issued invoice, line by line and rate by rate, in three statements."""
    notes = list(Document.objects.filter(account=account, corrects=invoice, issue__isnull=False))
    charged = [read_tax(stored) for stored in invoice.taxes]
    taxes = dict(charged)
    by_rate = {(tax.kind, tax.percent): tax for tax, _ in charged}
    for note in notes:
        for tax, taxed in map(read_tax, note.taxes):
            whole = by_rate[tax.kind, tax.percent]
            taxes[whole] = taxes[whole].less(taxed)
    return InvoiceLeft(invoice.currency, _lines_left(account, invoice, notes, by_rate), taxes)


def _lines_left(
    account: Account,
    invoice: Document,
    notes: list[Document],
    by_rate: dict[tuple[str, Decimal], TaxTreatment],
) -> tuple[LineLeft, ...]:
    credited: dict[int, int] = defaultdict(int)
    of_notes = Line.objects.filter(account_id=account.pk, document__in=notes, of_position__isnull=False)
    for position, amount_minor in of_notes.values_list("of_position", "amount_minor"):
        assert position is not None, "lines without a position are left out"
        credited[position] += amount_minor
    rows = Line.objects.filter(account_id=account.pk, document=invoice).order_by("position")
    return tuple(
        LineLeft(
            row.position,
            row.licence_name,
            f"{describe_row(row)} ({invoice.issue.reference}, line {row.position})",
            by_rate[row.tax_kind, row.tax_percent],
            row.amount_minor - credited[row.position],
        )
        for row in rows
    )


def describe_row(row: Line) -> str:
    """Say what a stored line is for; of a provider's bill for its customers, with the customer it is for."""
    if row.item_id is None:
        return row.text
    what = describe_line(read_line(row))
    return f"{row.text}: {what}" if row.text else what
