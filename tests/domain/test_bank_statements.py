"""Statements of banks are read in every version and form, and what is broken or hostile is refused as a whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_statements import IBAN, camt, detail, entry
from seatledger.domain.payments.statements import Columns, ToldCredit, UnfitStatement, read_statements
from seatledger.engine.money import Money

POUNDS = Money(33499, "GBP")


def read_one(content, **said):
    [read] = read_statements(content, **said)
    return read


# camt.053


@pytest.mark.parametrize("version", ["02", "03", "04", "05", "06", "07"])
def test_every_version_tells_the_same(version):
    read = read_one(camt(entry(), version=version))
    assert (read.identifier, read.left_out) == (f"{IBAN}/S-1", ())
    assert read.credits == (
        ToldCredit(f"{IBAN}/B-1", date(2026, 3, 20), POUNDS, "Northwind", "GB33BUKB20201555555555", "INV-1"),
    )


@pytest.mark.parametrize("version", ["08", "10"])
def test_later_versions_put_status_and_payer_deeper(version):
    one = entry(
        status="<Sts><Cd>BOOK</Cd></Sts>", details=detail(payer="<Pty><Nm>Northwind</Nm></Pty>", text="INV-1")
    )
    [told] = read_one(camt(one, version=version)).credits
    assert (told.payer, told.remittance, told.amount) == ("Northwind", "INV-1", POUNDS)


def test_debits_and_what_is_not_booked_are_left_out_and_told():
    read = read_one(camt(entry(sign="DBIT"), entry(status="<Sts>PDNG</Sts>"), entry(reference="B-2")))
    assert len(read.credits) == 1
    assert read.left_out == ("Left out, as debits or not booked yet: 2.",)


def test_a_reversal_is_told_and_never_taken_for_a_payment():
    read = read_one(camt(entry(more="<RvslInd>true</RvslInd>", sign="DBIT", text="returned")))
    assert read.credits == ()
    assert read.left_out == (
        (
            "A debit of 334.99 GBP on 2026-03-20, that takes back what had come in: returned."
            " If a payment was booked for it, undo that by hand."
        ),
    )


def of_amount(amount: str, text: str, *, sign: str = "CRDT") -> str:
    more = f'<Amt Ccy="GBP">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
    return detail(text=text, payer="<Nm>Somebody</Nm>", more=more)


def test_a_batch_is_taken_apart():
    parts = of_amount("100.00", "INV-1") + of_amount("234.99", "INV-2")
    read = read_one(camt(entry(details=parts)))
    assert [(one.bank_reference, str(one.amount), one.remittance) for one in read.credits] == [
        (f"{IBAN}/B-1/1", "100.00 GBP", "INV-1"),
        (f"{IBAN}/B-1/2", "234.99 GBP", "INV-2"),
    ]


def test_version_02_says_the_amounts_of_a_batch_elsewhere():
    parts = [
        detail(text=text, more=f'<AmtDtls><TxAmt><Amt Ccy="GBP">{amount}</Amt></TxAmt></AmtDtls>')
        for amount, text in (("100.00", "INV-1"), ("234.99", "INV-2"))
    ]
    read = read_one(camt(entry(details="".join(parts))))
    assert [str(one.amount) for one in read.credits] == ["100.00 GBP", "234.99 GBP"]


def test_a_batch_that_does_not_add_up_is_one_credit():
    parts = of_amount("100.00", "INV-1") + of_amount("100.00", "INV-2")
    [told] = read_one(camt(entry(details=parts))).credits
    assert (told.amount, told.remittance) == (POUNDS, "INV-1 INV-2")


def test_a_debit_within_a_batch_is_no_credit():
    parts = of_amount("400.00", "INV-1") + of_amount("65.01", "fee", sign="DBIT")
    assert [str(one.amount) for one in read_one(camt(entry(details=parts))).credits] == ["400.00 GBP"]


def test_a_structured_reference_is_read_too():
    structured = "<RmtInf><Strd><CdtrRefInf><Ref>INV-7</Ref></CdtrRefInf></Strd></RmtInf>"
    [told] = read_one(camt(entry(details=f"<TxDtls>{structured}</TxDtls>"))).credits
    assert told.remittance == "INV-7"


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>&c;</Id>'
    b"</Stmt></BkToCstmrStmt></Document>"
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(ENTITIES, "document type", id="entities"),
        pytest.param(ENTITIES.decode().encode("utf-16"), "broken|document type", id="entities in UTF-16"),
        pytest.param(
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
            "no camt|document type",
            id="XXE",
        ),
        pytest.param(b"<Document>", "broken", id="cut off"),
        pytest.param(b"<Document/>", "no camt.053", id="another XML"),
        pytest.param(camt(version="01"), "no camt.053", id="version 01"),
        pytest.param(camt(name=""), "identification", id="no name"),
        pytest.param(camt(entry("12,50")), "no amount", id="amount"),
        pytest.param(camt(entry("-12.50")), "no amount", id="negative"),
        pytest.param(camt(entry("NaN")), "no amount", id="NaN"),
        pytest.param(camt(entry("1.234")), "no amount", id="finer than pence"),
        pytest.param(camt(entry(currency="XYZ")), "no amount", id="currency"),
        pytest.param(camt(entry()).replace(b"2026-03-20", b"2026-02-30"), "day of booking", id="day"),
        pytest.param(b"<d>" * 100_000, "broken", id="deep"),
        pytest.param(b"<d " * 7_000_000, "larger", id="huge"),
        pytest.param(b"  ", "empty", id="empty"),
    ],
)
def test_what_is_broken_or_hostile_is_refused(content, why):
    with pytest.raises(UnfitStatement, match=why):
        read_statements(content)


# Tables

TABLE = "date,amount,currency,payer,remittance,reference\n"
SPARKASSE = Columns(
    date="Buchungstag",
    amount="Betrag",
    currency="Währung",
    payer="Name",
    remittance="Verwendungszweck",
    reference="",
    decimal_mark=",",
    day_format="%d.%m.%Y",
)


def test_a_table_with_our_names():
    [told] = read_one(f"{TABLE}2026-03-20,334.99,GBP,Northwind,INV-1,77\n".encode()).credits
    assert told == ToldCredit("csv/77", date(2026, 3, 20), POUNDS, "Northwind", "", "INV-1")


def test_a_banks_own_names_marks_and_days():
    lines = "Buchungstag;Name;Verwendungszweck;Betrag;Währung\n20.03.2026;Northwind;INV-1;1.334,99;GBP\n"
    [told] = read_one(lines.encode("utf-8-sig"), columns=SPARKASSE).credits
    assert (told.amount, told.booked_on, told.payer) == (Money(133499, "GBP"), date(2026, 3, 20), "Northwind")


def test_the_currency_may_be_said_for_all():
    [told] = read_one(b"date,amount\n2026-03-20,5.00\n", currency="EUR").credits
    assert told.amount == Money(500, "EUR")


def test_debits_of_a_table_are_left_out():
    read = read_one(f"{TABLE}2026-03-20,-5.00,GBP,Bank,fee,1\n2026-03-20,+6.00,GBP,A,B,2\n".encode())
    assert ([str(one.amount) for one in read.credits], read.left_out) == (
        ["6.00 GBP"],
        ("Left out, as debits: 1.",),
    )


def test_two_equal_lines_are_two_transfers_and_overlapping_files_tell_the_same():
    line = "2026-03-20,5.00,GBP,Northwind,INV-1,\n"
    first, second = (read_one((TABLE + line * times).encode()).credits for times in (2, 3))
    assert len({one.bank_reference for one in first}) == 2
    assert first == second[:2]


def test_every_wrong_line_is_told_and_nothing_is_taken():
    wrong = (
        '20.3.2026,5.00,GBP,,,1\n2026-03-20,5.00,GBP,,,2\n2026-03-20,1,GBP,,,3\n2026-03-20,"1,23",GBP,,,4\n'
    )
    with pytest.raises(UnfitStatement, match=r"read: 2\. Nothing was imported") as refused:
        read_statements((TABLE + wrong).encode())
    assert [str(error) for error in refused.value.errors] == [
        "line 2, column date: “20.3.2026” is no day. It is to be written as 2026-12-31.",
        "line 5, column amount: “1,23” is no amount of GBP. Write it as 1,234.50, with a minus for a debit.",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"day,amount\n", "no column “date” for the date", id="column"),
        pytest.param(b"date,amount,Amount\n", "Two columns", id="twice"),
        pytest.param(
            f"{TABLE}2026-03-20,1,GBP,,,7\n2026-03-20,2,GBP,,,7\n".encode(), "two lines", id="reference"
        ),
        pytest.param("date,amount\n2026-03-20,1 €".encode("cp1252"), "not UTF-8", id="encoding"),
        pytest.param(b'date,amount\n"2026-03-20,5', "no CSV", id="quotation mark"),
        pytest.param(b"date,amount\n2026-03-20,5.00", "cannot be read: 1", id="no currency"),
        pytest.param(b"date,amount,currency\n2026-03-20,0,GBP", "cannot be read: 1", id="nothing"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(content, why):
    with pytest.raises(UnfitStatement, match=why):
        read_statements(content)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (TABLE + text).encode()))
def test_no_file_does_more_than_be_refused(content):
    try:
        read = read_statements(content)
    except UnfitStatement:
        return
    for one in read:
        assert all(told.amount.amount_minor > 0 for told in one.credits)


amounts = st.integers(1, 10**9)


@given(
    st.lists(
        st.tuples(amounts, st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)), max_size=5
    )
)
def test_what_is_written_is_read(rows):
    quoted = ['"' + text.replace('"', '""') + '"' for _, text in rows]
    lines = [
        f"2026-03-20,{Money(minor, 'GBP').to_text()},GBP,,{text},{place}\n"
        for place, ((minor, _), text) in enumerate(zip(rows, quoted, strict=True))
    ]
    read = read_one((TABLE + "".join(lines)).encode())
    assert [one.amount.amount_minor for one in read.credits] == [minor for minor, _ in rows]
