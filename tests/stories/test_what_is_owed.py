"""Tax, what is given back, what is declared void, who joins: one story each, to the last penny."""

import pytest

from seatledger.domain.invoices.actions import credit_invoice, void_invoice
from seatledger.domain.invoices.crediting import ChosenLines, Everything, GrossAmount
from seatledger.domain.invoices.models import Issue, TaxRule
from seatledger.domain.invoices.queries import get_standing, preview_next
from seatledger.domain.invoices.refusals import MoreThanIsLeft, NothingToCredit
from seatledger.domain.subscriptions.actions import (
    Joiner,
    NewUserRules,
    ask_for_domain,
    change_preferences,
    join_account,
    verify_domain,
)
from seatledger.domain.subscriptions.domains import code_of
from seatledger.domain.subscriptions.models import OnJoining, OnNoneLeft
from seatledger.domain.subscriptions.refusals import CannotJoin
from support import STAFF, SYSTEM

FOUR = {"desk": "68.33", "phone": "68.33", "recorder": "57.50", "wallboard": "85.00"}


@pytest.fixture
def taxed(story):
    """The vendor charges 20 % in the United Kingdom."""
    TaxRule.objects.filter(country="GB").update(percent="20")
    return story


def given_four_lines(story):
    story.on("2026-03-01").given_plan(prices=FOUR)
    story.given_subscription(seats=dict.fromkeys(FOUR, 1))
    story.when_billing_runs()
    return story.then_invoice_has(
        "Desk: 68.33 for 1 seat, 1 to 31 March 2026",
        "Phone: 68.33 for 1 seat, 1 to 31 March 2026",
        "Recorder: 57.50 for 1 seat, 1 to 31 March 2026",
        "Wallboard: 85.00 for 1 seat, 1 to 31 March 2026",
        total="334.99",
    )


def credit(story, invoice, what):
    note = credit_invoice(invoice=invoice, credit=what, reason="Not as agreed", at=story.now, by=STAFF)
    return note.net_minor, note.tax_minor, note.total_minor


def test_four_lines_at_20_percent_are_33499_and_credit_notes_never_more(taxed):
    invoice = given_four_lines(taxed)
    assert (invoice.net_minor, invoice.tax_minor, invoice.total_minor) == (27916, 5583, 33499)
    taxed.on("2026-03-10")
    notes = [credit(taxed, invoice, ChosenLines(frozenset({line}))) for line in (1, 2, 3, 4)]
    # 20 % of each line by itself would be 13.67 + 13.67 + 11.50 + 17.00, a penny too much.
    assert notes == [(6833, 1366, 8199), (6833, 1367, 8200), (5750, 1150, 6900), (8500, 1700, 10200)]
    with pytest.raises(NothingToCredit):
        credit(taxed, invoice, Everything())
    assert get_standing(taxed.account, on=taxed.at.date()).open_minor == 0


def test_a_full_credit_is_the_exact_negative(taxed):
    invoice = given_four_lines(taxed)
    assert credit(taxed, invoice, Everything()) == (27916, 5583, 33499)


def test_a_part_and_then_more_than_is_left(taxed):
    invoice = given_four_lines(taxed)
    assert credit(taxed, invoice, GrossAmount(30000))[2] == 30000
    with pytest.raises(MoreThanIsLeft):
        credit(taxed, invoice, GrossAmount(3500))
    assert credit(taxed, invoice, Everything())[2] == 3499


def test_what_was_credited_beyond_what_is_open_pays_for_the_next_invoice(taxed):
    taxed.on("2026-03-01").given_subscription(seats=10, unit_amount="12.00", proration={"decrease": "credit"})
    taxed.when_billing_runs()
    taxed.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026", total="144.00")
    taxed.on("2026-03-21").when_seats_become(8)
    taxed.when_billing_runs()
    note = taxed.then_credit_note_has("7.74 credit for 2 seats, 22 to 31 March 2026", total="9.29")
    # 144.00 - 9.29: the open invoice is reduced first.
    standing = get_standing(taxed.account, on=taxed.at.date())
    assert (standing.open_minor, standing.credit_minor) == (13471, 0)
    assert Issue.objects.get(document=note).open_minor == 0


