"""Whose the money is: by reference, by amount, by payer; certain or proposed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatledger.domain.payments.transfers import (
    Credit,
    Match,
    OpenInvoice,
    Part,
    Why,
    find_matches,
    find_references,
    share_out,
)
from seatledger.engine.money import Money

NORTHWIND, SOUTHWIND = UUID(int=1), UUID(int=2)


def invoice(number: int, open_minor: int, account_id: UUID = NORTHWIND, currency: str = "GBP") -> OpenInvoice:
    return OpenInvoice(UUID(int=100 + number), account_id, f"INV-{number}", Money(open_minor, currency))


def part(number: int, amount_minor: int) -> Part:
    return Part(UUID(int=100 + number), amount_minor)


def credit(amount_minor: int) -> Credit:
    return Credit(Money(amount_minor, "GBP"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INV-12", ["INV-12"]),
        ("invoice inv 12, thank you", ["INV-12"]),
        ("Inv/0012", ["INV-12"]),
        ("INV12+INV13", ["INV-12", "INV-13"]),
        ("pays INV-13 and INV-12 and INV-13", ["INV-13", "INV-12"]),
        ("INV-123", ["INV-123"]),
        ("XINV-12", []),
        ("INV-12A", []),
        ("INV-0", []),
        ("12", []),
        ("\uff29\uff2e\uff36\uff0d12", ["INV-12"]),
    ],
)
def test_numbers_are_found_as_payers_write_them(text, found):
    assert find_references(text, ["INV-"]) == found


def test_of_two_prefixes_the_whole_one_is_found():
    assert find_references("EU-INV-5, inv-6", ["INV-", "EU-INV-"]) == ["EU-INV-5", "INV-6"]


def test_a_prefix_without_letters_is_read_as_it_is():
    assert find_references("2026-5 and 2026 6", ["2026-"]) == ["2026-5"]


def test_reference_and_amount_are_certain():
    [match] = find_matches(credit(500), named=[invoice(1, 500)])
    assert match == Match(NORTHWIND, (part(1, 500),), Why.REFERENCE_AND_AMOUNT)
    assert match.is_certain


def test_several_invoices_in_one_transfer():
    [match] = find_matches(credit(800), named=[invoice(1, 500), invoice(2, 300)])
    assert match == Match(NORTHWIND, (part(1, 500), part(2, 300)), Why.REFERENCE_AND_AMOUNT)


def test_less_than_is_open_settles_a_part():
    [match] = find_matches(credit(600), named=[invoice(1, 500), invoice(2, 300)])
    assert match == Match(NORTHWIND, (part(1, 500), part(2, 100)), Why.REFERENCE)
    assert match.is_certain


def test_more_than_is_open_settles_all_and_leaves_the_rest():
    [match] = find_matches(credit(600), named=[invoice(1, 500)])
    assert match == Match(NORTHWIND, (part(1, 500),), Why.REFERENCE)


def test_an_invoice_that_is_settled_is_for_a_person():
    [match] = find_matches(credit(600), named=[invoice(1, 0)])
    assert match == Match(NORTHWIND, (), Why.SETTLED_REFERENCE)
    assert not match.is_certain


def test_invoices_of_two_accounts_are_for_a_person():
    matches = find_matches(credit(800), named=[invoice(1, 500), invoice(2, 300, SOUTHWIND)])
    assert [match.account_id for match in matches] == [NORTHWIND, SOUTHWIND]
    assert not any(match.is_certain for match in matches)


def test_a_known_payer_and_one_invoice_of_that_amount_is_proposed():
    [match] = find_matches(credit(300), named=[], of_payers=[invoice(1, 500), invoice(2, 300)])
    assert match == Match(NORTHWIND, (part(2, 300),), Why.PAYER_AND_AMOUNT)
    assert not match.is_certain


def test_a_sum_of_invoices_is_proposed_when_only_one_choice_fits():
    [match] = find_matches(
        credit(800), named=[], of_payers=[invoice(1, 500), invoice(2, 300), invoice(3, 70)]
    )
    assert match == Match(NORTHWIND, (part(1, 500), part(2, 300)), Why.PAYER_AND_AMOUNT)


def test_two_invoices_of_one_amount_are_settled_the_first_due_first():
    [match] = find_matches(credit(300), named=[], of_payers=[invoice(1, 300), invoice(2, 300)])
    assert match == Match(NORTHWIND, (part(1, 300),), Why.PAYER)


def test_who_fits_by_amount_comes_first():
    matches = find_matches(credit(300), named=[], of_payers=[invoice(1, 500), invoice(2, 300, SOUTHWIND)])
    assert [(match.account_id, match.why) for match in matches] == [
        (SOUTHWIND, Why.PAYER_AND_AMOUNT),
        (NORTHWIND, Why.PAYER),
    ]


def test_another_currency_settles_nothing():
    assert find_matches(credit(500), named=[invoice(1, 500, currency="EUR")]) == []


def test_a_stranger_without_a_reference_is_nobodys():
    assert find_matches(credit(500), named=[]) == []


def invoice_of_either(number: int, open_minor: int) -> OpenInvoice:
    return invoice(number, open_minor, SOUTHWIND if number % 2 else NORTHWIND)


opens = st.dictionaries(st.integers(1, 20), st.integers(0, 2000), max_size=12)


@given(st.integers(1, 5000), opens, st.sets(st.integers(1, 20)))
def test_nothing_is_settled_beyond_what_came_in_or_is_open(amount_minor, opens, written):
    """Whatever is named: no more is used than came in, no invoice gets more than is open of it, and one account's only."""
    known = [invoice_of_either(number, minor) for number, minor in opens.items()]
    named = [one for number, one in zip(opens, known, strict=True) if number in written]
    of_payers = [one for one in known if one.open.amount_minor]
    by_id = {one.id: one for one in known}
    matches = find_matches(credit(amount_minor), named=named, of_payers=of_payers)
    for match in matches:
        assert sum(part.amount_minor for part in match.parts) <= amount_minor
        for one in match.parts:
            assert by_id[one.invoice_id].account_id == match.account_id
            assert one.amount_minor > 0
    assert sum(match.is_certain for match in matches) <= 1
    if any(match.is_certain for match in matches):
        assert {one.account_id for one in named} == {matches[0].account_id}


@given(st.lists(st.integers(0, 1000), max_size=8), st.integers(1, 5000))
def test_an_amount_is_shared_out_to_the_end(opens, amount_minor):
    parts = share_out([(UUID(int=place), minor) for place, minor in enumerate(opens)], amount_minor)
    assert sum(part.amount_minor for part in parts) == min(amount_minor, sum(opens))
    assert all(part.amount_minor <= opens[part.invoice_id.int] for part in parts)
