"""The billing run over 20,000 accounts with four lines each and five changes a line in the period.

Beside what is billed, the very same rows are copied into the very same tables for twins of its accounts: that is the
floor. They are all that a run writes: documents, lines, entries of the statement, events with their chain, numbers, and
the row that says when an account is billed next.

Two things are measured. Work, chunk by chunk without overlap: the processor's time of this process and of the database's
that serves it, which is the same on a busy machine; growth is told by it. And the clock, of a whole worker that has two
chunks in hand, and of two such workers: that takes a machine with nothing else to do. One worker fills two cores, so there
a second adds nothing; that workers do not stand in each other's way is told by two that take one chunk at a time.
"""

import os
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
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
# Of the many, so many are billed chunk by chunk; by the clock, as many others as the many by each number of workers.
ALONE = 10_000
LEAST_OF_COPY = 0.6
CORES_OF_A_WORKER = 2
MOST_GROWTH = 1.15
AT = datetime(2026, 4, 1, 6, tzinfo=UTC)
LATER = date(2027, 1, 1)
_DUE_NOW = """
UPDATE invoices_accountbilling SET next_on = '2026-04-01' WHERE account_id IN
  (SELECT account_id FROM invoices_accountbilling WHERE next_on = %s ORDER BY account_id LIMIT %s)
"""

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

Bill = Callable[[], "Iterator[Chunk]"]


class Spent(NamedTuple):
    """Seconds: of this process, of the database's that serves it, and by the clock."""

    python: float
    database: float
    clock: float

    @property
    def work(self) -> float:
        return self.python + self.database


class Compared(NamedTuple):
    """What as many accounts took to be billed, and their rows to be copied."""

    billed: Spent
    copied: Spent

    @property
    def times(self) -> float:
        """How many times the work of the copying."""
        return self.billed.work / self.copied.work


def spent_until_now() -> Spent:
    [[served_by]] = run_sql("SELECT pg_backend_pid()")
    # After the name, which is in parentheses: the state, and then, 12th and 13th, ticks as user and as system.
    ticks = Path(f"/proc/{served_by}/stat").read_text().rpartition(")")[2].split()[11:13]
    return Spent(process_time(), sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), perf_counter())


def spent_since(begun: Spent) -> Spent:
    return Spent(*(now - before for now, before in zip(spent_until_now(), begun, strict=True)))


def main() -> None:
    given_vendor(percent="20")
    run_sql(_TWIN_OF_SELLER)
    run_sql(_TWIN_OF_SERIES)
    given_plan()
    given_subscribed_accounts(first=1, last=FEW)
    begin_run(at=AT, by=Actor.system())
    few = bill_and_copy()
    given_subscribed_accounts(first=FEW + 1, last=MANY)
    run_sql("UPDATE invoices_accountbilling SET next_on = %s WHERE next_on = '2026-04-01'", LATER)
    be_due(ALONE)
    many = bill_and_copy()
    given_subscribed_accounts(first=MANY + 1, last=2 * MANY)
    by_the_clock = bill_as_a_worker()
    given_subscribed_accounts(first=2 * MANY + 1, last=3 * MANY)
    of_two_s = bill_with_two_workers(chunks_as_a_worker)
    given_subscribed_accounts(first=3 * MANY + 1, last=4 * MANY)
    report(few, many, by_the_clock, of_two_s, bill_with_two_workers(chunks_one_by_one))


