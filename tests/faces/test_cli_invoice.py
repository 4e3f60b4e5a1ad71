"""Operators look at invoices, correct them, and ask why a line is what it is."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from charging import bill, given_vendor, noon
from commands import run_command as run
from invoicing import given_invoice, open_of
from seatledger.domain.invoices.models import Issue
from seatledger.domain.invoices.parties import parties_of
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from selling import given_subscription
from support import STAFF, given_account

pytestmark = pytest.mark.django_db


def test_show_has_lines_tax_and_what_became_of_it():
    account = given_account()
    given_invoice(account)
    currency = account.currency
    run("invoice", "credit", "INV-1", "--line", "2", "--reason", "Not used")
    code, output = run("invoice", "show", "inv-1")
    assert code == 0
    assert output.splitlines() == [
        "Invoice INV-1 of 2026-03-02, due on 2026-04-01",
        f"    {account.serial_number}  Northwind",
        f"   1  Service 1: 68.33 {currency}",
        f"   2  Service 2: 68.33 {currency}",
        f"   3  Service 3: 57.50 {currency}",
        f"   4  Service 4: 85.00 {currency}",
        f"      tax 20 % on 279.16 {currency}: 55.83 {currency}",
        f"      total 334.99 {currency}, open 253.00 {currency}",
        f"      credited by CN-1: 81.99 {currency}",
    ]
    shown = run("invoice", "show", "CN-1")[1].splitlines()
    assert shown[2:4] == ["    for INV-1: Not used", f"   1  Service 2 (INV-1, line 2): 68.33 {currency}"]


def test_files_are_written_to_a_directory(tmp_path):
    account = given_account()
    given_invoice(account)
    assert run("invoice", "files", "INV-1", tmp_path) == (
        0,
        "INV-1.pdf\nINV-1-letter.pdf\nINV-1-working.pdf\n",
    )
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "INV-1-letter.pdf",
        "INV-1-working.pdf",
        "INV-1.pdf",
    ]
    assert (tmp_path / "INV-1.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_credits_are_whole_by_lines_or_an_amount():
    currency = given_invoice(given_account()).currency
    said = run("invoice", "credit", "INV-1", "--amount", "100", "--reason", "x")
    assert said == (
        0,
        f"CN-1 over 100.00 {currency} is issued; 0.00 {currency} of it is left for later invoices.\n",
    )
    assert run("invoice", "credit", "INV-1", "--reason", "x")[1].startswith(f"CN-2 over 234.99 {currency}")
    assert run("invoice", "credit", "INV-1", "--reason", "x") == (
        2,
        "seatledger: Nothing of it is left to credit.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--line", "1", "--amount", "1"), "Give lines or an amount, not both."),
        (("--amount", "1e9"), "“1e9” is no amount. Write it as 12.50."),
        (("--amount", "1.005"), "finer than the smallest unit"),
        (("--line", "9"), "There is no such line on this invoice."),
    ],
)
def test_a_credit_that_makes_no_sense_is_refused(arguments, words):
    invoice = given_invoice(given_account())
    code, output = run("invoice", "credit", "INV-1", *arguments, "--reason", "x")
    assert code == 2
    assert words in output
    assert open_of(invoice) == 33499


def test_void_and_write_off():
    account = given_account()
    given_invoice(account)
    given_invoice(account, [10000])
    assert run("invoice", "void", "INV-1", "--reason", "Wrong company") == (0, "INV-1 is void.\n")
    today = timezone.now().date()
    assert f"      void since {today}: Wrong company" in run("invoice", "show", "INV-1")[1].splitlines()
    assert run("invoice", "write-off", "INV-2", "--reason", "Insolvent") == (
        0,
        f"120.00 {account.currency} of INV-2 is written off.\n",
    )
    written_off = f"      {today} write-off: 120.00 {account.currency} (Insolvent)"
    assert run("invoice", "show", "INV-2")[1].splitlines()[-1] == written_off
    assert run("invoice", "void", "INV-2", "--reason", "x")[0] == 2


def test_show_has_credit_notes_in_the_order_of_their_numbers_and_what_they_were_used_for():
    account = given_account()
    currency = account.currency
    given_invoice(account)
    for number in range(1, 13):
        run("invoice", "credit", "INV-1", "--amount", "10", "--reason", f"Number {number}")
    shown = run("invoice", "show", "INV-1")[1].splitlines()
    assert shown[-12:] == [f"      credited by CN-{number}: 10.00 {currency}" for number in range(1, 13)]
    gesture = ("--amount", "20", "--text", "Sorry", "--reason", "Outage")
    run("invoice", "gesture", account.serial_number, *gesture)
    today = timezone.now().date()
    assert (
        f"      {today} credit note CN-13: 20.00 {currency}"
        in run("invoice", "show", "INV-1")[1].splitlines()
    )
    assert (
        f"      {today} used for INV-1: 20.00 {currency}" in run("invoice", "show", "CN-13")[1].splitlines()
    )


def test_a_gesture_and_terms():
    account = given_account()
    given_vendor(percent="20")
    said = run(
        "invoice", "gesture", account.serial_number, "--amount", "20", "--text", "Sorry", "--reason", "Outage"
    )
    assert said == (
        0,
        f"CN-1 over 20.00 {account.currency} is issued; 20.00 {account.currency} of it is left for later invoices.\n",
    )
    run("invoice", "terms", account.serial_number, "--days", "14", "--exempt", "Diplomatic mission")
    parties = parties_of(account)
    day = date(2026, 3, 2)
    assert (parties.due_on(day), parties.tax_on(day).kind) == (date(2026, 3, 16), "E")


def test_an_unknown_number_is_refused():
    assert run("invoice", "show", "INV-9") == (2, "seatledger: There is no such invoice or credit note.\n")


# Explaining


@pytest.fixture
def billed():
    """Ten seats from 3 March, two more on the 23rd, two fewer credited in April's place."""
    given_vendor()
    account = given_account()
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    change_total(pool=pool, total=12, reason="More people", at=noon("2026-03-23"), by=STAFF)
    bill(account, "2026-03-23")
    return account


