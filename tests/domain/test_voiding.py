"""An invoice declared void is billed anew; one that is written off is owed no longer."""

from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import transaction

from charging import bill, given_vendor, noon
from invoicing import given_invoice, open_of
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import credit_invoice, void_invoice, write_off
from seatledger.domain.invoices.crediting import Everything, GrossAmount
from seatledger.domain.invoices.entries import settle, write_entry
from seatledger.domain.invoices.models import (
    AccountBilling,
    BalanceEntry,
    Document,
    EntryKind,
    Issue,
    Settlement,
    Void,
)
from seatledger.domain.invoices.refusals import (
    AlreadySettled,
    InvoiceIsVoid,
    MoreThanIsLeft,
    MoreThanIsOpen,
    NotAnInvoice,
    NothingOpen,
)
from seatledger.engine.money import Money
from seatledger.shared.errors import Refused
from seatledger.shared.text import UnfitText
from selling import given_subscription
from support import STAFF, count_of, given_account, racers, run_together

pytestmark = pytest.mark.django_db


def void(invoice: Document, *, on: str = "2026-03-10") -> Void:
    return void_invoice(invoice=invoice, reason="Made out to the wrong company", at=noon(on), by=STAFF)


def give_up(invoice: Document) -> Settlement:
    return write_off(invoice=invoice, reason="Insolvent", at=noon("2026-03-10"), by=STAFF)


def entries() -> list[tuple[str, int, int]]:
    rows = BalanceEntry.objects.order_by("sequence")
    return [(row.kind, row.amount_minor, row.balance_minor) for row in rows]


def test_a_void_invoice_keeps_its_number_and_is_owed_no_longer():
    invoice = given_invoice(given_account())
    stored = void(invoice)
    assert stored.reason == "Made out to the wrong company"
    assert Issue.objects.get(document=invoice).reference == "INV-1"
    assert open_of(invoice) == 0
    assert entries() == [("invoice", 33499, 33499), ("void", -33499, 0)]
    assert Event.objects.get(kind="invoice_voided").payload == {"document_id": str(invoice.pk)}


def test_what_a_void_invoice_charged_is_billed_anew():
    given_vendor()
    account = given_account()
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    assert bill(account, "2026-05-10") == [
        "INV-1 on 2026-03-03: 120.00",
        "INV-2 on 2026-04-03: 120.00",
        "INV-3 on 2026-05-03: 120.00",
    ]
    second = Issue.objects.get(reference="INV-2").document
    void(second, on="2026-05-12")
    assert AccountBilling.objects.get(account=account).next_on.isoformat() == "2026-05-12"
    assert bill(account, "2026-05-12") == ["INV-4 on 2026-05-12: 120.00"]
    anew = Issue.objects.get(reference="INV-4").document.lines.get()
    assert (anew.period_starts_on.isoformat(), anew.revision) == ("2026-04-03", 1)
    assert bill(account, "2026-05-13") == []
    assert bill(account, "2026-06-03") == ["INV-5 on 2026-06-03: 120.00"]


@pytest.mark.parametrize("settled_by", ["payment", "credit note", "write-off"])
def test_what_was_settled_in_part_is_not_declared_void(settled_by):
    invoice = given_invoice(given_account())
    if settled_by == "payment":
        settle(invoice, EntryKind.PAYMENT, 1, payment_id=uuid4(), at=noon("2026-03-04"))
    elif settled_by == "credit note":
        credit_invoice(
            invoice=invoice, credit=GrossAmount(1), reason="Too much", at=noon("2026-03-04"), by=STAFF
        )
    else:
        give_up(invoice)
    with pytest.raises(AlreadySettled, match="Something of INV-1 was paid, credited or written off already"):
        void(invoice)
    assert not Void.objects.exists()


def test_nothing_more_becomes_of_a_void_invoice():
    invoice = given_invoice(given_account())
    void(invoice)
    for again in (
        lambda: void(invoice),
        lambda: give_up(invoice),
        lambda: credit_invoice(
            invoice=invoice, credit=Everything(), reason="x", at=noon("2026-03-11"), by=STAFF
        ),
    ):
        with pytest.raises(InvoiceIsVoid, match="INV-1 was declared void: nothing of it is owed"):
            again()


def test_what_is_open_is_written_off():
    invoice = given_invoice(given_account(), [10000])
    settle(invoice, EntryKind.PAYMENT, 2000, payment_id=uuid4(), at=noon("2026-03-04"))
    written = give_up(invoice)
    assert (written.amount_minor, written.reason, open_of(invoice)) == (10000, "Insolvent", 0)
    assert entries()[-1][:2] == ("write_off", -10000)
    assert Event.objects.get(kind="invoice_written_off").payload == {
        "document_id": str(invoice.pk),
        "amount_minor": 10000,
    }
    with pytest.raises(NothingOpen, match="Nothing of INV-1 is open"):
        give_up(invoice)


