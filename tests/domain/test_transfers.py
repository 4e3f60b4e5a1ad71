"""Transfers come in with a statement, are booked once, and settle what they are meant for."""

from datetime import date
from uuid import uuid4

import pytest

from bank_statements import entry, statement_of
from charging import noon
from invoicing import given_invoice, open_of
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import Settlement
from seatledger.domain.invoices.queries import find_wrong_amounts, get_balance
from seatledger.domain.invoices.refusals import MoreThanIsOpen
from seatledger.domain.payments.actions import (
    HandTransfer,
    Imported,
    TransferDecided,
    UnfitBooking,
    book_by_hand,
    book_transfer,
    ignore_transfer,
    import_statement,
    take_up_again,
    undo_booking,
)
from seatledger.domain.payments.actions.refunds import refund_unapplied
from seatledger.domain.payments.actions.transfers import PartlyRefunded
from seatledger.domain.payments.models import IncomingTransfer, Payment, TransferState
from seatledger.domain.payments.queries import (
    get_transfer_for_operator,
    list_transfers_for_operator,
    propose_for_operator,
)
from seatledger.domain.payments.taking_in import book_what_is_certain, take_in
from seatledger.domain.payments.transfers import Part, Why
from seatledger.shared.errors import NotFound
from support import STAFF, count_of, given_account, refreshed, run_together

pytestmark = pytest.mark.django_db
AT = noon("2026-03-21")


def import_one(*entries, name="S-1"):
    return import_statement(read=statement_of(*entries, name=name), at=AT, by=STAFF)


def given_transfer(*entries):
    import_one(*entries or [entry()])
    return IncomingTransfer.objects.latest("booked_on")


def book(transfer, account, *parts):
    return book_transfer(transfer=transfer, account=account, parts=parts, at=AT, by=STAFF)


def proposals_for(transfer):
    return [
        (one.account.name, [f"{number} {amount}" for number, amount in one.parts], one.match.why)
        for one in propose_for_operator([transfer])[transfer.pk]
    ]


def test_a_statement_is_imported_once():
    read = statement_of(entry(reference="B-1"), entry(reference="B-2"))
    assert import_statement(read=read, at=AT, by=STAFF) == Imported(is_new=True, new=2)
    assert import_statement(read=read, at=AT, by=STAFF) == Imported(is_new=False)
    assert IncomingTransfer.objects.count() == 2


def test_a_credit_that_two_statements_tell_is_one():
    import_one(entry(reference="B-1"))
    again = import_one(entry(reference="B-1"), entry(reference="B-2"), name="S-2")
    assert again == Imported(is_new=True, new=1, known=1)


def test_reference_and_amount_are_booked_by_the_import():
    account = given_account()
    invoice = given_invoice(account)
    taken = take_in([statement_of(entry(text="INV-1 thank you"))], at=AT, by=STAFF)
    assert (taken.new, taken.booked) == (1, 1)
    payment = Payment.objects.get(account=account)
    assert (payment.amount_minor, payment.applied_minor, payment.gateway) == (33499, 33499, "transfer")
    assert (open_of(invoice), get_balance(account)) == (0, 0)
    assert find_wrong_amounts(None) == []
    told = Event.objects.filter(account=account, kind="payment_succeeded").get()
    assert told.payload == {"payment_id": str(payment.pk), "amount_minor": 33499}
    assert IncomingTransfer.objects.get().payment == payment
    assert take_in([statement_of(entry(text="INV-1 thank you"))], at=AT, by=STAFF).booked == 0


def test_a_part_leaves_the_rest_open():
    account = given_account()
    invoice = given_invoice(account)
    take_in([statement_of(entry("100.00"))], at=AT, by=STAFF)
    assert (open_of(invoice), get_balance(account)) == (23499, 23499)


def test_what_is_over_stays_the_accounts_credit():
    account = given_account()
    invoice = given_invoice(account)
    take_in([statement_of(entry("400.00"))], at=AT, by=STAFF)
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.applied_minor) == (40000, 33499)
    assert (open_of(invoice), get_balance(account)) == (0, -6501)
    assert find_wrong_amounts(None) == []


