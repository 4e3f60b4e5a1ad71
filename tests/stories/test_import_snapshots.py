"""A company's fourteen months, imported: the ledger agrees with a count over the file at any instant."""

import csv
import io
import random
import runpy
from collections import Counter
from copy import deepcopy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sample import FIRST_MAXIMUM, OPENED_AT, REPOSITORY, given_sample_account, sample_file, sample_text
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.events.models import Event
from seatledger.domain.events.queries import find_broken_links
from seatledger.domain.licences.actions import HistoryImported, import_history
from seatledger.domain.licences.importing.rows import HistoryFile, read_history
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.queries import find_disagreements, get_snapshot, list_pools
from seatledger.domain.people.models import User

CHANGES = 40_000
FIRST, LAST = OPENED_AT, datetime.fromisoformat("2026-11-01T00:00:00+00:00")
NOW = LAST + timedelta(days=1)


class Tally:
    """What a file says is held and bought, counted line by line; it knows no rule and none of our code."""

    def __init__(self) -> None:
        self.held: dict[str, set[str]] = {}
        self.active = {"ann.lee@northwind.example"}
        self.boards: Counter[str] = Counter()
        self.bought: Counter[str] = Counter()

    def hear(self, line: dict[str, str]) -> None:
        email, licence = line["email"], line["licence"]
        holding = self.held.setdefault(email, set())
        match line["change"]:
            case "user_added" if line["active"] == "yes":
                self.active.add(email)
            case "user_activated":
                self.active.add(email)
            case "user_deactivated" | "user_deleted":
                self.active.discard(email)
                holding.clear()
            case "device_added":
                self.boards[licence] += 1
            case "device_removed":
                self.boards[licence] -= 1
            case _:
                self.hear_of_licences(line, holding)

    def hear_of_licences(self, line: dict[str, str], holding: set[str]) -> None:
        licence = line["licence"]
        match line["change"]:
            case "licence_assigned":
                holding.add(licence)
            case "licence_released":
                holding.remove(licence)
            case "licence_moved":
                holding.remove(licence)
                self.held.setdefault(line["to_email"], set()).add(licence)
            case "level_changed":
                holding.remove(licence)
                holding.add(line["to_licence"])
            case "total_changed":
                self.bought[licence] = int(line["total"])

    def count(self, licence: str) -> tuple[int, int]:
        """Return how many licences of a type are bought and held."""
        if licence == "active-user":
            return 0, len(self.active)
        if "wallboard" in licence:
            return self.bought[licence] or FIRST_MAXIMUM, self.boards[licence]
        return 0, sum(licence in holding for holding in self.held.values())


def counts_at(instants: list[datetime]) -> list[Tally]:
    """Return a tally of the sample for each instant, in order, everything at that very instant included."""
    tally, tallies, waiting = Tally(), [], list(instants)
    for line in csv.DictReader(io.StringIO(sample_text())):
        at = datetime.fromisoformat(line["at"])
        while waiting and waiting[0] < at:
            waiting.pop(0)
            tallies.append(deepcopy(tally))
        tally.hear(line)
    return tallies + [tally] * len(waiting)


def read_sample(account: Account) -> HistoryFile:
    return read_history(sample_file(), zone=ZoneInfo(account.time_zone))


def import_sample(account: Account) -> HistoryImported:
    return import_history(account=account, file=read_sample(account), at=NOW, by=Actor.sync("import"))


@pytest.mark.django_db
def test_a_history_of_40_000_changes_is_counted_like_a_naive_reader_would():
    account = given_sample_account()
    imported = import_sample(account)
    assert (sum(imported.changed.values()), imported.unchanged) == (CHANGES, 0)
    pools = {pool.licence_type.key: pool for pool in list_pools(account)}
    assert len(pools) == 13

    pick = random.Random(40_000)  # noqa: S311 -- the same instants every time
    seconds = int((LAST - FIRST).total_seconds())
    instants = sorted(FIRST + timedelta(seconds=pick.randrange(seconds)) for _ in range(20))
    for instant, tally in zip(instants, counts_at(instants), strict=True):
        snapshot = get_snapshot(account, instant)
        counted = {key: (snapshot[pool.pk].bought, snapshot[pool.pk].held) for key, pool in pools.items()}
        assert counted == {key: tally.count(key) for key in pools}, instant

    now = counts_at([LAST])[0]
    assert {key: pool.assigned_licences for key, pool in pools.items()} == {
        key: now.count(key)[1] for key in pools
    }
    assert find_disagreements(account) == []
    assert find_broken_links(account, chain=LedgerEntry) == []
    assert find_broken_links(account, chain=Event) == []

    entries, events = LedgerEntry.objects.count(), Event.objects.count()
    again = import_sample(account)
    assert (again.changed, again.unchanged) == ({}, CHANGES)
    assert (LedgerEntry.objects.count(), Event.objects.count()) == (entries, events)

    imported_users = User.objects.exclude(email="ann.lee@northwind.example")
    assert imported_users.count() == 2_000
    assert not any(user.has_usable_password() for user in imported_users)
    assert not imported_users.filter(invited_at__isnull=False).exists()


def test_the_sample_is_what_its_script_makes():
    made = runpy.run_path(str(REPOSITORY / "samples" / "make_sample.py"))["make_history"]()
    stored = list(csv.DictReader(io.StringIO(sample_text())))
    assert [{column: value for column, value in line.items() if value} for line in stored] == [
        {column: value for column, value in line.items() if value} for line in made
    ]