def test_what_was_written_off_is_not_given_back():
    invoice = given_invoice(given_account(), [10000])
    settle(invoice, EntryKind.PAYMENT, 2000, payment_id=uuid4(), at=noon("2026-03-04"))
    give_up(invoice)
    currency = invoice.currency
    with pytest.raises(
        MoreThanIsLeft,
        match=f"100.00 {currency} of INV-1 was written off. Credit an amount of 20.00 {currency} at most.",
    ):
        credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=noon("2026-03-11"), by=STAFF)
    note = credit_invoice(
        invoice=invoice, credit=GrossAmount(2000), reason="x", at=noon("2026-03-11"), by=STAFF
    )
    assert open_of(note) == 2000


@pytest.mark.parametrize("act", [void_invoice, write_off])
def test_a_reason_and_an_invoice_are_needed(act):
    invoice = given_invoice(given_account())
    with pytest.raises(UnfitText, match="The reason is empty"):
        act(invoice=invoice, reason=" ", at=noon("2026-03-10"), by=STAFF)
    note = credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=noon("2026-03-10"), by=STAFF)
    with pytest.raises(NotAnInvoice):
        act(invoice=note, reason="x", at=noon("2026-03-10"), by=STAFF)


def test_a_document_is_settled_up_to_what_is_open():
    account = given_account()
    invoice = given_invoice(account, [10000])
    settle(invoice, EntryKind.PAYMENT, 7000, payment_id=uuid4(), at=noon("2026-03-04"))
    with pytest.raises(MoreThanIsOpen, match=f"Of INV-1, only 50.00 {invoice.currency} is open."):
        settle(invoice, EntryKind.PAYMENT, 5001, payment_id=uuid4(), at=noon("2026-03-04"))
    note = credit_invoice(invoice=invoice, credit=Everything(), reason="x", at=noon("2026-03-10"), by=STAFF)
    assert open_of(note) == 7000
    refund = settle(note, EntryKind.REFUND, 7000, payment_id=uuid4(), at=noon("2026-03-11"))
    assert (refund.invoice, refund.credit_note, open_of(note)) == (None, note, 0)


def test_an_entry_moves_the_balance_on():
    account = given_account()
    first = write_entry(
        account, EntryKind.PAYMENT, Money(-500, "GBP"), payment_id=uuid4(), at=noon("2026-03-04")
    )
    second = write_entry(
        account, EntryKind.REFUND, Money(200, "GBP"), payment_id=uuid4(), at=noon("2026-03-05")
    )
    assert [(row.sequence, row.balance_minor) for row in (first, second)] == [(1, -500), (2, -300)]
    assert second.dated_on.isoformat() == "2026-03-05"


@pytest.mark.django_db(transaction=True)
def test_of_a_void_a_credit_and_a_write_off_at_one_moment_one_wins():
    account = given_account()
    with racers(3) as run_round:
        for _ in range(5):
            invoice = given_invoice(account, [10000])
            said = {"invoice": invoice, "reason": "x", "at": noon("2026-03-10"), "by": STAFF}
            outcomes = run_round(
                partial(void_invoice, **said),
                partial(write_off, **said),
                partial(credit_invoice, credit=Everything(), **said),
            )
            assert open_of(invoice) == 0
            assert count_of(Refused, outcomes) == 2
            rows = BalanceEntry.objects.filter(account=account).order_by("sequence")
            assert [row.sequence for row in rows] == list(range(1, rows.count() + 1))


@pytest.mark.django_db(transaction=True)
def test_payments_at_one_moment_settle_no_more_than_is_open():
    invoice = given_invoice(given_account(), [10000])

    def pay() -> Settlement:
        with transaction.atomic():
            return settle(invoice, EntryKind.PAYMENT, 6000, payment_id=uuid4(), at=noon("2026-03-04"))

    outcomes = run_together(*[pay] * 4)
    assert (count_of(Settlement, outcomes), count_of(MoreThanIsOpen, outcomes)) == (2, 2)
    assert open_of(invoice) == 0


@pytest.mark.django_db(transaction=True)
def test_who_looks_first_and_writes_afterwards_settles_too_much():
    """The control of the race above."""
    invoice = given_invoice(given_account(), [10000])
    everyone_has_looked = Barrier(4)

    def pay_carelessly() -> int:
        still_open = open_of(invoice)
        everyone_has_looked.wait(timeout=30)
        assert still_open >= 6000
        Issue.objects.filter(document=invoice).update(open_minor=still_open - 6000)
        return 6000

    assert sum(run_together(*[pay_carelessly] * 4)) == 24000 > invoice.total_minor
    assert open_of(invoice) == 6000
