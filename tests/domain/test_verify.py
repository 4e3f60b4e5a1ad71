"""Whoever changes the record behind the actions' back is found out, even as the owner of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from commands import run_command
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import ChargeModel
from seatledger.domain.events.models import ChainedRow, Event
from seatledger.domain.events.queries import find_broken_links
from seatledger.domain.licences.actions import assign_licence, change_expiry, change_total, deactivate_users
from seatledger.domain.licences.models import Assignment, Device, LedgerEntry, Pool
from seatledger.domain.licences.queries import find_disagreements
from seatledger.domain.people.models import User
from support import (
    LATER,
    NEXT_DAY,
    STAFF,
    administrator_of,
    for_the_whole_file,
    given_account,
    given_device,
    given_device_type,
    given_licence_type,
    given_pool,
    given_user,
    given_users,
)

pytestmark = pytest.mark.django_db

CHAINS = [Event, LedgerEntry]


@pytest.fixture(scope="module", autouse=True)
def history(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Once for all: an account with a little of everything, beside a neighbour that nobody touches."""
    with for_the_whole_file(django_db_blocker, given_history):
        yield


@pytest.fixture
def account() -> Account:
    return Account.objects.get(name="Northwind")


def given_history() -> None:
    given_pool(given_account("Southwind"))
    account = given_account("Northwind")
    pool = given_pool(account, total_licences=3)
    given_pool(account, given_licence_type("client", charge_model=ChargeModel.ACTIVE))
    given_device(given_pool(account, given_device_type()))
    for user in given_users(account, 3):
        assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    change_total(pool=pool, total=2, over_assign=True, at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=NEXT_DAY.date(), at=LATER, by=STAFF)
    leaving = User.objects.get(account=account, last_name="3")
    deactivate_users(account=account, user_ids=[leaving.pk], at=NEXT_DAY, by=STAFF)


@contextmanager
def behind_the_back(table: str) -> Iterator[None]:
    """Switch a table's triggers off, as only the owner of the database can."""
    with connection.cursor() as cursor:
        # What was promised to be checked at the end of the transaction must be settled before.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def links(account: Account, chain: type[ChainedRow]) -> list[tuple[int, str]]:
    return [(link.sequence, link.what) for link in find_broken_links(account, chain=chain)]


def rows(account: Account, chain: type[ChainedRow]):
    return chain.objects.filter(account=account)  # type: ignore[attr-defined] # each chain is a model of its own


def newest(account: Account, chain: type[ChainedRow]) -> int:
    return rows(account, chain).count()


def test_what_the_actions_wrote_is_whole(account: Account):
    assert find_disagreements(None) == []
    for chain in CHAINS:
        assert find_broken_links(None, chain=chain) == []
    code, output = run_command("verify")
    assert code == 0
    assert output == (
        f"OK: {Event.objects.count()} events and {LedgerEntry.objects.count()} ledger entries are whole; "
        f"6 pools agree with {Assignment.objects.filter(released_at=None).count()} assignments and with the ledger, "
        "in 2 account(s).\n"
        "OK: 0 documents and 0 entries of statements add up.\n"
    )


def test_one_account_is_proven_with_its_newest_links(account: Account):
    code, output = run_command("verify", account.serial_number)
    head = bytes(rows(account, Event).order_by("-sequence")[0].hash).hex()
    assert code == 0
    assert f"Newest link of events_event: {head}" in output.splitlines()


@pytest.mark.parametrize("chain", CHAINS)
def test_an_edit_shows(account: Account, chain: type[ChainedRow]):
    with behind_the_back(chain._meta.db_table):
        rows(account, chain).filter(sequence=3).update(actor_label="Somebody else")
    assert links(account, chain) == [(3, "it was changed after it was written")]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_removal_in_the_middle_shows(account: Account, chain: type[ChainedRow]):
    with behind_the_back(chain._meta.db_table):
        rows(account, chain).filter(sequence=3).delete()
    assert links(account, chain) == [(4, "an entry before it is missing")]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_removal_in_the_middle_with_the_gap_closed_shows(account: Account, chain: type[ChainedRow]):
    with behind_the_back(chain._meta.db_table):
        rows(account, chain).filter(sequence=3).delete()
        for row in rows(account, chain).filter(sequence__gt=3).order_by("sequence"):
            rows(account, chain).filter(pk=row.pk).update(sequence=row.sequence - 1)
    assert (3, "it does not follow its predecessor") in links(account, chain)


@pytest.mark.parametrize("chain", CHAINS)
def test_a_removal_at_the_end_shows(account: Account, chain: type[ChainedRow]):
    last = newest(account, chain)
    with behind_the_back(chain._meta.db_table):
        rows(account, chain).filter(sequence__gt=last - 2).delete()
    assert links(account, chain) == [(last, "the newest entries are missing")]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_removal_of_everything_shows(account: Account, chain: type[ChainedRow]):
    last = newest(account, chain)
    with behind_the_back(chain._meta.db_table):
        rows(account, chain).delete()
    assert links(account, chain) == [(last, "the newest entries are missing")]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_reordering_shows(account: Account, chain: type[ChainedRow]):
    with behind_the_back(chain._meta.db_table):
        for before, after in ((3, 0), (4, 3), (0, 4)):
            rows(account, chain).filter(sequence=before).update(sequence=after)
    assert [sequence for sequence, _ in links(account, chain)] == [3, 4, 5]


