"""Events and ledger entries are chained: whatever is done to them afterwards shows."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import QuerySet
from pytest_django import DjangoDbBlocker

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.events.models import ChainedRow, ChainHead, Event
from seatledger.domain.events.queries import find_broken_links, list_recent_events
from seatledger.domain.licences.actions import NewUser, add_user, delete_users
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.people.actions import choose_main_contact, edit_user
from support import (
    AT,
    LATER,
    STAFF,
    administrator_of,
    for_the_whole_file,
    given_account,
    given_pool,
    given_users,
)

CHAINS = [Event, LedgerEntry]
each_chain = pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain._meta.db_table)


@pytest.fixture(scope="module", autouse=True)
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with for_the_whole_file(django_db_blocker, given_entries):
        yield


def given_entries() -> None:
    """An account with seven entries in each chain, beside a neighbour."""
    given_users(given_pool(given_account("Southwind")).account, 3)
    given_users(given_pool(given_account("Northwind")).account, 4)


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.get(name="Northwind")


def tamper(chain: type[ChainedRow], statement: str, *parameters: object) -> None:
    """Change a chained table as someone could who owns the database: without its triggers."""
    table = chain._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement.format(table=table), parameters or None)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def broken(account: Account | None, chain: type[ChainedRow]) -> list[tuple[int, str]]:
    return [(link.sequence, link.what) for link in find_broken_links(account, chain=chain)]


@each_chain
def test_what_the_actions_write_is_whole(chain: type[ChainedRow], account: Account):
    assert broken(account, chain) == []
    assert broken(None, chain) == []
    sequences = sequences_of(chain, account)
    assert sequences == list(range(1, len(sequences) + 1))


def sequences_of(chain: type[ChainedRow], account: Account) -> list[int]:
    rows = QuerySet(chain).filter(account=account).order_by("sequence")
    return list(rows.values_list("sequence", flat=True))


CHANGED: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "an edit": (
        "UPDATE {table} SET actor_label = 'Somebody else' WHERE sequence = 3 AND account_id = {mine}",
        [(3, "it was changed after it was written")],
    ),
    "another instant": (
        "UPDATE {table} SET at = at + interval '1 microsecond' WHERE sequence = 3 AND account_id = {mine}",
        [(3, "it was changed after it was written")],
    ),
    "a removal": (
        "DELETE FROM {table} WHERE sequence = 3 AND account_id = {mine}",
        [(4, "an entry before it is missing")],
    ),
    "a removal at the beginning": (
        "DELETE FROM {table} WHERE sequence = 1 AND account_id = {mine}",
        [(2, "an entry before it is missing")],
    ),
    "a removal closed up": (
        (
            "DELETE FROM {table} WHERE sequence = 3 AND account_id = {mine};"
            "UPDATE {table} SET sequence = -sequence WHERE sequence > 3 AND account_id = {mine};"
            "UPDATE {table} SET sequence = -sequence - 1 WHERE sequence < 0 AND account_id = {mine}"
        ),
        [(3, "it does not follow its predecessor")],
    ),
    "an exchange": (
        (
            "UPDATE {table} SET sequence = -3 WHERE sequence = 3 AND account_id = {mine};"
            "UPDATE {table} SET sequence = 3 WHERE sequence = 4 AND account_id = {mine};"
            "UPDATE {table} SET sequence = 4 WHERE sequence = -3 AND account_id = {mine}"
        ),
        [
            (3, "it does not follow its predecessor"),
            (4, "it does not follow its predecessor"),
            (5, "it does not follow its predecessor"),
        ],
    ),
    "an edit with its hash worked out again": (
        (
            "UPDATE {table} SET actor_label = 'Somebody else' WHERE sequence = 3 AND account_id = {mine};"
            "UPDATE {table} t SET hash = sha256(previous_hash || convert_to({table}_canonical(t), 'UTF8'))"
            " WHERE sequence = 3 AND account_id = {mine}"
        ),
        [(4, "it does not follow its predecessor")],
    ),
}


@each_chain
@pytest.mark.parametrize(("statement", "shown"), CHANGED.values(), ids=CHANGED)
def test_what_is_done_to_a_chain_shows(
    chain: type[ChainedRow], statement: str, shown: list[tuple[int, str]], account: Account
):
    tamper(chain, statement.replace("{mine}", f"'{account.pk}'"))
    found = broken(account, chain)
    assert [link for link in found if link[1] != "the newest entries are missing"][: len(shown)] == shown
    assert broken(Account.objects.get(name="Southwind"), chain) == []
    assert {link.account_id for link in find_broken_links(None, chain=chain)} == {account.pk}


@each_chain
def test_a_removal_at_the_end_shows(chain: type[ChainedRow], account: Account):
    newest = sequences_of(chain, account)[-1]
    tamper(chain, "DELETE FROM {table} WHERE sequence = %s AND account_id = %s", newest, account.pk)
    assert broken(account, chain) == [(newest, "the newest entries are missing")]


@each_chain
def test_a_removal_of_everything_shows(chain: type[ChainedRow], account: Account):
    newest = sequences_of(chain, account)[-1]
    tamper(chain, "DELETE FROM {table} WHERE account_id = %s", account.pk)
    assert broken(account, chain) == [(newest, "the newest entries are missing")]


@each_chain
def test_an_entry_without_a_head_shows(chain: type[ChainedRow], account: Account):
    ChainHead.objects.filter(account=account, chain=chain._meta.db_table).delete()
    assert [what for _, what in broken(account, chain)] == ["the head of its chain is missing"]


class Rung(Happening):
    """Something that happens often."""


def test_the_newest_events_of_the_account_alone_are_listed(account: Account):
    events = list_recent_events(account, limit=3)
    assert [event.account_id for event in events] == [account.pk] * 3
    assert [event.sequence for event in events] == sorted(sequences_of(Event, account), reverse=True)[:3]


def test_an_event_says_who_when_and_what(account: Account):
    record(Rung(), account=account, at=AT, by=STAFF)
    event = Event.objects.filter(account=account).latest("sequence")
    assert (event.kind, event.at, event.actor_kind, event.actor_label) == ("rung", AT, "staff", "Admin Team")
    assert str(event) == "rung at 2026-03-02 09:00"


def test_what_is_written_for_ever_names_nobody(account: Account):
    ann = administrator_of(account)
    new = NewUser("Zebulon", "Quick", "zq@secret.example", phone="+44 7700 900123")
    user = add_user(account=account, new=new, at=LATER, by=Actor.user(ann.pk))
    edit_user(user=user, details={"last_name": "Quickly"}, at=LATER, by=Actor.user(ann.pk))
    choose_main_contact(user=user, at=LATER, by=Actor.user(ann.pk))
    choose_main_contact(user=ann, at=LATER, by=Actor.user(ann.pk))
    delete_users(account=account, user_ids=[user.pk], at=LATER, by=Actor.user(ann.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(e::text, ' ') FROM events_event e"
            " UNION ALL SELECT string_agg(l::text, ' ') FROM licences_ledgerentry l"
        )
        written = " ".join(row for (row,) in cursor.fetchall())
    assert str(user.pk) in written
    for private in ("Zebulon", "Quick", "zq@", "900123", ann.email, ann.last_name):
        assert private not in written
