"""Store documents set-wise: as few statements for a thousand accounts as for one.

Whoever calls holds the rows of the accounts (`lock_account`), so their books do not move meanwhile. Numbers are drawn
last, when all else is stored and checked: who issues at the same moment waits for the end of the transaction only.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID, uuid4

from django.db import connection, transaction

from seatledger.domain.events.actions import Actor, Happening, record_across
from seatledger.domain.invoices.books import Books, OpenDocument
from seatledger.domain.invoices.drafts import Draft, StoredDraft
from seatledger.domain.invoices.models import Document, DocumentKind, EntryKind
from seatledger.domain.invoices.rows import DOCUMENTS, LINES, rows_of_documents, rows_of_lines
from seatledger.shared.arrays import uuid_array
from seatledger.shared.copying import Into, copy_rows, escape, new_ids, row_of


@dataclass(frozen=True)
class DocumentIssued(Happening):
    document_id: UUID
    document_kind: str


_ENTRIES = Into(
    "invoices_balanceentry",
    "id, account_id, sequence, kind, at, dated_on, currency, amount_minor, balance_minor, document_id, text",
)
_SETTLEMENTS = Into(
    "invoices_settlement",
    "id, account_id, invoice_id, credit_note_id, kind, amount_minor, at",
)
_ISSUES = Into(
    "invoices_issue",
    "document_id, account_id, series_id, number, reference, issued_at, total_minor, open_minor",
)
_BALANCES = """
SELECT wanted.account_id, newest.sequence, newest.balance_minor FROM unnest(%s::uuid[]) AS wanted (account_id)
CROSS JOIN LATERAL (
  SELECT sequence, balance_minor FROM invoices_balanceentry entry
  WHERE entry.account_id = wanted.account_id ORDER BY sequence DESC LIMIT 1
) newest
"""
_OPEN = """
SELECT issue.account_id, issue.document_id, series.kind, document.currency, issue.open_minor
FROM invoices_issue issue
JOIN invoices_numberseries series ON series.id = issue.series_id
JOIN invoices_document document ON document.id = issue.document_id
WHERE issue.account_id = ANY(%s::uuid[]) AND issue.open_minor > 0 AND series.kind = %s
ORDER BY issue.issued_at, issue.number
"""
_REDUCE = """
UPDATE invoices_issue AS stored SET open_minor = now.open_minor
FROM unnest(%s::uuid[], %s::bigint[]) AS now (document_id, open_minor)
WHERE stored.document_id = now.document_id
"""
_NUMBERS = """
UPDATE invoices_numberseries AS series SET next_number = next_number + wanted.how_many
FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS wanted (seller_id, kind, how_many)
WHERE series.seller_id = wanted.seller_id AND series.kind = wanted.kind AND series.region = ''
RETURNING series.seller_id, series.kind, series.id, series.prefix, series.next_number - wanted.how_many
"""


_HOLD_SERIES = """
SELECT FROM invoices_numberseries WHERE seller_id = ANY(%s) AND region = '' ORDER BY seller_id, kind FOR NO KEY UPDATE
"""


@transaction.atomic
def issue_drafts(drafts: Sequence[Draft], *, at: datetime, by: Actor) -> list[Document]:
    """Store and issue documents, in their order, and return them. The accounts are held by the caller.

    Open credit is used for new invoices, the oldest first; a credit note reduces the invoice that it corrects and then
    the open ones, the oldest first.
    """
    issued = issue_stored(store_drafts(drafts, at=at), at=at, by=by)
    rows = Document.objects.select_related("issue").in_bulk(issued)
    return [rows[document_id] for document_id in issued]


def store_drafts(drafts: Sequence[Draft], *, at: datetime) -> list[StoredDraft]:
    """Store documents and their lines without a number."""
    stored = [StoredDraft.of(draft) for draft in drafts]
    copy_rows(DOCUMENTS, rows_of_documents(stored, drafts, at=at))
    copy_rows(LINES, rows_of_lines(stored, drafts))
    return stored


def issue_stored(stored: Sequence[StoredDraft], *, at: datetime, by: Actor) -> list[UUID]:
    """Issue documents that are stored: enter them into the books and give them their numbers, in their order."""
    if not stored:
        return []
    opened = [OpenDocument(row.id, row.kind, row.currency, row.total_minor) for row in stored]
    books = _read_books(stored)
    entries, said_at = [], str(at)
    for row, document, entry_id in zip(stored, opened, new_ids(len(stored)), strict=True):
        book = books[row.account_id]
        amount_minor = book.enter(document, corrects_id=row.corrects_id)
        entries.append(f"{entry_id}\t{_entry(row, book, amount_minor, said_at)}")
    copy_rows(_ENTRIES, entries)
    happened = [
        (row.account_id, DocumentIssued(document_id=row.id, document_kind=row.kind.value), at)
        for row in stored
    ]
    record_across(happened, by=by)
    _write_settlements(books.values(), at=at)
    _reduce_open(books.values(), new={row.id for row in stored})
    _number(stored, opened, at)
    return [row.id for row in stored]


def _entry(row: StoredDraft, book: Books, amount_minor: int, at: str) -> str:
    kind = EntryKind.INVOICE if row.kind is DocumentKind.INVOICE else EntryKind.CREDIT_NOTE
    return (
        f"{row.account_id.hex}\t{book.sequence}\t{kind.value}\t{at}\t{row.dated_on}\t{row.currency}\t"
        f"{amount_minor}\t{book.balance_minor}\t{row.id.hex}\t"
    )


def _read_books(stored: Collection[StoredDraft]) -> dict[UUID, Books]:
    books = {row.account_id: Books(row.account_id) for row in stored}
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [uuid_array(books)])
        for account_id, sequence, balance_minor in cursor.fetchall():
            books[account_id].sequence, books[account_id].balance_minor = sequence, balance_minor
    # An invoice asks for open credit, a credit note for open invoices; nobody else's are read.
    asks = {DocumentKind.INVOICE: DocumentKind.CREDIT_NOTE, DocumentKind.CREDIT_NOTE: DocumentKind.INVOICE}
    for asking, wanted in asks.items():
        account_ids = {row.account_id for row in stored if row.kind is asking}
        for account_id, document in _read_open(account_ids, wanted):
            book = books[account_id]
            of_kind = book.open_invoices if wanted is DocumentKind.INVOICE else book.open_credit_notes
            of_kind.append(document)
    return books


def _read_open(account_ids: Collection[UUID], kind: DocumentKind) -> Iterator[tuple[UUID, OpenDocument]]:
    if not account_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [uuid_array(account_ids), kind.value])
        for account_id, document_id, _, currency, open_minor in cursor.fetchall():
            yield account_id, OpenDocument(document_id, kind, currency, open_minor)


def _write_settlements(books: Iterable[Books], *, at: datetime) -> None:
    rows = [
        row_of(
            uuid4(),
            settled.account_id,
            settled.invoice_id,
            settled.credit_note_id,
            EntryKind.CREDIT_NOTE.value,
            settled.amount_minor,
            at,
        )
        for book in books
        for settled in book.settled
    ]
    copy_rows(_SETTLEMENTS, rows)


def _reduce_open(books: Iterable[Books], *, new: Collection[UUID]) -> None:
    """Store what is open now of the documents that were issued before."""
    touched = {
        document.id: document.open_minor
        for book in books
        if book.settled
        for document in (*book.open_invoices, *book.open_credit_notes)
        if document.id not in new
    }
    if touched:
        with connection.cursor() as cursor:
            cursor.execute(_REDUCE, [list(touched), list(touched.values())])


def _number(stored: Sequence[StoredDraft], opened: Sequence[OpenDocument], at: datetime) -> None:
    """Give the documents the next numbers of their sellers, in their order."""
    with connection.cursor() as cursor:
        # What can be refused is refused before the series are held: then nobody waits for checks.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        series = _draw(Counter([(row.seller_id, row.kind.value) for row in stored]))
        rows, said_at = [], str(at)
        for row, document in zip(stored, opened, strict=True):
            series_id, prefix, numbers = series[row.seller_id, row.kind.value]
            number = next(numbers)
            rows.append(
                f"{row.id.hex}\t{row.account_id.hex}\t{series_id}\t{number}\t{prefix}{number}\t{said_at}\t{row.total_minor}\t"
                f"{document.open_minor}"
            )
        copy_rows(_ISSUES, rows)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _draw(wanted: Counter[tuple[UUID, str]]) -> dict[tuple[UUID, str], tuple[int, str, Iterator[int]]]:
    """Return, for each seller and kind, its series, the prefix as rows have it, and so many numbers, in order."""
    # In one order for all, or two that draw from two series could wait for each other for ever.
    asked = sorted((*key, how_many) for key, how_many in wanted.items())
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_SERIES, [[seller_id for seller_id, _, _ in asked]])
        cursor.execute(_NUMBERS, [list(column) for column in zip(*asked, strict=True)])
        return {
            (seller_id, kind): (series_id, escape(prefix), count(first))
            for seller_id, kind, series_id, prefix, first in cursor.fetchall()
        }
