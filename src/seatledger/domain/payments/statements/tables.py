"""A bank's statement as a table: CSV with a head, commas or semicolons, columns called as the bank likes."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from seatledger.domain.licences.importing.lines import Flaw, LineError
from seatledger.domain.payments.statements.told import (
    LONGEST_PAYER,
    LONGEST_REFERENCE,
    LONGEST_REMITTANCE,
    MOST_CREDITS,
    Columns,
    ReadStatement,
    ToldCredit,
    UnfitStatement,
    clean_told,
    read_money,
)
from seatledger.engine.money import Money

FORM: Final = "csv"
_MOST_ERRORS: Final = 50
_NEEDED: Final = ("date", "amount")
_OPTIONAL: Final = ("currency", "payer", "payer_account", "remittance", "reference")
# What a line that the bank gives no reference of is known by, so that overlapping exports count it once.
_DIGITS_KEPT: Final = 40


@dataclass(frozen=True)
class _Line:
    number: int
    fields: dict[str, str]


def read_table(content: bytes, columns: Columns, *, currency: str) -> ReadStatement:
    """Return the credits of a table; debits, with a minus, are left out. `currency` is of lines that name none.

    Raises UnfitStatement with every line that is wrong: nothing of a file is taken that is not right as a whole.
    """
    lines = _lines(content, columns)
    errors: list[LineError] = []
    found: list[ToldCredit] = []
    seen: Counter[str] = Counter()
    for line in lines:
        try:
            credit = _credit(line, columns, currency, seen)
        except Flaw as flaw:
            errors.append(LineError(line.number, str(flaw.column), flaw.message))
            continue
        if credit:
            found.append(credit)
    doubled = [one for one, times in Counter(credit.bank_reference for credit in found).items() if times > 1]
    if doubled:
        raise UnfitStatement(
            f"The reference “{doubled[0]}” stands on two lines. Choose a column that tells them apart."
        )
    if errors:
        raise UnfitStatement(
            f"Lines that cannot be read: {len(errors)}. Nothing was imported; mend them and import the file again.",
            errors[:_MOST_ERRORS],
        )
    debits = len(lines) - len(found)
    left_out = (f"Left out, as debits: {debits}.",) if debits else ()
    return ReadStatement(FORM, hashlib.sha256(content).hexdigest(), tuple(found), left_out)


def _lines(content: bytes, columns: Columns) -> list[_Line]:
    """Return the lines below the head, by what we call their columns. Raises UnfitStatement."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnfitStatement("The file is not UTF-8. Save it as CSV in UTF-8.") from None
    head, _, _ = text.partition("\n")
    reader = csv.reader(
        io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True
    )
    found: list[_Line] = []
    try:
        places = _places([name.strip() for name in next(reader, [])], columns)
        for row in reader:
            if any(field.strip() for field in row):
                fields = {name: row[place].strip() for name, place in places.items() if place < len(row)}
                found.append(_Line(reader.line_num, fields))
            if len(found) > MOST_CREDITS:
                raise UnfitStatement(f"A file holds {MOST_CREDITS:,} lines at most. Split it.")
    except csv.Error as problem:
        raise UnfitStatement(f"Line {reader.line_num} is no CSV: {problem}. Save the file again.") from None
    return found


def _places(head: Sequence[str], columns: Columns) -> dict[str, int]:
    """Return at which place each of our columns stands. Raises UnfitStatement when one that is needed is missing."""
    names = [name.casefold() for name in head]
    places = {}
    for ours in (*_NEEDED, *_OPTIONAL):
        theirs = str(getattr(columns, ours)).strip().casefold()
        if theirs and names.count(theirs) > 1:
            raise UnfitStatement(f"Two columns are called “{clean_told(theirs, 60)}”. Rename one.")
        if theirs in names:
            places[ours] = names.index(theirs)
        elif ours in _NEEDED:
            told = clean_told(", ".join(filter(None, head)), 300) or "nothing"
            wanted = clean_told(theirs, 60)
            raise UnfitStatement(
                f"There is no column “{wanted}” for the {ours}. The file's first line names: {told}."
            )
    return places


def _credit(line: _Line, columns: Columns, currency: str, seen: Counter[str]) -> ToldCredit | None:
    """Return what a line tells, or None for a debit. Raises Flaw."""
    on = _day(line, columns)
    amount = _amount(line, columns, line.fields.get("currency", "").upper() or currency)
    if amount.amount_minor < 0:
        return None
    if amount.amount_minor == 0:
        raise Flaw(columns.amount, "An amount of nothing is no transfer. Remove the line.")
    payer = clean_told(line.fields.get("payer"), LONGEST_PAYER)
    account = clean_told(line.fields.get("payer_account"), LONGEST_REFERENCE).replace(" ", "")[:34]
    remittance = clean_told(line.fields.get("remittance"), LONGEST_REMITTANCE)
    reference = clean_told(line.fields.get("reference"), LONGEST_REFERENCE - len(FORM) - 1)
    if not reference:
        told = "\x1f".join((on.isoformat(), str(amount), payer, account, remittance))
        seen[told] += 1
        reference = hashlib.sha256(f"{told}\x1f{seen[told]}".encode()).hexdigest()[:_DIGITS_KEPT]
    return ToldCredit(f"{FORM}/{reference}", on, amount, payer, account, remittance)


def _day(line: _Line, columns: Columns) -> date:
    text = line.fields.get("date", "")
    try:
        return datetime.strptime(text, columns.day_format).date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        example = date(2026, 12, 31).strftime(columns.day_format)
        raise Flaw(
            columns.date, f"“{clean_told(text, 40)}” is no day. It is to be written as {example}."
        ) from None


def _amount(line: _Line, columns: Columns, currency: str) -> Money:
    text = line.fields.get("amount", "")
    mark, grouping = (".", ",") if columns.decimal_mark == "." else (",", ".")
    plain = re.sub(r"[\s'\u2019]", "", text)
    # Groups of three only, or 1,23 read with the wrong mark would be a hundred times as much.
    grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(grouping)}\d{{3}})+(?:{re.escape(mark)}\d+)?"
    if re.fullmatch(grouped, plain, re.ASCII):
        plain = plain.replace(grouping, "")
    try:
        return read_money(plain.replace(mark, ".") if grouping not in plain else "", currency)
    except ValueError:
        raise Flaw(
            columns.amount,
            f"“{clean_told(text, 40)}” is no amount of {clean_told(currency, 3) or 'a currency'}. Write it as"
            f" 1{grouping}234{mark}50, with a minus for a debit.",
        ) from None
