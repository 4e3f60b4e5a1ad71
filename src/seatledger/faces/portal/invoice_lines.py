"""The lines of a document as its page shows them: by licence and period, with their working and where they come from."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from seatledger.domain.invoices.line_words import LineWords, words_of_line
from seatledger.domain.invoices.models import Document, Line
from seatledger.domain.invoices.workings import read_line
from seatledger.engine.lines import Area
from seatledger.engine.lines import Line as Charge
from seatledger.engine.periods import Period
from seatledger.faces.portal.pool_lines import BOUGHT_KINDS


@dataclass(frozen=True)
class LineView:
    """A line in words. The links are empty for a line that a person wrote."""

    row: Line
    description: str
    working: tuple[str, ...] = ()
    entries_url: str = ""
    difference_url: str = ""

    @property
    def percent(self) -> str:
        """The rate of tax as it is written: 20, or 5.5."""
        return f"{self.row.tax_percent.normalize():f}"


@dataclass(frozen=True)
class LineGroup:
    """The lines for one licence and period; without a title, those that a person wrote."""

    title: str
    lines: tuple[LineView, ...]


def group_lines(document: Document, rows: Iterable[Line]) -> list[LineGroup]:
    """Return the lines in their order, those that follow each other for one licence and period together."""
    told = ((row, words_of_line(document, row)) for row in rows)
    return [
        LineGroup(title, tuple(_view(document, row, said) for row, said in group))
        for title, group in groupby(told, key=lambda one: one[1].title)
    ]


def entries_url(row: Line, charge: Charge, document: Document) -> str:
    """Return the address of the ledger entries that a line comes from.

    What is held is counted over the period; what is bought comes from every change of the total up to the document.
    """
    period = charge.scale.period
    query: dict[str, object] = {"type": row.pool_id}
    if isinstance(charge.shape, Area):
        query |= {"first": period.starts_on, "last": period.last_day}
    else:
        query |= {"kind": BOUGHT_KINDS, "last": min(period.last_day, document.dated_on)}
    return f"{reverse('portal:history')}?{urlencode(query)}"


def difference_url(row: Line, charge: Charge) -> str:
    """Return the address at which the line is told change by change."""
    query = urlencode({"pool": row.pool_id, "period": period_key(charge.scale.period)})
    return f"{reverse('portal:difference')}?{query}#line-{row.document_id}-{row.position}"


def period_key(period: Period) -> str:
    """Return what names a period in an address: after a change of interval two may begin on one day."""
    return f"{period.starts_on}--{period.ends_on}"


def _view(document: Document, row: Line, said: LineWords) -> LineView:
    if row.item_id is None or row.text:  # a person's, or a customer's, whose pages these are not
        return LineView(row, said.description, said.working)
    charge = read_line(row)
    return LineView(
        row, said.description, said.working, entries_url(row, charge, document), difference_url(row, charge)
    )
