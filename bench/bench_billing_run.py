"""The billing run over 20,000 accounts with four lines each and five changes a line in the period.

Beside each chunk that is billed, the very same rows are copied into the very same tables for twins of its accounts:
that is the floor. They are all that a run writes: documents, lines, entries of the statement, events with their chain,
numbers, and the row that says when an account is billed next. What is compared is the work of both processes, this one and the database's that serves it: they take
turns, so that is the time it takes when the machine does nothing else. A figure is the lower quartile of the chunks.
"""

import os
import statistics
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection, connections, transaction
from measuring import hold, own_database, run_sql, show
from subscribed import given_plan, given_subscribed_accounts

from charging import given_vendor
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.actions import Chunk, begin_run, bill_chunk
from seatledger.domain.invoices.models import Document
from seatledger.domain.invoices.runs import bill_in_chunks

if TYPE_CHECKING:
    from seatledger.domain.invoices.due import Place

FEW, MANY = 2_000, 20_000
LEAST_OF_COPY = 0.6
MOST_GROWTH = 1.15
AT = datetime(2026, 4, 1, 6, tzinfo=UTC)

# Each table with what is the twin's own; the other columns are as they are.
_TWIN = (
    "(SELECT twin.id FROM accounts_account account JOIN accounts_account twin"
    " ON twin.serial_number = 'T' || substr(account.serial_number, 2) WHERE account.id = x.account_id)"
)
_OF_DOCUMENT = {"document_id": "md5('twin' || x.document_id)::uuid", "account_id": _TWIN}
_COPIES = {
    "invoices_document": (
        {"id": "md5('twin' || x.id)::uuid", "account_id": _TWIN},
        "kind currency dated_on due_on net_minor tax_minor total_minor billed_to sold_by taxes corrects_id reason made_at",
    ),
    "invoices_line": (
        _OF_DOCUMENT | {"item_id": "md5('twin' || x.item_id)::uuid"},
        (
            "position pool_id licence_name text amount_minor tax_kind tax_percent period_starts_on period_ends_on"
            " revision part rate shape totals"
        ),
    ),
    "invoices_balanceentry": (
        _OF_DOCUMENT | {"id": "md5('twin' || x.id)::uuid"},
        "sequence kind at dated_on currency amount_minor balance_minor text",
    ),
    "events_event": ({"account_id": _TWIN}, "kind at payload actor_kind actor_id actor_label"),
    "invoices_issue": (
        _OF_DOCUMENT
        | {
            "series_id": "(SELECT id FROM invoices_numberseries WHERE prefix = 'T-')",
            "reference": "'T-' || x.number",
        },
        "number issued_at total_minor open_minor",
    ),
    # The run moves this row; its new version and the two places in indexes are what is copied.
    "invoices_accountbilling": (
        {"account_id": _TWIN},
        "next_on billed_on reopened_on parked_at parked_because",
    ),
}
_WRITTEN = "IN (SELECT id FROM written)"
_OF = {
    "invoices_document": f"x.id {_WRITTEN}",
    "events_event": f"(x.payload ->> 'document_id')::uuid {_WRITTEN}",
    "invoices_accountbilling": "x.billed_on = '2026-04-01'",
}
_TWIN_OF_SELLER = """
INSERT INTO invoices_seller (id, key, name, street, city, postcode, country, vat_number, registration, email, phone,
                             iban, bic, sales_contact, terms_days, is_default)
SELECT gen_random_uuid(), 'twin', name, street, city, postcode, country, vat_number, registration, email, phone,
       iban, bic, sales_contact, terms_days, false FROM invoices_seller
"""
_TWIN_OF_SERIES = """
INSERT INTO invoices_numberseries (seller_id, kind, prefix, next_number)
SELECT id, 'invoice', 'T-', 1 FROM invoices_seller WHERE key = 'twin'
"""


class Timed(NamedTuple):
    """Seconds of work for one chunk: billed, and its rows copied."""

    billed: float
    copied: float