def test_several_invoices_are_paid_at_once():
    account = given_account()
    invoices = [given_invoice(account, [10000]), given_invoice(account, [20000])]
    take_in([statement_of(entry("360.00", text="INV-1, INV-2"))], at=AT, by=STAFF)
    assert [open_of(invoice) for invoice in invoices] == [0, 0]
    assert Payment.objects.count() == 1
    assert Settlement.objects.count() == 2


def test_a_known_payer_is_proposed_and_not_booked():
    account = given_account()
    invoice = given_invoice(account)
    assert take_in([statement_of(entry(text="licences"))], at=AT, by=STAFF).booked == 0
    transfer = IncomingTransfer.objects.get()
    assert proposals_for(transfer) == [("Northwind", ["INV-1 334.99 GBP"], Why.PAYER_AND_AMOUNT)]
    assert open_of(invoice) == 33499


def test_who_paid_from_an_account_before_is_known_by_it():
    account = given_account()
    book(given_transfer(entry(payer="N. Wind Holding")), account)
    given_invoice(account)
    later = IncomingTransfer(
        currency="GBP", amount_minor=100, payer="Somebody", payer_account="GB33BUKB20201555555555"
    )
    assert proposals_for(later) == [("Northwind", ["INV-1 1.00 GBP"], Why.PAYER)]


def test_an_invoice_paid_twice_is_for_a_person():
    account = given_account()
    given_invoice(account)
    take_in([statement_of(entry())], at=AT, by=STAFF)
    taken = take_in([statement_of(entry(reference="B-2"), name="S-2")], at=AT, by=STAFF)
    assert (taken.new, taken.booked) == (1, 0)
    [transfer] = list_transfers_for_operator()
    assert proposals_for(transfer) == [("Northwind", [], Why.SETTLED_REFERENCE)]
    assert book(transfer, account).applied_minor == 0
    assert get_balance(account) == -33499


def test_a_stranger_is_nobodys_until_a_person_says_so():
    account = given_account()
    invoice = given_invoice(account)
    transfer = given_transfer(entry(payer="Somebody", text="thanks"))
    assert proposals_for(transfer) == []
    book(transfer, account, Part(invoice.pk, 33499))
    assert open_of(invoice) == 0
    with pytest.raises(TransferDecided):
        book(transfer, account)


@pytest.mark.parametrize("minors", [[33500], [33499, 1], [0], [-5]])
def test_parts_fit_what_came_in(minors):
    account = given_account()
    invoices = [given_invoice(account), given_invoice(account)]
    transfer = given_transfer()
    parts = [Part(invoice.pk, minor) for invoice, minor in zip(invoices, minors, strict=False)]
    with pytest.raises(UnfitBooking):
        book(transfer, account, *parts)
    assert refreshed(transfer).state == TransferState.UNMATCHED
    assert not Payment.objects.exists()


def test_an_invoice_is_not_settled_beyond_what_is_open():
    account = given_account()
    invoice = given_invoice(account, [1000])
    with pytest.raises(MoreThanIsOpen):
        book(given_transfer(), account, Part(invoice.pk, 1300))
    with pytest.raises(UnfitBooking):
        book(IncomingTransfer.objects.get(), account, Part(invoice.pk, 1), Part(invoice.pk, 2))
    assert (Payment.objects.count(), get_balance(account)) == (0, 1200)


def test_a_neighbours_invoice_is_none():
    theirs = given_invoice(given_account("Contoso"))
    for invoice_id in (theirs.pk, uuid4()):
        with pytest.raises(NotFound):
            book(given_transfer(), given_account(f"N {invoice_id}"), Part(invoice_id, 5))
    with pytest.raises(NotFound):
        get_transfer_for_operator(uuid4())


def test_another_currency_is_not_booked():
    with pytest.raises(UnfitBooking, match="in EUR and the account pays in GBP"):
        book(given_transfer(entry(currency="EUR")), given_account())


def test_what_no_statement_tells_is_booked_by_hand():
    account = given_account()
    invoice = given_invoice(account)
    told = HandTransfer(33499, date(2026, 3, 19), "Northwind", "cheque")
    book_by_hand(account=account, told=told, parts=[Part(invoice.pk, 33499)], at=AT, by=STAFF)
    transfer = IncomingTransfer.objects.get()
    assert (transfer.statement.form, transfer.state, open_of(invoice)) == ("by hand", "booked", 0)
    with pytest.raises(UnfitBooking):
        book_by_hand(account=account, told=HandTransfer(0, date(2026, 3, 19)), parts=[], at=AT, by=STAFF)


