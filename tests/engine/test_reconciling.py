"""Why an invoice differs from the metrics: the parts of a line always add up to it."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from engine.contracts import active, bought, contract, held, instant, per_seat
from engine.test_contract_laws import LAST_DAY, contracts
from seatledger.engine.events import PlanChanged
from seatledger.engine.lines import Area
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import CountingRule, Decrease, Policy
from seatledger.engine.prices import Flat, Price
from seatledger.engine.rating import rate_contract
from seatledger.engine.reconciling import Reason, reconcile_line
from seatledger.engine.targets import TrueUp
from seatledger.engine.words import describe_effect


def reconciled(agreed, through="2026-05-31"):
    """Return each line with its contributions."""
    found = []
    for invoice in rate_contract(agreed, through=date.fromisoformat(through)).invoices:
        (item,) = agreed.known_on(invoice.on)
        found += [(line, reconcile_line(line, item, on=invoice.on)) for line in invoice.lines]
    return found


def told(agreed, number, **known):
    """Return the parts of a line: `reason`, the day, the numbers before and after, the amount, and where it counts."""
    line, parts = reconciled(agreed, **known)[number]
    return [
        (
            f"{part.reason} {part.on or ''} {tuple(part.before)} {tuple(part.after)}",
            part.amount_minor,
            [describe_effect(line, effect) for effect in part.effects],
        )
        for part in parts
    ]


@settings(max_examples=15)
@given(contracts())
def test_the_parts_of_a_line_add_up_to_it(agreed):  # D23
    for invoice in rate_contract(agreed, through=LAST_DAY).invoices:
        (item,) = agreed.known_on(invoice.on)
        for line in invoice.lines:
            parts = reconcile_line(line, item, on=invoice.on)
            assert sum(part.amount_minor for part in parts) == line.amount_minor


@settings(max_examples=15)
@given(contracts())
def test_the_start_and_the_changes_explain_all_but_new_terms(agreed):
    """Nothing is recorded late here, so whatever is left over would be a gap in the explanation."""
    agreed = replace(agreed, events=tuple(replace(event, recorded_at=None) for event in agreed.events))
    (now,) = agreed.known_on(LAST_DAY)
    for invoice in rate_contract(agreed, through=LAST_DAY).invoices:
        (then,) = agreed.known_on(invoice.on)
        for line in invoice.lines:
            parts = reconcile_line(line, then, on=invoice.on)
            assert [part for part in parts[1:] if part.reason is Reason.TERMS] == []
            if isinstance(line.shape, Area) and not line.shape.before:
                assert {part.reason for part in parts} <= {Reason.AT_START, Reason.CHANGE}
            # Seats that changed since then make no difference.
            assert reconcile_line(line, then._replace(seats=now.seats), on=invoice.on) == parts


def test_seats_bought_ahead_and_two_more_in_march():
    agreed = contract(per_seat(1200), bought("2026-02-01", 10), bought("2026-03-21T09:00", add=2))
    assert told(agreed, 1) == [("at_start  (10, 0) (10, 0)", 12000, ["1 to 31 March 2026: 10 seats, 120.00"])]
    assert told(agreed, 2) == [
        ("at_start  (10, 0) (10, 0)", 0, []),
        ("change 2026-03-21 (10, 0) (12, 0)", 852, ["21 to 31 March 2026: 2 seats more, 24.00 x 11/31 days"]),
    ]


def test_users_by_the_day():  # C17, C20
    agreed = contract(
        active(1200),
        held("2026-02-01", 10),
        held("2026-03-21T09:00", add=2),
        held("2026-03-25T10:00", add=-1),
        held("2026-03-25T17:00", add=1),
        held("2026-03-29T10:00", add=-3),
    )
    assert told(agreed, 1) == [
        ("at_start  (0, 10) (0, 10)", 12000, ["1 to 31 March 2026: 10 seats, 120.00"]),
        ("change 2026-03-21 (0, 10) (0, 12)", 852, ["21 to 31 March 2026: 2 seats more, 24.00 x 11/31 days"]),
        ("change 2026-03-25 (0, 12) (0, 12)", 0, []),
        (
            "change 2026-03-29 (0, 12) (0, 9)",
            -233,
            ["30 to 31 March 2026: 3 seats fewer, -36.00 x 2/31 days"],
        ),
    ]


def test_the_most_held_at_once():
    agreed = contract(
        active(1200, counting=CountingRule.PEAK),
        held("2026-02-01", 10),
        held("2026-03-21", add=2),
        held("2026-03-25", add=-5),
    )
    assert told(agreed, 1) == [
        ("at_start  (0, 10) (0, 10)", 12000, ["1 to 31 March 2026: 10 seats, 120.00"]),
        ("change 2026-03-21 (0, 10) (0, 12)", 2400, ["1 to 31 March 2026: 2 seats more, 24.00"]),
        ("change 2026-03-25 (0, 12) (0, 7)", 0, []),
    ]


def test_everyone_who_held_a_seat_is_told_once():
    agreed = contract(
        active(1200, counting=CountingRule.EVER),
        held("2026-02-01", add=1, holder="ann"),
        held("2026-02-02", add=1, holder="ben"),
        held("2026-03-10", add=-1, holder="ben"),
        held("2026-03-20", add=1, holder="ben"),
        held("2026-03-25", add=1, holder="cleo"),
    )
    assert told(agreed, 1) == [
        ("at_start  (0, 2) (0, 2)", 2400, ["1 to 31 March 2026: 2 seats, 24.00"]),
        ("change 2026-03-10 (0, 2) (0, 1)", 0, []),
        ("change 2026-03-20 (0, 1) (0, 2)", 0, []),
        ("change 2026-03-25 (0, 2) (0, 3)", 1200, ["1 to 31 March 2026: 1 seat more, 12.00"]),
    ]


def test_those_who_held_a_seat_at_the_end():
    agreed = contract(
        active(1200, counting=CountingRule.CLOSING),
        held("2026-02-01", 10),
        held("2026-03-21", add=2),
        held("2026-03-25", add=-5),
    )
    assert [amount for _, amount, _ in told(agreed, 1)] == [12000, 2400, -6000]


def test_a_credit_comes_from_the_day_of_the_reduction():
    tariff = per_seat(1200, policy=Policy(decrease=Decrease.CREDIT))
    agreed = contract(tariff, bought("2026-03-01", 10), bought("2026-03-31", add=-1), zone="UTC")
    assert told(agreed, 1) == [
        ("at_start  (10, 0) (10, 0)", 0, []),
        ("change 2026-03-31 (10, 0) (9, 0)", -39, ["31 March 2026: 1 seat fewer, -12.00 x 1/31 days"]),
    ]


def test_seats_that_came_and_went_are_told_once():
    tariff = per_seat(1200, policy=Policy(decrease=Decrease.CREDIT))
    agreed = contract(
        tariff,
        bought("2026-03-01", 10),
        bought("2026-03-11", add=4),
        bought("2026-03-21", add=-6),
        bought("2026-03-26", add=2),
        zone="UTC",
    )
    assert [told(agreed, number)[1:] for number in (2, 3, 4)] == [
        [
            ("change 2026-03-11 (10, 0) (14, 0)", 0, []),
            (
                "change 2026-03-21 (14, 0) (8, 0)",
                -1703,
                ["21 to 31 March 2026: 4 seats fewer, -48.00 x 11/31 days"],
            ),
        ],
        [
            ("change 2026-03-11 (10, 0) (14, 0)", 0, []),
            (
                "change 2026-03-21 (14, 0) (8, 0)",
                -852,
                ["21 to 31 March 2026: 2 seats fewer, -24.00 x 11/31 days"],
            ),
        ],
        [
            ("change 2026-03-11 (10, 0) (14, 0)", 0, []),
            ("change 2026-03-21 (14, 0) (8, 0)", 0, []),
            (
                "change 2026-03-26 (8, 0) (10, 0)",
                465,
                ["26 to 31 March 2026: 2 seats more, 24.00 x 6/31 days"],
            ),
        ],
    ]


def test_fewer_seats_before_renewal_change_nothing():
    agreed = contract(
        per_seat(1200), bought("2026-03-01", 10), bought("2026-03-10", add=-3), bought("2026-03-20", add=4)
    )
    assert told(agreed, 1) == [
        ("at_start  (10, 0) (10, 0)", 0, []),
        ("change 2026-03-10 (10, 0) (7, 0)", 0, []),
        ("change 2026-03-20 (7, 0) (11, 0)", 1858, ["20 to 31 March 2026: 4 seats more, 48.00 x 12/31 days"]),
    ]


def test_a_change_of_plan_is_told_as_one():
    change = PlanChanged(item="seat", at=instant("2026-04-02"), plan=Plan(per_seat(2000, key="plus")))
    agreed = contract(per_seat(500), bought("2026-04-01", 1), change, zone="UTC")
    assert [told(agreed, number) for number in (1, 2)] == [
        [("terms  (1, 0) (1, 0)", -483, ["2 to 30 April 2026: 1 seat fewer, -5.00 x 29/30 days"])],
        [("at_start  (1, 0) (1, 0)", 1933, ["2 to 30 April 2026: 1 seat, 20.00 x 29/30 days"])],
    ]


def test_a_correction_takes_off_what_was_charged():
    late = held("2026-03-30", add=-5, recorded_at=instant("2026-04-10"))
    agreed = contract(active(1200), held("2026-03-01", 10), late, zone="UTC")
    assert told(agreed, 1) == [
        ("at_start  (0, 10) (0, 10)", 12000, ["1 to 31 March 2026: 10 seats, 120.00"]),
        (
            "change 2026-03-30 (0, 10) (0, 5)",
            -387,
            ["30 to 31 March 2026: 5 seats fewer, -60.00 x 2/31 days"],
        ),
        ("charged_before  (0, 0) (0, 0)", -12000, []),
    ]


def test_seats_held_beyond_those_paid_are_told_by_their_days():
    tariff = per_seat(10000, interval=Interval(Unit.YEAR), true_up=TrueUp(Interval(Unit.QUARTER)))
    agreed = contract(tariff, bought("2026-01-01", 10), held("2026-02-01", 12), zone="UTC")
    assert told(agreed, 1) == [
        ("at_start  (10, 0) (10, 0)", 0, []),
        (
            "change 2026-02-01 (10, 0) (10, 12)",
            4932,
            ["1 January to 31 March 2026: 2 seats more, 200.00 x 90/365 days"],
        ),
    ]


def test_a_fixed_price_is_told_without_seats():
    tariff = replace(per_seat(0), price=Price(Flat(4900)))
    agreed = contract(tariff, bought("2026-03-01", 0), zone="UTC")
    assert told(agreed, 0) == [("at_start  (0, 0) (0, 0)", 4900, ["1 to 31 March 2026: fixed price, 49.00"])]
