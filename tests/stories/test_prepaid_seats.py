"""Seats bought ahead: what is added, how a price counts them, what is fewer."""

from seatledger.domain.licences.models import LedgerEntry
from seatledger.engine.equivalents import monthly_equivalent
from seatledger.engine.money import Money

GRADUATED = [{"up_to": 10, "unit_amount": "10.00"}, {"unit_amount": "8.00"}]


def test_seats_added_in_march_are_charged_for_the_days_left(story):
    story.on("2026-03-01").given_subscription(seats=10, price="12.00", every="month")
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026", total="120.00", on="2026-03-01")
    story.on("2026-03-21").when_seats_are_added(2)
    story.when_billing_runs()
    story.then_invoice_has("8.52 for 2 seats, 21 to 31 March 2026", total="8.52", on="2026-03-21")
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("144.00 for 12 seats, 1 to 30 April 2026")
    story.then_nothing_is_charged()


def test_what_the_pool_has_and_what_is_billed_come_from_one_ledger_entry(story):
    story.on("2026-03-01").given_subscription(seats=10, price="12.00")
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-21").when_seats_are_added(2)
    entry = LedgerEntry.objects.filter(pool=story.pool()).latest("sequence")
    assert (entry.at, entry.bought_change, entry.bought_after) == (story.now, 2, 12)
    assert story.pool().total_licences == 12
    story.when_billing_runs()
    invoice = story.then_invoice_has("8.52 for 2 seats, 21 to 31 March 2026")
    shape = invoice.lines.get().shape
    assert (shape["before"], shape["after"]) == (10, entry.bought_after)


def test_an_anchor_on_the_31st_does_not_drift(story):
    story.on("2026-01-31").given_subscription(seats=1, price="31.00")
    for day in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"):
        story.on(day).when_billing_runs()
    story.then_invoice_has("31.00 for 1 seat, 31 January to 27 February 2026", on="2026-01-31")
    story.then_invoice_has("31.00 for 1 seat, 28 February to 30 March 2026", on="2026-02-28")
    story.then_invoice_has("31.00 for 1 seat, 31 March to 29 April 2026", on="2026-03-31")
    story.then_invoice_has("31.00 for 1 seat, 30 April to 30 May 2026", on="2026-04-30")
    story.then_invoice_has("31.00 for 1 seat, 31 May to 29 June 2026", on="2026-05-31")
    story.then_nothing_is_charged()


def test_graduated_each_seat_has_the_price_of_its_number(story):
    story.on("2026-03-01").given_subscription(seats=14, tiers=GRADUATED)
    story.when_billing_runs()
    story.then_invoice_has("132.00 for 14 seats, 1 to 31 March 2026")


def test_volume_all_seats_have_the_price_of_the_last(story):
    story.on("2026-03-01").given_subscription(seats=14, tiers=GRADUATED, tier_mode="volume")
    story.when_billing_runs()
    story.then_invoice_has("112.00 for 14 seats, 1 to 31 March 2026")


def test_yen_have_no_decimals(story):
    story.on("2026-04-01").given_account(zone="Asia/Tokyo", currency="JPY")
    story.given_subscription(seats=3, price="980")
    story.when_billing_runs()
    story.then_invoice_has("2940 for 3 seats, 1 to 30 April 2026", total="2940")
    story.on("2026-04-21").when_seats_are_added(1)
    story.when_billing_runs()
    # 980 x 10/30 = 326.67
    story.then_invoice_has("327 for 1 seat, 21 to 30 April 2026")


def test_dinars_have_three(story):
    story.on("2026-04-01").given_account(zone="Asia/Kuwait", currency="KWD")
    story.given_subscription(seats=10, price="1.250")
    story.when_billing_runs()
    story.then_invoice_has("12.500 for 10 seats, 1 to 30 April 2026", total="12.500")
    story.on("2026-04-21").when_seats_are_added(1)
    story.when_billing_runs()
    # 1.250 x 10/30 = 0.41667
    story.then_invoice_has("0.417 for 1 seat, 21 to 30 April 2026")


def test_a_year_is_invoiced_as_a_year_and_shown_by_the_month(story):  # E6
    story.on("2026-03-01").given_account(zone="America/New_York", currency="USD")
    story.given_subscription(seats=1, price="200.00", every="year")
    story.when_billing_runs()
    story.then_invoice_has("200.00 for 1 seat, 1 March 2026 to 28 February 2027", total="200.00")
    # Twelve times what is shown would be 200.04.
    year = story.tariff()
    shown = monthly_equivalent(year.price.amount(1), year.currency, year.interval)
    assert shown == Money(1667, "USD")
    story.on("2027-03-01").when_billing_runs()
    story.then_invoice_has("200.00 for 1 seat, 1 March 2027 to 29 February 2028")


def test_fewer_from_the_renewal_count_from_its_midnight_however_late_that_is_done(story):
    story.on("2026-03-01").given_subscription(seats=10, price="12.00")
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-15").when_seats_are_agreed(7)
    assert story.pool().total_licences == 10
    story.on("2026-04-01 09:30").when_billing_runs()
    assert story.pool().total_licences == 7
    # The ledger is written forward: it says when it was done.
    assert LedgerEntry.objects.filter(pool=story.pool()).latest("sequence").at == story.now
    story.then_invoice_has("84.00 for 7 seats, 1 to 30 April 2026", on="2026-04-01")
    story.then_nothing_is_charged()


