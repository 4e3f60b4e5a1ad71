"""Tables of figures: the same cells on a page, beside a chart, and in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_skeleton

from seatledger.engine.money import Money
from seatledger.faces.ui import formats

NONE: Final = formats.NOTHING


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reader sees, where it leads, and what a program reads of it."""

    text: str
    url: str = ""
    plain: str | int = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Rows of cells, the first of which names the row."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Return each heading, and whether numbers stand below it."""
        numbers = (any(cell.is_number for cell in column) for column in zip(*self.rows, strict=True))
        return (
            list(zip(self.headings, numbers, strict=True))
            if self.rows
            else [(one, False) for one in self.headings]
        )

    @property
    def labelled(self) -> list[tuple[Cell, list[tuple[str, Cell]]]]:
        """Return each row as its name, and its other cells with their headings."""
        return [(row[0], list(zip(self.headings[1:], row[1:], strict=True))) for row in self.rows]

    @property
    def file_rows(self) -> list[list[str | int]]:
        """Return the table as it stands in a file."""
        return [list(self.headings), *([cell.plain for cell in row] for row in self.rows)]


def words(text: str, *, url: str = "") -> Cell:
    return Cell(text, url, text, is_number=False)


def month_cell(month: date) -> Cell:
    return Cell(month_text(month), "", f"{month:%Y-%m}", is_number=False)


def month_text(month: date, *, short: bool = False) -> str:
    """Return a month as the reader writes it: Oct 2026, or without its year."""
    return format_skeleton("MMM" if short else "yMMM", month, locale=formats.reader_locale())


def day_cell(day: date) -> Cell:
    return Cell(formats.day_text(day, locale=formats.reader_locale()), "", day.isoformat(), is_number=False)


def number_cell(number: int | None, *, url: str = "") -> Cell:
    """Return a number; one of nothing leads nowhere, for there is nothing to see."""
    if number is None:
        return Cell(NONE, "", "")
    text = formats.number_text(number, locale=formats.reader_locale())
    return Cell(text, url if number else "", number)


def money_cell(amount_minor: int, currency: str, *, url: str = "") -> Cell:
    text = formats.money_text(amount_minor, currency, locale=formats.reader_locale())
    return Cell(text, url if amount_minor else "", Money(amount_minor, currency).to_text())