@pytest.mark.parametrize("chain", CHAINS)
def test_another_accounts_record_is_not_blamed(account: Account, chain: type[ChainedRow]):
    neighbour = Account.objects.get(name="Southwind")
    with behind_the_back(chain._meta.db_table):
        rows(account, chain).filter(sequence=3).delete()
    assert links(neighbour, chain) == []
    assert {link.account_id for link in find_broken_links(None, chain=chain)} == {account.pk}


def disagreements(account: Account) -> list[tuple[str, str]]:
    assert find_disagreements(Account.objects.get(name="Southwind")) == []
    return [(each.subject, each.what) for each in find_disagreements(account)]


def professional(account: Account) -> Pool:
    return Pool.objects.get(account=account, licence_type__key="professional-user")


def test_a_counter_that_was_moved_disagrees_with_both(account: Account):
    Pool.objects.filter(pk=professional(account).pk).update(assigned_licences=1)
    assert disagreements(account) == [
        ("Professional User", "1 in use by the counter, 2 assignments are open"),
        ("Professional User", "1 in use by the counter, 2 by the ledger"),
    ]


def test_an_assignment_beside_the_ledger_disagrees(account: Account):
    pool = professional(account)
    Assignment.objects.create(
        account=account, pool=pool, user=administrator_of(account), source="manual", assigned_at=LATER
    )
    Pool.objects.filter(pk=pool.pk).update(assigned_licences=3, over_assigned_at=LATER)
    assert disagreements(account) == [("Professional User", "3 in use by the counter, 2 by the ledger")]


def test_a_total_that_nobody_bought_disagrees(account: Account):
    Pool.objects.filter(pk=professional(account).pk).update(total_licences=50)
    assert disagreements(account) == [("Professional User", "a total of 50, 2 by the ledger")]


def test_an_expiry_date_that_nobody_set_disagrees(account: Account):
    Pool.objects.filter(pk=professional(account).pk).update(expires_on=None)
    assert disagreements(account) == [("Professional User", "valid to no end, to 2026-03-03 by the ledger")]


def test_an_active_user_who_is_not_counted_disagrees(account: Account):
    User.objects.filter(account=account, last_name="3").update(is_active=True)
    assert disagreements(account) == [
        ("active users", "4 users are active, 3 hold the licence of active users")
    ]


def test_an_entry_that_does_not_add_up_disagrees(account: Account):
    with behind_the_back("licences_ledgerentry"):
        rows(account, LedgerEntry).filter(pool=professional(account), kind="total_changed").update(
            bought_after=9
        )
    [(subject, what)] = disagreements(account)
    assert subject == "Professional User"
    assert what.endswith(": 9 bought and 3 held, added up 2 and 3")


def test_an_entry_dated_before_its_predecessor_disagrees(account: Account):
    last = newest(account, LedgerEntry)
    with behind_the_back("licences_ledgerentry"):
        rows(account, LedgerEntry).filter(sequence=last).update(at=LATER - timedelta(days=9))
    assert (f"ledger entry {last} is dated before its predecessor") in [
        what for _, what in disagreements(account)
    ]


def test_a_deactivated_user_who_still_holds_a_licence_disagrees(account: Account):
    User.objects.filter(account=account, last_name="1").update(is_active=False)
    assert ("deactivated users", "2 licences are held by users who are not active") in disagreements(account)


def test_a_device_without_its_licence_disagrees(account: Account):
    Device.objects.filter(account=account).update(removed_at=LATER)
    assert disagreements(account) == [("devices", "1 devices do not hold exactly one licence")]


def test_the_command_says_what_is_wrong_and_leaves_with_1(account: Account):
    with behind_the_back("licences_ledgerentry"):
        rows(account, LedgerEntry).filter(sequence=3).update(reason="Nothing happened")
    Pool.objects.filter(pk=professional(account).pk).update(total_licences=50)
    said = (
        f"{account.serial_number}: ledger entry 3: it was changed after it was written.\n"
        f"{account.serial_number}: Professional User: a total of 50, 2 by the ledger.\n"
        "2 thing(s) are wrong.\n"
    )
    assert run_command("verify", account.serial_number) == (1, said)
    assert run_command("verify") == (1, said)
    neighbour = Account.objects.get(name="Southwind")
    assert run_command("verify", neighbour.serial_number)[0] == 0


def test_an_unknown_account_is_refused():
    assert run_command("verify", "EU-0000-0000-0") == (
        2,
        "seatledger: There is no such account.\n",
    )


def test_a_user_added_later_is_counted(account: Account):
    given_user(account, "Kim Park", at=NEXT_DAY)
    assert find_disagreements(account) == []