def test_a_void_invoice_is_billed_anew_from_what_is_known_now(taxed):
    taxed.on("2026-03-01").given_subscription(seats=10, price="12.00")
    taxed.when_billing_runs()
    wrong = taxed.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026", total="144.00")
    void_invoice(invoice=wrong, reason="Made out to the wrong company", at=taxed.now, by=STAFF)
    taxed.when_billing_runs()
    right = taxed.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026", total="144.00")
    assert [Issue.objects.get(document=each).reference for each in (wrong, right)] == ["INV-1", "INV-2"]
    assert get_standing(taxed.account, on=taxed.at.date()).open_minor == 14400
    taxed.on("2026-04-01").when_billing_runs()
    taxed.then_invoice_has("120.00 for 10 seats, 1 to 30 April 2026")
    taxed.then_nothing_is_charged()


def test_what_was_shown_as_the_next_invoice_is_the_next_invoice(taxed):
    taxed.on("2026-03-01").given_subscription(seats=10, price="12.00")
    taxed.when_billing_runs()
    taxed.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    taxed.on("2026-03-15").when_seats_are_agreed(7)
    shown = preview_next(taxed.account, at=taxed.now)
    taxed.on("2026-04-01").when_billing_runs()
    issued = taxed.then_invoice_has("84.00 for 7 seats, 1 to 30 April 2026", total="100.80")
    assert (shown.dated_on, shown.net_minor, shown.tax_minor, shown.total_minor) == (
        issued.dated_on,
        issued.net_minor,
        issued.tax_minor,
        issued.total_minor,
    )


def given_joinable(story, rules):
    """Northwind has one seat, which Ben has, and lets people with an address of its own join."""
    story.on("2026-03-01").given_subscription(seats=1, price="12.00")
    story.when_billing_runs()
    story.then_invoice_has("12.00 for 1 seat, 1 to 31 March 2026")
    story.when_seat_is_given("Ben Okoro")
    domain = ask_for_domain(account=story.account, domain="northwind.example", at=story.now, by=STAFF)
    verify_domain(domain=domain, code=code_of(domain), at=story.now, by=STAFF)
    change_preferences(account=story.account, new=rules, at=story.now, by=STAFF)
    story.on("2026-03-21")


def join(story):
    joiner = Joiner("eve.moss@northwind.example", "Eve", "Moss")
    return join_account(account=story.account, joiner=joiner, at=story.now, by=SYSTEM)


def test_who_joins_when_none_is_left_adds_a_seat_that_is_charged_from_that_day(story):  # E13, E14, E15
    given_joinable(story, NewUserRules(OnJoining.ASSIGN, OnNoneLeft.INCREASE))
    join(story)
    assert (story.pool().total_licences, story.pool().assigned_licences) == (2, 2)
    story.when_billing_runs()
    # 12.00 x 11/31
    story.then_invoice_has("4.26 for 1 seat, 21 to 31 March 2026", on="2026-03-21")


def test_who_cannot_join_costs_nothing(story):  # E14
    given_joinable(story, NewUserRules(OnJoining.ASSIGN, OnNoneLeft.REFUSE))
    with pytest.raises(CannotJoin):
        join(story)
    assert story.pool().total_licences == 1
    story.when_billing_runs()
    story.then_nothing_is_charged()


def test_who_is_left_on_the_free_plan_costs_nothing(story):  # E13
    given_joinable(story, NewUserRules(OnJoining.LEAVE, OnNoneLeft.INCREASE))
    join(story)
    assert (story.pool().total_licences, story.pool().assigned_licences) == (1, 1)
    story.when_billing_runs()
    story.then_nothing_is_charged()
