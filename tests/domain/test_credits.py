"""Credit notes: what an invoice gives back, line by line and rate by rate, and never more than it had."""

from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charging import given_vendor, noon, numbers_of
from invoicing import FOUR, REDUCED, STANDARD, amounts_of, given_invoice, nets_of, open_of
from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import credit_account, credit_invoice
from seatledger.domain.invoices.actions.credits import credit_note_for
from seatledger.domain.invoices.crediting import ChosenLines, Credit, Everything, GrossAmount, work_out_credit
from seatledger.domain.invoices.entries import settle
from seatledger.domain.invoices.models import (
    BalanceEntry,
    Document,
    DocumentKind,
    EntryKind,
    Issue,
    Settlement,
)
from seatledger.domain.invoices.queries.crediting import get_what_is_left
from seatledger.domain.invoices.refusals import (
    MoreThanIsLeft,
    NotAnInvoice,
    NothingToCredit,
    UnlikelyAmount,
)
from seatledger.domain.invoices.writing import issue_drafts
from seatledger.shared.errors import NotFound
from seatledger.shared.text import UnfitText
from support import STAFF, count_of, given_account, racers, run_together

pytestmark = pytest.mark.django_db

LATER = "2026-03-10"


ALL = Everything()


def credit(invoice: Document, what: Credit = ALL, *, on: str = LATER) -> Document:
    return credit_invoice(invoice=invoice, credit=what, reason="Not as agreed", at=noon(on), by=STAFF)


def lines(*positions: int) -> ChosenLines:
    return ChosenLines(frozenset(positions))


def balance() -> int:
    return BalanceEntry.objects.order_by("-sequence")[0].balance_minor


def test_the_four_lines_are_33499_with_tax_and_their_credit_notes_never_above():
    invoice = given_invoice(given_account())
    assert amounts_of(invoice) == "279.16 + 55.83 = 334.99"
    notes = [credit(invoice, lines(position)) for position in (1, 2, 3, 4)]
    assert [amounts_of(note) for note in notes] == [
        "68.33 + 13.66 = 81.99",
        "68.33 + 13.67 = 82.00",
        "57.50 + 11.50 = 69.00",
        "85.00 + 17.00 = 102.00",
    ]
    assert sum(note.total_minor for note in notes) == invoice.total_minor == 33499
    assert (open_of(invoice), balance()) == (0, 0)
    with pytest.raises(NothingToCredit, match="Nothing of it is left"):
        credit(invoice)


def test_a_full_credit_is_the_exact_reversal_line_by_line():
    invoice = given_invoice(given_account(), [*FOUR, -1000, (999, REDUCED)])
    note = credit(invoice)
    assert nets_of(note) == nets_of(invoice) == [*FOUR, -1000, 999]
    assert (note.net_minor, note.tax_minor, note.taxes) == (
        invoice.net_minor,
        invoice.tax_minor,
        invoice.taxes,
    )
    assert (note.billed_to, note.sold_by) == (invoice.billed_to, invoice.sold_by)
    first = note.lines.order_by("position")[0]
    assert (first.text, first.of_position, first.item_id) == ("Service 1 (INV-1, line 1)", 1, None)
    assert (note.corrects, note.reason, note.issue.reference) == (invoice, "Not as agreed", "CN-1")
    assert (open_of(invoice), open_of(note), balance()) == (0, 0, 0)


def test_what_is_left_after_a_part_is_reversed_exactly():
    invoice = given_invoice(given_account())
    part = credit(invoice, GrossAmount(10000))
    assert amounts_of(part) == "83.34 + 16.66 = 100.00"
    assert nets_of(part) == [2040, 2040, 1716, 2538]
    rest = credit(invoice)
    assert amounts_of(rest) == "195.82 + 39.17 = 234.99"
    assert [a + b for a, b in zip(nets_of(part), nets_of(rest), strict=True)] == list(FOUR)


def test_an_amount_is_spread_over_the_rates():
    invoice = given_invoice(given_account(), [10000, (10000, REDUCED)])
    note = credit(invoice, GrossAmount(2250))
    assert [(tax["percent"], tax["net_minor"], tax["tax_minor"]) for tax in note.taxes] == [
        ("20", 1000, 200),
        ("5", 1000, 50),
    ]


def test_a_credit_note_reduces_its_invoice_then_the_others_then_it_is_credit():
    account = given_account()
    first = given_invoice(account, [10000])
    second = given_invoice(account, [5000], on="2026-03-03")
    payment = uuid4()
    settle(first, EntryKind.PAYMENT, 9000, payment_id=payment, at=noon("2026-03-04"))
    note = credit(first)
    assert (open_of(first), open_of(second), open_of(note)) == (0, 0, 3000)
    used = Settlement.objects.filter(credit_note=note).order_by("amount_minor")
    assert [(each.invoice, each.amount_minor) for each in used] == [(first, 3000), (second, 6000)]
    third = given_invoice(account, [10000], on="2026-03-12")
    assert (open_of(third), open_of(note)) == (9000, 0)


def test_lines_beside_a_credit_are_not_more_than_the_invoice():
    invoice = given_invoice(given_account(), [5000, -4000])
    with pytest.raises(MoreThanIsLeft, match="other lines of it are credits"):
        credit(invoice, lines(1))
    with pytest.raises(MoreThanIsLeft):
        credit(invoice, lines(2))
    assert amounts_of(credit(invoice, lines(1, 2))) == "10.00 + 2.00 = 12.00"