def test_a_line_is_explained_and_worked_out_again(billed):  # D23
    code, output = run("explain", "INV-2/1")
    currency = billed.currency
    assert code == 0
    assert output.splitlines() == [
        "INV-2, line 1: Professional User, 2 seats, 23 March to 2 April 2026",
        "    23 March to 2 April 2026: 12 seats charged instead of 10.",
        "    For the full period, 3 March to 2 April 2026, 12 seats cost 144.00 and 10 seats cost 120.00.",
        "    Plus, counted to the end of the period: 24.00 x 11/31 days = 8.516129..., rounded 8.52.",
        f"    The amount is 8.52 {currency}.",
        f"Worked out again: 8.52 {currency}. The line agrees.",
    ]


def change_line(change: str) -> None:
    """Change the stored line as only the owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE invoices_line DISABLE TRIGGER USER")
        document_id = Issue.objects.get(reference="INV-2").document_id
        cursor.execute(change, [document_id])
        cursor.execute("ALTER TABLE invoices_line ENABLE TRIGGER USER")


def test_a_line_that_was_changed_does_not_agree(billed):
    change_line("UPDATE invoices_line SET amount_minor = 853 WHERE document_id = %s")
    code, output = run("explain", "INV-2/1")
    currency = billed.currency
    assert code == 1
    assert output.splitlines()[-1] == f"Worked out again: 8.52 {currency}. The line says 8.53 {currency}."


def test_totals_that_were_changed_do_not_agree(billed):
    change_line("UPDATE invoices_line SET totals = '[]' WHERE document_id = %s")
    code, output = run("explain", "INV-2/1")
    assert code == 1
    assert output.splitlines()[-1] == "The running totals stored with it are not those it comes to."


def test_lines_of_people_say_so(billed):
    run("invoice", "credit", "INV-2", "--reason", "Not used")
    assert run("explain", "CN-1/1") == (
        0,
        (
            "CN-1, line 1: Professional User, 2 seats, 23 March to 2 April 2026 (INV-2, line 1)\n"
            "    A person credited line 1 of INV-2. The reason given is: Not used.\n"
            "    What that line comes to: seatledger explain INV-2/1.\n"
            f"The line says 8.52 {billed.currency}.\n"
        ),
    )
    given_invoice(billed, [100])
    assert (
        "    A person wrote this line; nothing was worked out." in run("explain", "INV-3/1")[1].splitlines()
    )


@pytest.mark.parametrize("line", ["INV-2", "INV-2/", "/1", "INV-2/x", "INV-2/1234567", "INV-2/²"])
def test_what_is_no_line_is_refused(billed, line):
    code, output = run("explain", line)
    assert code == 2
    assert "is no line. Write the invoice's number and the line's: INV-123/2." in output


def test_a_line_that_is_not_there_is_refused(billed):
    assert run("explain", "INV-2/9") == (2, "seatledger: There is no such line on INV-2.\n")
