"""The archive of a large account: how much memory making and sending it takes, and how long.

An account of 200,000 ledger entries and 20,000 users is packed as the job packs it, and read as a browser reads it. What
is measured is this process's own memory; a small account beside it shows what any archive takes.
"""

import resource
import time

from large import fill_ledger, large_account
from measuring import hold, own_database, show

from exporting import given_asked_export
from seatledger.domain.accounts.models import Account
from seatledger.domain.exports.models import Export
from seatledger.domain.exports.queries import list_export_files
from seatledger.faces.jobs.exports import make_export
from seatledger.faces.portal.exports import archive_parts
from support import given_account

ENTRIES, USERS = 200_000, 20_000
MOST_GROWTH_MB = 40


def main() -> None:
    small = made(given_account("Small"))
    account = large_account("Large", users=USERS)
    fill_ledger(account, entries=ENTRIES)
    before, began = peak_mb(), time.perf_counter()
    export = made(account)
    took_s = time.perf_counter() - began
    hold("making: memory beyond that of a small account", peak_mb() - before, MOST_GROWTH_MB, "MB")
    show("making: it took", took_s, "s")
    show("rows a second", (export.rows_expected or 0) / took_s, "1/s")
    show("the archive of the small account", (small.size_bytes or 0) / 1e6, "MB")
    show("the archive of the large account", (export.size_bytes or 0) / 1e6, "MB")
    before, began = peak_mb(), time.perf_counter()
    sent = sum(len(part) for part in archive_parts(account, list_export_files(account, export)))
    hold("sending: memory beyond that", peak_mb() - before, MOST_GROWTH_MB, "MB")
    show("sending: megabytes a second", sent / 1e6 / (time.perf_counter() - began), "MB/s")
    assert sent == export.size_bytes


def made(account: Account) -> Export:
    export = given_asked_export(account)
    make_export(export_id=str(export.pk), account_id=str(account.pk))
    return Export.objects.get(pk=export.pk)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    with own_database():
        main()
