"""Operators import statements, see what does not match and why, and book or ignore it."""

from pathlib import Path

import pytest

from bank_statements import camt, entry
from commands import run_command as run
from invoicing import given_invoice, open_of
from seatledger.domain.payments.models import IncomingTransfer
from support import given_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice():
    return given_invoice(given_account())


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_import_books_what_is_certain(invoice, tmp_path):
    file = write(tmp_path / "s.xml", camt(entry(), entry(reference="B-2", sign="DBIT")))
    assert run("transfers", "import", file) == (
        0,
        "Left out, as debits or not booked yet: 1.\n1 new transfers, 0 known ones; 1 booked.\n",
    )
    assert open_of(invoice) == 0
    code, output = run("transfers", "import", file)
    assert (code, output.splitlines()[1:]) == (
        0,
        ["Statements that were imported before: 1.", "0 new transfers, 0 known ones; 0 booked."],
    )


def test_list_shows_whose_it_may_be_and_why(invoice, tmp_path):
    run("transfers", "import", write(tmp_path / "s.xml", camt(entry(text="licences"))))
    transfer = IncomingTransfer.objects.get()
    serial = invoice.account.serial_number
    assert run("transfers", "list") == (
        0,
        (
            f"{transfer.pk}  2026-03-20  334.99 GBP  Northwind\n    licences\n"
            f"    {serial} Northwind: INV-1 334.99 GBP (the payer is known, and the amount is what is open)\n"
        ),
    )
    assert run("transfers", "book", transfer.pk, serial) == (
        0,
        f"334.99 GBP of {serial} is booked; 0.00 GBP of it is the account's credit.\n",
    )
    assert run("transfers", "list") == (0, "Nothing is to be matched.\n")
    assert f"    booked for {serial} Northwind" in run("transfers", "list", "--all")[1].splitlines()


def test_parts_are_booked_as_they_are_said(invoice, tmp_path):
    run("transfers", "import", write(tmp_path / "s.xml", camt(entry("400.00", text="-"))))
    transfer, serial = IncomingTransfer.objects.get(), invoice.account.serial_number
    assert run("transfers", "book", transfer.pk, serial, "--part", "INV-9=1.00") == (
        2,
        "seatledger: There is no such invoice in this account.\n",
    )
    assert run("transfers", "book", transfer.pk, serial, "--part", "INV-1=100.00") == (
        0,
        f"400.00 GBP of {serial} is booked; 300.00 GBP of it is the account's credit.\n",
    )
    assert open_of(invoice) == 23499


def test_what_is_no_payment_is_ignored(tmp_path):
    run("transfers", "import", write(tmp_path / "s.xml", camt(entry())))
    transfer = IncomingTransfer.objects.get()
    assert run("transfers", "ignore", transfer.pk, "--why", "Interest") == (0, "It is ignored.\n")
    assert run("transfers", "list", "--all")[1].splitlines()[-1] == "    ignored: Interest"


def test_a_transfer_is_received_by_hand(invoice):
    serial = invoice.account.serial_number
    code, output = run("transfers", "receive", serial, "--amount", "334.99", "--on", "2026-03-20")
    assert (code, output) == (
        0,
        f"334.99 GBP of {serial} is booked; 0.00 GBP of it is the account's credit.\n",
    )
    assert open_of(invoice) == 0


def test_a_bank_calls_its_columns_as_it_likes(invoice, tmp_path):
    file = write(tmp_path / "s.csv", b"Datum;Betrag;Zweck\n20.03.2026;334,99;INV-1\n")
    named = [f"--column={pair}" for pair in ("date=Datum", "amount=Betrag", "remittance=Zweck")]
    said = ["--decimal-mark", ",", "--day-format", "%d.%m.%Y", "--currency", "gbp"]
    assert run("transfers", "import", file, *named, *said) == (
        0,
        "1 new transfers, 0 known ones; 1 booked.\n",
    )
    code, output = run("transfers", "import", file, "--column", "sum=Betrag")
    assert code == 2
    assert "“sum=Betrag” names no column. Write it as amount=Betrag." in output


def test_wrong_lines_are_told_one_by_one(tmp_path):
    file = write(tmp_path / "s.csv", b"date,amount,currency\n2026-03-20,5.00,GBP\n20.3.26,5.00,GBP\n")
    assert run("transfers", "import", file) == (
        2,
        (
            "s.csv, line 3, column date: “20.3.26” is no day. It is to be written as 2026-12-31.\n"
            "seatledger: Lines that cannot be read: 1. Nothing was imported; mend them and import the file again.\n"
        ),
    )
    assert not IncomingTransfer.objects.exists()
