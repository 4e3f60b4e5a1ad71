"""Reading a history: every field strictly, every flaw with its line and column, and nothing changed."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from histories import BEN, errors_of, file_of, given_northwind, line, run
from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.importing.lines import LONGEST_LINE
from seatledger.domain.licences.importing.rows import read_history
from seatledger.domain.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return given_northwind()


def test_every_field_is_read_strictly(account):
    assert errors_of(
        account,
        line(1, "user_vanished", email=BEN["email"]),
        line(1, "user_added", **BEN | {"email": "no address"}, active="perhaps"),
        line(1, "user_activated"),
        line(1, "user_activated", email=BEN["email"], licence="professional-user"),
        line(1, "total_changed", licence="professional-user", total="-1"),
        line(1, "expiry_changed", licence="professional-user", expires_on="31.12.2026"),
        line(1, "expiry_changed", licence="professional-user", expires_on="9999-12-31"),
        line(1, "role_given", email=BEN["email"], roles="Billing;"),
        line(1, "total_changed", licence="professional-user", total="99999999"),
    ) == [
        (2, "change"),
        (3, "active"),
        (3, "email"),
        (4, "email"),
        (5, "licence"),
        (6, "total"),
        (7, "expires_on"),
        (8, "expires_on"),
        (9, "roles"),
        (10, "total"),
    ]


@pytest.mark.parametrize(
    "instant",
    [
        "9999-12-31T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-05-01",
        "yesterday",
        "٢٠٢٦-05-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2026-03-29T01:30:00",
        "2025-10-26T01:30:00",
        "",
    ],
)
def test_an_instant_is_exact_and_past(account, instant):
    assert errors_of(account, {"at": instant, "change": "user_added", **BEN}) == [(2, "at")]


def test_a_time_without_an_offset_is_of_the_account_s_zone(account):
    content = file_of({"at": "2026-05-01T09:00:00", "change": "user_added", **BEN})
    history = read_history(io.BytesIO(content), zone=ZoneInfo("Europe/London"))
    assert (history.local_times, history.rows[0].at) == (1, datetime(2026, 5, 1, 8, tzinfo=UTC))


HEADER = b"at,change,email,first_name,last_name\n"
BEGIN = b"2026-05-01T09:00:00Z,user_added,ben@northwind.example,"
BAD_FILES = {
    "nul": (HEADER + BEGIN + b"B\0n,Okoro\n", [(2, "first_name")]),
    "lone surrogate": (HEADER + BEGIN + b"B\xed\xa0\x80n,Okoro\n", [(2, "first_name")]),
    "latin-1": (HEADER + BEGIN + "Bén,Okoro\n".encode("latin-1"), [(2, "first_name")]),
    "utf-16": ((HEADER + BEGIN + b"Ben,Okoro\n").decode().encode("utf-16"), [(1, "")]),
    "direction mark": (HEADER + BEGIN + "B\u202een,Okoro\n".encode(), [(2, "first_name")]),
    "long line": (
        HEADER + BEGIN + b"x" * 10_000_000 + b",Okoro\n" + BEGIN + b",Okoro\n",
        [(2, ""), (3, "first_name")],
    ),
    "long name": (HEADER + BEGIN + b"x" * 200 + b",Okoro\n", [(2, "first_name")]),
    "open quote": (
        HEADER + BEGIN + b'"Ben,Okoro\n' + BEGIN + b",Okoro\n",
        [(2, "first_name"), (3, "first_name")],
    ),
    "quote inside": (HEADER + BEGIN + b'B"e"n,Okoro\n', [(2, "first_name")]),
    "too many values": (HEADER + BEGIN + b"Ben,Okoro,more\n", [(2, "")]),
    "too few values": (HEADER + BEGIN + b"Ben\n", [(2, "")]),
    "no header": (BEGIN + b"Ben,Okoro\n", [(1, "1")]),
    "unknown column": (b"at,change,e-mail\n", [(1, "3")]),
    "column twice": (b"at,change,email,email\n", [(1, "email")]),
    "column missing": (b"at,email\n", [(1, "change")]),
    "semicolons": (HEADER.replace(b",", b";"), [(1, "")]),
    "nothing": (b"\n", [(1, "")]),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_place(account, name):
    content, errors = BAD_FILES[name]
    assert errors_of(account, content=content) == errors


def test_a_file_may_begin_with_its_mark_and_end_lines_as_windows_does(account):
    content = b"\xef\xbb\xbf" + HEADER.replace(b"\n", b"\r\n") + BEGIN + b'"Ben ""Benny""","O, Koro"\r\n\r\n'
    run(account, content=content)
    ben = User.objects.get(email=BEN["email"])
    assert (ben.first_name, ben.last_name) == ('Ben "Benny"', "O, Koro")


def test_the_longest_line_is_still_read(account):
    filler = b"," + b" " * (LONGEST_LINE - len(BEGIN) - len(b"Ben,Okoro") - 1)
    content = HEADER.replace(b"\n", b",reason\n") + BEGIN + b"Ben,Okoro" + filler + b"\n"
    assert sum(run(account, content=content).changed.values()) == 1
