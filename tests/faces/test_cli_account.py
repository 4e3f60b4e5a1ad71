"""Operators open accounts, look at them, and change what they hold as the Admin Team."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commands import run_command as run
from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import assign_licences
from seatledger.domain.licences.models import LedgerEntry, Pool
from seatledger.domain.licences.queries import HistoryFilter, list_history
from seatledger.domain.people.models import User
from support import (
    LATER,
    STAFF,
    given_account,
    given_licence_type,
    given_pool,
    given_provider,
    given_users,
    refreshed,
)

pytestmark = pytest.mark.django_db

CATALOGUES = Path(__file__).resolve().parents[2] / "catalogues"


@pytest.fixture
def remote_support() -> None:
    """Sell remote support since the beginning of the year."""
    run("catalogue", "apply", CATALOGUES / "remote-support.toml", "--effective", "2026-01-01")


def open_account(
    *more: str, name: str = "Alpenbahn AG", email: str = "m.huber@alpenbahn.example"
) -> tuple[int, str]:
    return run("account", "open", name, "--admin-email", email, "--admin-name", "Mia Huber", *more)


def test_an_account_is_opened_with_what_its_plan_says(remote_support: None):  # A7 A8 A9
    code, output = open_account(
        "--plan", "remote-support", "--opened", "2026-02-01", "--expires", "2027-01-31"
    )
    account = Account.objects.get()
    assert (code, output) == (0, f"{account.serial_number}  Alpenbahn AG, m.huber@alpenbahn.example\n")
    assert account.opened_at == datetime(2026, 1, 31, 23, tzinfo=UTC)  # the first of February in Berlin
    held = Pool.objects.filter(account=account, counts_active_users=False).order_by("licence_type__key")
    assert [(pool.licence_type.key, pool.total_licences, pool.terms, pool.expires_on) for pool in held] == [
        ("managed-agent", 50, "paid", date(2027, 1, 31)),
        ("on-demand", 5, "paid", date(2027, 1, 31)),
    ]
    user = User.objects.get()
    assert (user.first_name, user.last_name, user.is_active) == ("Mia", "Huber", True)


def test_a_trial_lasts_as_long_as_the_plan_says(remote_support: None):
    open_account("--plan", "remote-support-trial", "--trial", "--opened", "2026-02-01")
    assert {pool.expires_on for pool in Pool.objects.filter(terms="trial")} == {date(2026, 3, 2)}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--plan", "gold"], "There is no such plan on that day"),
        (["--plan", "remote-support", "--opened", "2025-01-01"], "There is no such plan on that day"),
        (["--plan", "remote-support", "--opened", "2999-01-01"], "the day is in the future."),
        (["--plan", "remote-support", "--time-zone", "Mars/Olympus"], "There is no time zone “Mars/Olympus”."),
        (["--plan", "remote-support", "--locale", "xx-YY"], "There is no language “xx-YY”."),
        (["--plan", "remote-support", "--region", "us"], "this installation keeps accounts of “eu” only."),
        (["--plan", "remote-support", "--provider", "EU-0000-0000-0"], "There is no such account"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_refused(remote_support: None, more: list[str], said: str):
    code, output = open_account(*more)
    assert (code, said in output) == (2, True)
    assert not Account.objects.exists()


def test_a_customer_is_opened_below_its_provider(remote_support: None):
    provider = given_provider()
    open_account("--plan", "remote-support", "--provider", provider.serial_number)
    assert Account.objects.get(name="Alpenbahn AG").provider == provider


def test_every_account_is_listed_with_what_it_is():
    provider = given_provider("Harbour Partners")
    account = given_account("Northwind", provider=provider)
    given_users(account, 2)
    given_pool(account, given_licence_type())
    code, output = run("account", "list")
    assert (code, output) == (
        0,
        (
            f"{provider.serial_number:<16}  Expired      1  Harbour Partners\n"
            f"{account.serial_number:<16}  Active       3  Northwind (customer of Harbour Partners)\n"
        ),
    )


def test_one_account_is_shown_with_its_pools():
    account = given_pool(given_account("Northwind")).account
    code, output = run("account", "show", account.serial_number.lower())
    lines = output.splitlines()
    assert code == 0
    assert lines[:3] == [
        "Account name           Northwind",
        f"Serial number          {account.serial_number}",
        "Account type           Active",
    ]
    assert lines[5] == "Data residency region  EU/EEA (Germany West Central)"
    assert lines[-2:] == [
        "    professional-user: 0 of 10 in use, paid, no end",
        "    active-user: 1 in use, not limited, included, no end",
    ]


def test_the_admin_team_changes_total_and_expiry_with_a_reason():  # A31 A32
    pool = given_pool()
    serial = pool.account.serial_number
    code, output = run(
        "pool",
        serial,
        "professional-user",
        "--total",
        "12",
        "--expires",
        "2027-01-31",
        "--reason",
        "Order 4711",
    )
    assert (code, output) == (0, "professional-user: 0 of 12 in use, paid, valid to 2027-01-31\n")
    entries = list_history(pool.account, HistoryFilter(pool_id=pool.pk))
    assert [
        (entry.kind, entry.before, entry.after, entry.actor_label, entry.reason) for entry in entries[:2]
    ] == [
        ("total_changed", "10", "12", "Admin Team", "Order 4711"),
        ("expiry_changed", "", "2027-01-31", "Admin Team", "Order 4711"),
    ]


def test_a_second_time_there_is_nothing_to_change():
    pool = given_pool()
    said = (
        "pool",
        pool.account.serial_number,
        "professional-user",
        "--total",
        "12",
        "--reason",
        "Order 4711",
    )
    run(*said)
    written = LedgerEntry.objects.count()
    assert run(*said)[1].endswith("Nothing to change.\n")
    assert LedgerEntry.objects.count() == written


def test_a_trial_is_converted_and_an_end_is_removed():
    pool = given_pool(terms="trial", expires_on=date(2026, 4, 1))
    serial = pool.account.serial_number
    run(
        "pool",
        serial,
        "professional-user",
        "--terms",
        "paid",
        "--expires",
        "never",
        "--reason",
        "Contract 12",
    )
    assert (refreshed(pool).terms, refreshed(pool).expires_on) == ("paid", None)


def test_below_use_is_refused_as_a_whole_unless_over_assigned():
    pool = given_pool(total_licences=3)
    users = given_users(pool.account, 3)
    assign_licences(pool=pool, user_ids=[user.pk for user in users], at=LATER, by=STAFF)
    said = (
        "pool",
        pool.account.serial_number,
        "professional-user",
        "--total",
        "2",
        "--expires",
        "2027-01-31",
    )
    code, output = run(*said, "--reason", "Downgrade")
    assert (code, output.startswith("seatledger: 3 Professional User licences are in use.")) == (2, True)
    assert refreshed(pool).expires_on is None
    code, output = run(*said, "--reason", "Downgrade", "--over-assign")
    assert (code, output) == (
        0,
        "professional-user: 3 of 2 in use, over-assigned, paid, valid to 2027-01-31\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["professional-user", "--total", "12"], "Missing option '--reason'"),
        (["professional-user", "--total", "12", "--reason", " "], "say why: the customer reads it."),
        (["professional-user", "--total", "-1", "--reason", "x"], "The number must be from 0 to 10,000,000."),
        (["professional-user", "--expires", "9999-12-31", "--reason", "x"], "The expiry date must be between 2026 and 2999."),
        (["unheard-of", "--total", "12", "--reason", "x"], "There is no such pool of licences"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(arguments: list[str], said: str):
    pool = given_pool()
    code, output = run("pool", pool.account.serial_number, *arguments)
    assert (code, said in output) == (2, True)
    assert refreshed(pool).total_licences == 10


def test_one_bill_for_all_customers_is_agreed_and_ended():
    serial = given_provider("Harbour").serial_number
    code, said = run("account", "one-bill", serial, "--from", "2999-01-01")
    assert (code, said) == (0, "Harbour is billed for its customers' periods from 2999-01-01 on.\n")
    code, said = run("account", "one-bill", serial, "--until", "2999-02-01")
    assert (code, said) == (0, "The customers of Harbour are billed for their periods from 2999-02-01 on.\n")
    for both_or_none in ([], ["--from", "2999-01-01", "--until", "2999-02-01"]):
        code, said = run("account", "one-bill", serial, *both_or_none)
        assert code != 0
        assert "Say either --from or --until." in said


def test_an_account_moves_only_to_a_region_that_there_is():
    account = given_account()
    code, output = run("account", "move", account.serial_number, "--to", "mars")
    assert (code, output) == (2, "seatledger: There is no other region “mars”. Choose one of: uk, us.\n")
    code, output = run("account", "move", account.serial_number, "--to", "uk")
    assert code == 2
    assert "SEATLEDGER_CELL_COMMANDS does not say" in output
    assert refreshed(account).moving_to == ""