@pytest.mark.parametrize(
    ("what", "refusal", "message"),
    [
        (
            GrossAmount(33500),
            MoreThanIsLeft,
            "Only 334.99 EUR is left of the invoice. Credit that much at most.",
        ),
        (GrossAmount(0), NothingToCredit, "Say an amount that is more than nothing."),
        (GrossAmount(-1), NothingToCredit, "Say an amount that is more than nothing."),
        (ChosenLines(frozenset({5})), NotFound, "There is no such line on this invoice."),
        (ChosenLines(frozenset()), NothingToCredit, "Nothing of it is left to credit."),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(what, refusal, message):
    invoice = given_invoice(given_account())
    message = message.replace("EUR", invoice.currency)
    with pytest.raises(refusal) as refused:
        credit(invoice, what)
    assert str(refused.value) == message
    assert (open_of(invoice), Issue.objects.get(document=invoice).credited_minor) == (33499, 0)
    assert numbers_of(DocumentKind.CREDIT_NOTE) == []


def test_a_reason_must_be_said():
    invoice = given_invoice(given_account())
    for reason in ("", "  ", "x" * 301, "a\u202eb"):
        with pytest.raises(UnfitText, match="The reason"):
            credit_invoice(invoice=invoice, credit=Everything(), reason=reason, at=noon(LATER), by=STAFF)


def test_a_credit_note_is_not_credited():
    note = credit(given_invoice(given_account()))
    with pytest.raises(NotAnInvoice):
        credit(note)


def test_events_hold_ids_and_amounts_alone():
    invoice = given_invoice(given_account())
    note = credit(invoice)
    event = Event.objects.get(kind="invoice_credited")
    assert event.payload == {
        "invoice_id": str(invoice.pk),
        "credit_note_id": str(note.pk),
        "amount_minor": 33499,
    }


def test_the_count_of_what_was_credited_stands_behind_the_rows():
    invoice = given_invoice(given_account())
    with pytest.raises(IntegrityError, match="credit_notes_never_exceed_their_invoice"), transaction.atomic():
        Issue.objects.filter(document=invoice).update(credited_minor=33500)
    credit(invoice, GrossAmount(100))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Issue.objects.filter(document=invoice).update(credited_minor=0)


CREDITS = st.lists(
    st.sampled_from([Everything()])
    | st.builds(GrossAmount, st.integers(1, 40_000) | st.integers(1, 20))
    | st.sets(st.integers(1, 5), min_size=1).map(lambda chosen: ChosenLines(frozenset(chosen))),
    max_size=6,
)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9000),
            st.sampled_from([STANDARD, REDUCED]),
        ),
        min_size=5,
        max_size=5,
    ),
    CREDITS,
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_credited_the_rest_adds_up(db, nets, wanted):
    with transaction.atomic():
        account = given_account(f"Account {uuid4()}")
        invoice = given_invoice(account, nets)
        for what in wanted:
            try:
                credit(invoice, what)
            except (MoreThanIsLeft, NothingToCredit):
                continue
        left = get_what_is_left(account, invoice)
        notes = Document.objects.filter(corrects=invoice)
        assert left.gross_minor == invoice.total_minor - sum(note.total_minor for note in notes) >= 0
        assert all(line.net_minor >= 0 for line in left.lines)
        for tax, taxed in left.taxes.items():
            assert taxed.net_minor == sum(line.net_minor for line in left.lines if line.tax == tax) >= 0
            assert taxed.tax_minor >= 0
        transaction.set_rollback(True)


# Goodwill


def test_a_gesture_is_taxed_like_an_invoice_and_becomes_credit():
    account = given_account()
    given_vendor(percent="20")
    note = credit_account(
        account=account, amount_minor=2000, text="For the trouble", reason="Outage", at=noon(LATER), by=STAFF
    )
    assert amounts_of(note) == "16.67 + 3.33 = 20.00"
    assert (open_of(note), balance()) == (2000, -2000)
    invoice = given_invoice(account, [10000], on="2026-03-12")
    assert (open_of(invoice), open_of(note), balance()) == (10000, 0, 10000)


@pytest.mark.parametrize(
    ("amount", "refusal"), [(0, NothingToCredit), (-100, NothingToCredit), (10**12 + 1, UnlikelyAmount)]
)
def test_a_gesture_that_makes_no_sense_is_refused(amount, refusal):
    with pytest.raises(refusal):
        credit_account(
            account=given_account(), amount_minor=amount, text="x", reason="y", at=noon(LATER), by=STAFF
        )


# Races


@pytest.mark.django_db(transaction=True)
def test_credits_at_one_moment_never_exceed_the_invoice():
    account = given_account()
    with racers(4) as run_round:
        for _ in range(5):
            invoice = given_invoice(account, [10000])
            outcomes = run_round(*[partial(credit, invoice, GrossAmount(5000))] * 4)
            assert count_of(Document, outcomes) == 2
            assert count_of(MoreThanIsLeft, outcomes) == 2
            assert Issue.objects.get(document=invoice).credited_minor == 10000
    assert list(numbers_of(DocumentKind.CREDIT_NOTE)) == list(range(1, 11))


@pytest.mark.django_db(transaction=True)
def test_who_looks_first_and_holds_afterwards_credits_too_much():
    """The control of the race above."""
    invoice = given_invoice(given_account(), [10000])
    issue = Issue.objects.select_related("document__account", "series").get(document=invoice)
    everyone_has_looked = Barrier(4)

    def credit_carelessly() -> Document:
        credited = work_out_credit(get_what_is_left(invoice.account, invoice), GrossAmount(5000))
        everyone_has_looked.wait(timeout=30)
        with transaction.atomic():
            account = lock_account(invoice.account)
            draft = credit_note_for(issue, account, credited, "Not as agreed", noon(LATER))
            return issue_drafts([draft], at=noon(LATER), by=STAFF)[0]

    notes = run_together(*[credit_carelessly] * 4)
    assert sum(note.total_minor for note in notes) == 20000 > invoice.total_minor