def test_what_is_no_payment_is_ignored_and_can_be_taken_up_again():
    transfer = given_transfer()
    ignore_transfer(transfer=transfer, why="Refund of the electricity company", at=AT, by=STAFF)
    assert (list_transfers_for_operator(), refreshed(transfer).decided_at) == ([], AT)
    with pytest.raises(TransferDecided):
        book(transfer, given_account())
    take_up_again(transfer=transfer, at=AT, by=STAFF)
    assert list_transfers_for_operator() == [transfer]
    with pytest.raises(TransferDecided):
        take_up_again(transfer=transfer, at=AT, by=STAFF)


def test_a_wrong_booking_is_undone_and_the_money_booked_for_another():
    account, other = given_account(), given_account("Contoso")
    invoice = given_invoice(account)
    transfer = given_transfer()
    payment = book(transfer, account, Part(invoice.pk, 33499))
    undo_booking(transfer=transfer, why="It was Contoso's", at=AT, by=STAFF)
    assert (refreshed(payment).state, open_of(invoice), get_balance(account)) == ("reversed", 33499, 33499)
    assert (refreshed(transfer).state, refreshed(transfer).note) == ("unmatched", "It was Contoso's")
    with pytest.raises(TransferDecided):
        undo_booking(transfer=transfer, why="Again", at=AT, by=STAFF)
    book(transfer, other)
    assert get_balance(other) == -33499
    assert find_wrong_amounts(None) == []


def test_a_booking_whose_money_went_back_stays():
    account = given_account()
    transfer = given_transfer()
    payment = book(transfer, account)
    refund_unapplied(payment=payment, amount_minor=100, why="Asked", at=AT, by=STAFF)
    with pytest.raises(PartlyRefunded):
        undo_booking(transfer=transfer, why="Wrong", at=AT, by=STAFF)


def test_transfers_are_read_page_by_page():
    import_one(*[entry(reference=f"B-{number}") for number in range(5)])
    first = list_transfers_for_operator(limit=3)
    rest = list_transfers_for_operator(before=(first[-1].booked_on, first[-1].pk), limit=3)
    assert len({one.pk for one in [*first, *rest]}) == 5


# Races


@pytest.mark.django_db(transaction=True)
def test_a_transfer_is_booked_once():
    account = given_account()
    invoice = given_invoice(account)
    transfer = given_transfer()
    neighbour = given_account("Contoso")
    outcomes = run_together(
        *[lambda: book(transfer, account, Part(invoice.pk, 33499))] * 3,
        *[lambda: book(transfer, neighbour)] * 3,
    )
    assert (count_of(Payment, outcomes), count_of(TransferDecided, outcomes)) == (1, 5)
    assert Payment.objects.count() == 1
    assert find_wrong_amounts(None) == []


@pytest.mark.django_db(transaction=True)
def test_a_statement_imported_twice_at_a_moment_is_stored_once():
    read = statement_of(*[entry(reference=f"B-{number}") for number in range(20)])
    outcomes = run_together(*[lambda: import_statement(read=read, at=AT, by=STAFF)] * 4)
    assert sorted(one.new for one in outcomes) == [0, 0, 0, 20]
    assert IncomingTransfer.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_two_who_book_what_is_certain_book_it_once():
    account = given_account()
    for _ in range(10):
        given_invoice(account, [1000])
    import_one(*[entry("12.00", reference=f"B-{n}", text=f"INV-{n}") for n in range(1, 11)])
    booked = run_together(*[lambda: book_what_is_certain(at=AT)] * 2)
    assert sum(booked) == 10
    assert (Payment.objects.count(), get_balance(account)) == (10, 0)


@pytest.mark.django_db(transaction=True)
def test_the_control_books_twice():
    """Looking at the state before the transfer is held, and booking afterwards, is what one would write first."""
    account = given_account()
    transfer = given_transfer()

    def look_then_book():
        looked = refreshed(transfer).state == TransferState.UNMATCHED
        if looked:
            told = HandTransfer(transfer.amount_minor, transfer.booked_on)
            book_by_hand(account=account, told=told, parts=[], at=AT, by=STAFF)
        return looked

    assert run_together(look_then_book, look_then_book) == [True, True]
    assert Payment.objects.count() == 2
