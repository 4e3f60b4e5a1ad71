"""Importing 40,000 changes of 2,000 users and 300 devices: read, checked, stored, and known the second time."""

from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from measuring import hold, own_database, show

from sample import given_sample_account, sample_file
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions import HistoryImported, import_history
from seatledger.domain.licences.importing.rows import HistoryFile, read_history

MOST_SECONDS = 60
CHANGES = 40_000
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def main() -> None:
    account = given_sample_account()

    def take(file: HistoryFile, *, dry_run: bool = False) -> HistoryImported:
        return import_history(account=account, file=file, dry_run=dry_run, at=NOW, by=Actor.sync("import"))

    begun = perf_counter()
    file = read_history(sample_file(), zone=ZoneInfo(account.time_zone))
    read = perf_counter()
    take(file, dry_run=True)
    checked = perf_counter()
    imported = take(file)
    stored = perf_counter()
    again = take(file)
    known = perf_counter()
    assert (sum(imported.changed.values()), again.unchanged) == (CHANGES, CHANGES)
    show("reading the file", (read - begun) * 1000)
    show("a dry run", (checked - read) * 1000)
    show("a second run, which changes nothing", (known - stored) * 1000)
    hold("reading and importing, in seconds", (read - begun) + (stored - checked), MOST_SECONDS)


if __name__ == "__main__":
    with own_database():
        main()
