"""Operators import a history and keep licences in step with a list, and are told every mistake."""

import gzip
from pathlib import Path

import pytest

from commands import run_command as run
from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import NewPool, assign_licence
from seatledger.domain.licences.models import Assignment, LedgerEntry
from seatledger.domain.licences.queries import get_pool_by_key
from seatledger.domain.people.models import User
from support import LATER, STAFF, given_account, given_licence_type, given_user, given_users

pytestmark = pytest.mark.django_db

HISTORY = """at,change,email,first_name,last_name,licence
2026-05-01T09:00:00,user_added,ben@northwind.example,Ben,Okoro,
2026-05-02T09:00:00,licence_assigned,ben@northwind.example,,,professional-user
"""

NOBODY = "nobody@northwind.example"


@pytest.fixture
def account() -> Account:
    """Northwind, with Professional User licences and two Agent User add-ons that follow the PBX."""
    professional = given_licence_type("professional-user")
    agent = given_licence_type("agent-user", needs=[professional], sync_source="pbx")
    return given_account(pools=[NewPool(professional, 10), NewPool(agent, 2)])


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "history.csv"


def test_import_says_what_it_did_and_does_nothing_the_second_time(account, file):
    file.write_text(HISTORY, encoding="utf-8")
    said = run("import", file, "--account", account.serial_number)
    assert said[0] == 0
    assert said[1].splitlines() == [
        "2 times without an offset are read as Europe/London.",
        "Checking",
        "Storing",
        "      1 licence_assigned",
        "      1 user_added",
        "      0 recorded already",
        "Imported.",
    ]
    again = run("import", file, "--account", account.serial_number)[1]
    assert again.splitlines()[-2:] == ["      2 recorded already", "Nothing to change."]


def test_import_reads_packed_files(account, tmp_path):
    packed = tmp_path / "history.csv.gz"
    packed.write_bytes(gzip.compress(HISTORY.encode()))
    assert run("import", packed, "--account", account.serial_number)[0] == 0
    assert User.objects.filter(email="ben@northwind.example").exists()


@pytest.mark.parametrize("content", [b"no gzip at all", gzip.compress(HISTORY.encode())[:-20]])
def test_a_broken_packed_file_is_refused(account, tmp_path, content):
    packed = tmp_path / "history.csv.gz"
    packed.write_bytes(content)
    code, output = run("import", packed, "--account", account.serial_number)
    assert (code, output.startswith("seatledger: history.csv.gz cannot be read: ")) == (2, True)


def test_a_dry_run_of_an_import_changes_nothing(account, file):
    file.write_text(HISTORY, encoding="utf-8")
    code, output = run("import", file, "--account", account.serial_number, "--dry-run")
    assert (code, output.splitlines()[-1]) == (0, "Nothing was changed: this was a dry run.")
    assert not User.objects.filter(email="ben@northwind.example").exists()


def test_import_tells_every_error_with_its_place(account, file):
    file.write_text(
        HISTORY + f"2026-05-03T09:00:00Z,licence_assigned,{NOBODY},,,professional-user\nx,y\n",
        encoding="utf-8",
    )
    code, output = run("import", file, "--account", account.serial_number)
    assert (code, LedgerEntry.objects.filter(kind="assigned", licence_name="Professional User").count()) == (
        2,
        0,
    )
    assert output.splitlines()[2:] == [
        f"history.csv, line 4, column email: There is no user {NOBODY} at this time. Add a user_added line before this one.",
        "history.csv, line 5: This line has 2 values; the header has 6 columns.",
        "seatledger: Nothing was imported: 2 error(s) in the file.",
    ]


def test_an_unknown_account_is_refused(file):
    file.write_text(HISTORY, encoding="utf-8")
    assert run("import", file, "--account", "EU-0000-0000-0")[0] == 2


def agents_of(account: Account) -> set[str]:
    rows = Assignment.objects.filter(
        account=account, pool__licence_type__key="agent-user", released_at__isnull=True
    )
    return set(rows.values_list("user__first_name", "user__last_name"))


def list_of(*users: User, licence: str = "agent-user") -> str:
    return "email,licence\n" + "".join(f"{user.email},{licence}\n" for user in users)


def test_sync_keeps_agents_in_step_with_the_pbx(account, file):
    """D7: manually provisioned, or automatically synced to the PBX configuration."""
    users = given_users(account, 3)
    for user in users:
        assign_licence(pool=get_pool_by_key(account, "professional-user"), user=user, at=LATER, by=STAFF)
    command = ("sync", "pbx", file, "--account", account.serial_number)

    file.write_text(list_of(*users[:2]), encoding="utf-8")
    assert run(*command, "--dry-run")[1].splitlines() == [
        "2 assigned, 0 released, 0 unchanged.",
        "Nothing was changed: this was a dry run.",
    ]
    assert agents_of(account) == set()
    assert run(*command) == (0, "2 assigned, 0 released, 0 unchanged.\n")
    assert run(*command) == (0, "0 assigned, 0 released, 2 unchanged.\n")

    file.write_text(list_of(*users[1:]), encoding="utf-8")
    assert run(*command) == (0, "1 assigned, 1 released, 1 unchanged.\n")
    assert agents_of(account) == {("User", "2"), ("User", "3")}


def test_sync_tells_every_error_and_changes_nothing(account, file):
    sleeping = given_user(account, "Dana Sole", active=False)
    users = given_users(account, 4)
    for user in users[:3]:
        assign_licence(pool=get_pool_by_key(account, "professional-user"), user=user, at=LATER, by=STAFF)
    stranger = given_user(given_account("Southwind"), "Ed Far")
    file.write_text(
        list_of(users[3], sleeping, stranger, users[0], users[0])
        + f"{users[1].email},professional-user\nnobody,agent-user\n{users[2].email}\n",
        encoding="utf-8",
    )
    code, output = run("sync", "pbx", file, "--account", account.serial_number)
    assert (code, agents_of(account)) == (2, set())
    assert output.splitlines() == [
        "history.csv, line 2: Agent User needs Professional User. Assign that first.",
        "history.csv, line 3: Dana Sole is deactivated. Activate this user first.",
        "history.csv, line 4, column email: There is no such user in this account.",
        "history.csv, line 6: Line 5 says this already. Remove one of them.",
        "history.csv, line 7, column licence: No such licence type is kept in step with pbx. These are: agent-user.",
        "history.csv, line 8, column email: This is no e-mail address. Write one such as name@example.com.",
        "history.csv, line 9: This line has 1 values, not an e-mail address and a licence type.",
        "seatledger: Nothing was changed: 7 error(s) in the list.",
    ]


def test_sync_stops_at_the_last_free_licence_and_names_the_line(account, file):
    users = given_users(account, 3)
    for user in users:
        assign_licence(pool=get_pool_by_key(account, "professional-user"), user=user, at=LATER, by=STAFF)
    file.write_text(list_of(*users), encoding="utf-8")
    code, output = run("sync", "pbx", file, "--account", account.serial_number)
    assert (code, agents_of(account), output.count("All 2 Agent User licences are taken.")) == (2, set(), 1)


@pytest.mark.parametrize(
    "content", [b"", b"mail;type\n", b"\xff\xfee\0m\0", b'email,licence\n"a,b\n', b"email,licence\n\0,\0\n"]
)
def test_a_bad_list_is_refused(account, file, content):
    file.write_bytes(content)
    code, output = run("sync", "pbx", file, "--account", account.serial_number)
    assert (code, output.splitlines()[-1]) == (2, "seatledger: Nothing was changed: 1 error(s) in the list.")
