"""The lines of a document in words, as every page that shows one tells them."""

from datetime import timedelta
from typing import NamedTuple

from seatledger.domain.invoices.models import Document, DocumentKind, Line
from seatledger.domain.invoices.workings import read_line
from seatledger.engine.words import days_in_words, describe_line, explain_line

IN_FAVOUR = "On a credit note it counts in your favour, so it is shown there without its minus."


class LineWords(NamedTuple):
    """What a line is for, what it says, and why it is what it is, in sentences; these are empty where a person wrote it."""

    title: str
    description: str
    working: tuple[str, ...] = ()


def words_of_line(document: Document, row: Line) -> LineWords:
    """Return a line of `document` in words. Lines for one licence and period have one title; a person's has none."""
    if row.item_id is None:
        return LineWords(_title_of(row), row.text)
    charge = read_line(row)
    working = explain_line(charge)
    if document.kind == DocumentKind.CREDIT_NOTE:
        working = (*working, IN_FAVOUR)
    return LineWords(_title_of(row), describe_line(charge), working)


def _title_of(row: Line) -> str:
    if row.period_starts_on is None or row.period_ends_on is None:
        return row.licence_name
    days = days_in_words(row.period_starts_on, row.period_ends_on - timedelta(days=1))
    licence = f"{row.text}: {row.licence_name}" if row.text else row.licence_name
    return f"{licence}, {days}"