def worked_s() -> float:
    """Return the seconds for which this process and the database's that serves it have worked."""
    [[served_by]] = run_sql("SELECT pg_backend_pid()")
    # After the name, which is in parentheses: the state, and then, 12th and 13th, ticks as user and as system.
    ticks = Path(f"/proc/{served_by}/stat").read_text().rpartition(")")[2].split()[11:13]
    return process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    given_vendor(percent="20")
    run_sql(_TWIN_OF_SELLER)
    run_sql(_TWIN_OF_SERIES)
    given_plan()
    given_subscribed_accounts(first=1, last=FEW)
    few = bill_and_copy(FEW)
    given_subscribed_accounts(first=FEW + 1, last=MANY)
    many = bill_and_copy(MANY // 2)
    seconds, accounts = bill_with_two_workers(MANY - FEW - MANY // 2)
    report(few, many, seconds / accounts)


def report(few: Sequence[Timed], many: Sequence[Timed], of_two: float) -> None:
    billed, copied = quartile(each.billed for each in many), quartile(each.copied for each in many)
    show("rows copied alone, invoices a second", 1000 / copied, "")
    show("billed by one worker, invoices a second", 1000 / billed, "")
    show("billed by two workers, invoices a second", 1 / of_two, "")
    grown = (billed / copied) / (
        quartile(each.billed for each in few) / quartile(each.copied for each in few)
    )
    hold(f"{MANY:,} accounts / {FEW:,}, time for an invoice", grown, MOST_GROWTH)
    hold("two workers / one worker, time for an invoice", of_two * 1000 / billed, 1.0)
    hold("billing / COPY alone, one worker", billed / copied, 1 / LEAST_OF_COPY)


def quartile(figures: Iterable[float]) -> float:
    return statistics.quantiles(figures, n=4)[0]


def bill_and_copy(accounts: int) -> list[Timed]:
    """Bill so many accounts, and copy the rows of each chunk for the twins of its accounts."""
    begin_run(at=AT, by=Actor.system())
    found: list[Timed] = []
    place: Place | None = None
    done = 0
    while done < accounts:
        begun = worked_s()
        chunk = bill_chunk(at=AT, by=Actor.system(), after=place)
        billed = worked_s() - begun
        assert not chunk.outcome.parked, chunk.outcome.parked[0]
        rows = rows_of(chunk)
        begun = worked_s()
        copy_all(rows)
        found.append(Timed(billed, worked_s() - begun))
        done, place = done + len(chunk.accounts), chunk.last
    return found


def rows_of(chunk: Chunk) -> dict[str, bytes]:
    """Return the rows that a chunk wrote, by table, as COPY takes them, for the twins of the accounts."""
    ids = [document.id for document in chunk.outcome.documents]
    run_sql("CREATE TEMPORARY TABLE IF NOT EXISTS written (id uuid)")
    run_sql("TRUNCATE written")
    run_sql("INSERT INTO written SELECT unnest(%s::uuid[])", ids)
    run_sql("ANALYZE written")
    found = {}
    for table, (own, others) in _COPIES.items():
        values = ", ".join([*own.values(), *(f"x.{name}" for name in others.split())])
        # The account is said as well, because it is what the indexes begin with.
        query = (
            f"SELECT {values} FROM {table} x"  # noqa: S608 -- the program's own names
            " WHERE x.account_id IN (SELECT account_id FROM invoices_document JOIN written USING (id))"
            f" AND {_OF.get(table, f'x.document_id {_WRITTEN}')}"
        )
        with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
            found[table] = b"".join(bytes(part) for part in copy)
    return found


@transaction.atomic
def copy_all(rows: dict[str, bytes]) -> None:
    with connection.cursor() as cursor:
        for table, (own, others) in _COPIES.items():
            with cursor.copy(f"COPY {table} ({', '.join([*own, *others.split()])}) FROM STDIN") as copy:
                copy.write(rows[table])


def bill_with_two_workers(expected: int) -> tuple[float, int]:
    """Let two processes bill what is left; returns the seconds until both are done, and the number of accounts."""
    before = Document.objects.count()
    connections.close_all()
    context = get_context("fork")
    ready, go = context.Barrier(3), context.Event()
    workers = [context.Process(target=work, args=(ready, go)) for _ in range(2)]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = perf_counter()
    go.set()
    for worker in workers:
        worker.join()
    seconds = perf_counter() - begun
    billed = Document.objects.count() - before
    assert billed == expected, (billed, expected)
    return seconds, billed


def work(ready: Barrier, go: Event) -> None:
    connection.ensure_connection()
    ready.wait()
    go.wait()
    for _ in bill_in_chunks(at=AT, by=Actor.system()):
        pass
    connections.close_all()
    sys.exit(0)


if __name__ == "__main__":
    with own_database():
        main()
