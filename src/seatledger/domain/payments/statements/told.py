"""What a statement tells, whatever form it came in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from seatledger.domain.licences.importing.lines import LineError
from seatledger.engine.money import Money
from seatledger.shared.errors import Refused
from seatledger.shared.text import clean_search

# Beyond any statement of a day; an attack or a mistake is refused before it fills the memory.
MOST_BYTES: Final = 20_000_000
MOST_CREDITS: Final = 50_000
MOST_MINOR: Final = 10**14
_AMOUNT: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,5})?", re.ASCII)
LONGEST_PAYER: Final = 140
LONGEST_REMITTANCE: Final = 1000
LONGEST_REFERENCE: Final = 140


class UnfitStatement(Refused):
    """The file is no statement that can be read. `errors` are its wrong lines, where it has lines."""

    code = "unfit_statement"

    def __init__(self, message: str, errors: Sequence[LineError] = ()) -> None:
        super().__init__(message)
        self.errors = tuple(errors)


@dataclass(frozen=True)
class ToldCredit:
    """Money that came in. `bank_reference` is the bank's own for it; `payer_account` his IBAN, where the bank says so."""

    bank_reference: str
    booked_on: date
    amount: Money
    payer: str = ""
    payer_account: str = ""
    remittance: str = ""


@dataclass(frozen=True)
class ReadStatement:
    """One statement. `left_out` says, in sentences for staff, what it told beside booked credits."""

    form: str
    identifier: str
    credits: tuple[ToldCredit, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """How a bank's table calls what is needed; the columns whose name is empty are not there.

    `decimal_mark` is `.` or `,`; `day_format` as for `strptime`. `reference` is the bank's own for each line.
    """

    date: str = "date"
    amount: str = "amount"
    currency: str = "currency"
    payer: str = "payer"
    payer_account: str = "payer_account"
    remittance: str = "remittance"
    reference: str = "reference"
    decimal_mark: str = "."
    day_format: str = "%Y-%m-%d"


def clean_told(text: str | None, longest: int) -> str:
    """Return text of a bank in one line, without what cannot be shown, cut to what is kept of it. Never refuses."""
    words = " ".join((text or "").split())
    return " ".join(
        filter(None, (clean_search(words[start : start + 200]) for start in range(0, len(words), 200)))
    )[:longest]


def read_money(text: str, currency: str) -> Money:
    """Return an amount written with a point and without grouping. Raises ValueError."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"{text!r} is no amount.")
    amount = Money.from_text(text, currency)
    if abs(amount.amount_minor) > MOST_MINOR:
        raise ValueError(f"{text} is more than any transfer.")
    return amount