def report(
    few: Sequence[Compared],
    many: Sequence[Compared],
    by_the_clock: Compared,
    of_two_s: float,
    of_two_lanes_s: float,
) -> None:
    """Show what a thousand accounts took, as a share of the copying where it is one, and hold what is promised."""
    copied = quartile(each.copied.work for each in many)
    show("work of Python / COPY", quartile(each.billed.python for each in many) / copied, "")
    show("work of the database / COPY", quartile(each.billed.database for each in many) / copied, "")
    show("COPY / work of both", copied / quartile(each.billed.work for each in many), "")
    of_one_s, copied_s = by_the_clock.billed.clock, by_the_clock.copied.clock
    show("rows copied alone, invoices a second", 1000 / copied_s, "")
    of_one_lane_s = statistics.median(each.billed.clock for each in many)
    show("billed one chunk at a time, invoices a second", 1000 / of_one_lane_s, "")
    show("billed so by two workers, invoices a second", 1000 / of_two_lanes_s, "")
    show("billed by one worker, invoices a second", 1000 / of_one_s, "")
    show("billed by two workers, invoices a second", 1000 / of_two_s, "")
    grown = quartile(each.times for each in many) / quartile(each.times for each in few)
    hold(f"{MANY:,} accounts / {FEW:,}, work for an invoice", grown, MOST_GROWTH)
    hold("billing / COPY alone, one worker by the clock", of_one_s / copied_s, 1 / LEAST_OF_COPY)
    hold("billing / COPY alone, two workers by the clock", of_two_s / copied_s, 1 / LEAST_OF_COPY)
    hold("two workers / one, each a chunk at a time, by the clock", of_two_lanes_s / of_one_lane_s, 1.0)
    if (os.cpu_count() or 1) > CORES_OF_A_WORKER:
        hold("two workers / one worker, time for an invoice", of_two_s / of_one_s, 1.0)


def quartile(figures: Iterable[float]) -> float:
    return statistics.quantiles(figures, n=4)[0]


def be_due(accounts: int) -> None:
    """Let so many of the accounts that wait be due."""
    run_sql(_DUE_NOW, LATER, accounts)
    run_sql("VACUUM ANALYZE invoices_accountbilling")


def chunks_as_a_worker() -> Iterator[Chunk]:
    return bill_in_chunks(at=AT, by=Actor.system())


def chunks_one_by_one() -> Iterator[Chunk]:
    place: Place | None = None
    while (chunk := bill_chunk(at=AT, by=Actor.system(), after=place)).last:
        yield chunk
        place = chunk.last


def bill_and_copy() -> list[Compared]:
    """Bill all that are due one chunk at a time, and copy the rows of each for the twins of its accounts."""
    found: list[Compared] = []
    begun = spent_until_now()
    for chunk in chunks_one_by_one():
        found.append(Compared(spent_since(begun), copy_rows_of(chunk)))
        begun = spent_until_now()
    return found


def bill_as_a_worker() -> Compared:
    """Bill all that are due as a worker does, and copy the rows; returns the seconds for a thousand accounts."""
    begun = spent_until_now()
    chunks = list(chunks_as_a_worker())
    billed = spent_since(begun)
    copied = [copy_rows_of(chunk) for chunk in chunks]
    accounts = sum(len(chunk.accounts) for chunk in chunks)
    assert accounts == MANY, accounts
    thousands = accounts / 1000
    return Compared(
        Spent(*(seconds / thousands for seconds in billed)),
        Spent(*(sum(seconds) / thousands for seconds in zip(*copied, strict=True))),
    )


def copy_rows_of(chunk: Chunk) -> Spent:
    """Copy what a chunk wrote for the twins of its accounts; returns what the copying took."""
    assert not chunk.outcome.parked, chunk.outcome.parked[0]
    rows = rows_of(chunk)
    begun = spent_until_now()
    copy_all(rows)
    return spent_since(begun)


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


def bill_with_two_workers(bill: Bill) -> float:
    """Let two processes bill all that are due; returns the seconds for a thousand accounts, until both are done."""
    before = Document.objects.count()
    connections.close_all()
    context = get_context("fork")
    ready, go = context.Barrier(3), context.Event()
    workers = [context.Process(target=work, args=(ready, go, bill)) for _ in range(2)]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = perf_counter()
    go.set()
    for worker in workers:
        worker.join()
    seconds = perf_counter() - begun
    billed = Document.objects.count() - before
    assert billed == MANY, billed
    return seconds * 1000 / billed


def work(ready: Barrier, go: Event, bill: Bill) -> None:
    connection.ensure_connection()
    ready.wait()
    go.wait()
    for _ in bill():
        pass
    connections.close_all()
    sys.exit(0)


if __name__ == "__main__":
    with own_database():
        main()