def test_fewer_from_the_renewal_are_not_charged_though_billing_was_days_late(story):
    story.on("2026-03-01").given_subscription(seats=10, price="12.00")
    story.on("2026-03-15").when_seats_are_agreed(7)
    story.on("2026-04-03 17:00").when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026", on="2026-03-01")
    story.then_invoice_has("84.00 for 7 seats, 1 to 30 April 2026", on="2026-04-01")
    story.then_nothing_is_charged()


def test_fewer_within_the_period_stay_paid_until_the_renewal(story):
    story.on("2026-03-01").given_subscription(
        seats=10, unit_amount="12.00", proration={"increase": "above_highest_paid"}
    )
    story.on("2026-03-15").when_seats_become(8)
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    # What is paid for until the 31st is not charged again.
    story.on("2026-03-20").when_seats_become(9)
    story.when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("108.00 for 9 seats, 1 to 30 April 2026")


def test_fewer_are_credited_by_the_day_where_the_price_says_so(story):
    story.on("2026-03-01").given_subscription(seats=10, unit_amount="12.00", proration={"decrease": "credit"})
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-21").when_seats_become(8)
    story.when_billing_runs()
    # Day 21 was used: 2 x 12.00 x 10/31.
    story.then_credit_note_has("7.74 credit for 2 seats, 22 to 31 March 2026")


def test_a_seat_added_and_removed_on_one_day_costs_nothing_where_the_ending_day_is_free(story):
    story.on("2026-03-01").given_subscription(
        seats=10, unit_amount="12.00", proration={"decrease": "credit", "ending_day_billed": False}
    )
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-21 10:00").when_seats_become(11)
    story.on("2026-03-21 16:00").when_seats_become(10)
    story.on("2026-03-22").when_billing_runs()
    story.then_nothing_is_charged()


def test_additions_may_wait_for_the_next_invoice(story):
    story.on("2026-03-01").given_subscription(
        seats=10, unit_amount="12.00", proration={"increase_from": "next_invoice"}
    )
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-21").when_seats_are_added(2)
    story.when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("8.52 for 2 seats, 21 to 31 March 2026", "144.00 for 12 seats, 1 to 30 April 2026")


def test_additions_that_wait_are_charged_with_the_end_when_no_invoice_follows(story):
    story.on("2026-03-01").given_subscription(
        seats=10, unit_amount="12.00", proration={"increase_from": "next_invoice"}
    )
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026")
    story.on("2026-03-21").when_seats_are_added(2)
    story.on("2026-03-25").when_subscription_is_cancelled()
    story.when_billing_runs()
    story.then_nothing_is_charged()
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("8.52 for 2 seats, 21 to 31 March 2026", on="2026-04-01")
    story.on("2026-05-01").when_billing_runs()
    story.then_nothing_is_charged()


def test_at_the_end_of_a_quarter_the_most_in_use_above_what_was_paid_is_charged(story):
    story.on("2026-01-01").given_subscription(
        seats=10,
        every="year",
        unit_amount="365.00",
        true_up={"every": "quarter"},
        proration={"increase": "above_highest_paid", "increase_from": "renewal"},
    )
    story.when_billing_runs()
    story.then_invoice_has("3650.00 for 10 seats, 1 January to 31 December 2026")
    story.on("2026-02-10").when_seats_become(13)
    story.when_seat_is_given(*(f"User {number}" for number in range(1, 14)))
    story.on("2026-03-10").when_seat_is_released("User 13")
    story.on("2026-04-01").when_billing_runs()
    # The most in use at once, 13, for the 90 days of the quarter: 3 x 365.00 x 90/365.
    story.then_invoice_has("270.00 for 3 seats, 1 January to 31 March 2026", on="2026-04-01")
    story.on("2026-07-01").when_billing_runs()
    # Twelve are in use since: 2 x 365.00 x 91/365.
    story.then_invoice_has("182.00 for 2 seats, 1 April to 30 June 2026", on="2026-07-01")


def test_no_invoice_of_nothing(story):
    story.on("2026-03-01").given_subscription(seats=10, price="0")
    for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
        story.on(day).when_billing_runs()
    story.then_nothing_is_charged()


def test_several_licences_are_on_one_invoice(story):
    story.on("2026-03-01").given_plan(prices={"seat": "12.00", "board": "5.00", "recorder": "30.00"})
    story.given_subscription(seats={"seat": 10, "board": 4, "recorder": 1})
    story.when_billing_runs()
    story.then_invoice_has(
        "Seat: 120.00 for 10 seats, 1 to 31 March 2026",
        "Board: 20.00 for 4 seats, 1 to 31 March 2026",
        "Recorder: 30.00 for 1 seat, 1 to 31 March 2026",
        total="170.00",
    )
    story.on("2026-03-21").when_seats_are_added(2)
    story.when_seats_are_added(1, licence="board")
    story.when_billing_runs()
    # 12.00 x 2 x 11/31 and 5.00 x 11/31
    story.then_invoice_has(
        "Seat: 8.52 for 2 seats, 21 to 31 March 2026", "Board: 1.77 for 1 seat, 21 to 31 March 2026"
    )
    story.then_nothing_is_charged()
