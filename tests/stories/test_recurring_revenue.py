"""The recurring revenue of an account, month by month: what it opened with and what moved make what it closed with."""

from datetime import UTC, date, datetime
from fractions import Fraction

from seatledger.domain.catalogue.models import ChargeModel
from seatledger.domain.figures.models import AccountMonth, LicenceMonth, Renewal
from seatledger.domain.figures.runs import reckon_figures
from seatledger.domain.payments.models import Dunning


def reckon(until):
    return reckon_figures(at=datetime.fromisoformat(until).replace(tzinfo=UTC))


def told(story):
    """Return the account's months in words: `2026-03 new 0 to 12000`, in minor units."""
    rows = AccountMonth.objects.filter(about=story.account).order_by("month")
    return [
        f"{row.month:%Y-%m} {row.movement} {Fraction(row.opening) / Fraction(row.denominator)} to "
        f"{Fraction(row.closing) / Fraction(row.denominator)}"
        for row in rows
    ]


def test_a_contract_grows_shrinks_ends_and_comes_back(story):
    story.on("2026-03-10").given_subscription(seats=10, price="12.00")
    story.on("2026-04-20").when_seats_are_added(2)
    story.on("2026-05-20").when_seats_are_agreed(5)
    story.on("2026-06-10 01:00").when_due_changes_are_applied()
    story.on("2026-07-02").when_subscription_is_cancelled()
    story.on("2026-07-10 01:00").when_due_changes_are_applied()
    story.on("2026-09-05").given_subscription(seats=3)
    reckon("2026-10-02 12:00")
    assert told(story) == [
        "2026-03 new 0 to 12000",
        "2026-04 expansion 12000 to 14400",
        "2026-05 none 14400 to 14400",
        "2026-06 contraction 14400 to 6000",
        "2026-07 churn 6000 to 0",
        "2026-09 reactivation 0 to 3600",
        "2026-10 none 3600 to 3600",
    ]


def test_a_price_by_the_year_is_a_twelfth_exactly(story):
    story.on("2026-03-10").given_subscription(seats=1, price="200.00", every="year")
    reckon("2026-05-02 12:00")
    assert told(story) == [
        "2026-03 new 0 to 5000/3",
        "2026-04 none 5000/3 to 5000/3",
        "2026-05 none 5000/3 to 5000/3",
    ]


def test_a_trial_counts_once_it_is_paid_for(story):
    story.on("2026-03-10").given_plan("team", prices={"seat": "12.00"}, trial_days=14)
    story.given_subscription(seats=4, trial=True)
    story.on("2026-03-20").when_trial_is_to_be_paid(at_period_end=True)
    assert AccountMonth.objects.count() == 0
    story.on("2026-03-24").when_due_changes_are_applied()
    reckon("2026-05-02 12:00")
    assert told(story)[0] == "2026-03 new 0 to 4800"


def test_seats_in_arrears_count_by_the_month_that_was_charged(story):
    story.given_licence("visitor", charge_model=ChargeModel.ACTIVE)
    story.on("2026-03-01 00:00").given_plan(
        "by-use", prices={"visitor": {"unit_amount": "31.00", "anchor": "calendar"}}
    )
    story.given_subscription("by-use")
    story.on("2026-03-02 00:00").when_seat_is_given("Ben Okoro", licence="visitor")
    story.on("2026-05-10").when_seat_is_given("Cleo Marsh", licence="visitor")
    reckon("2026-06-02 12:00")
    # 30 of 31 days in March; one seat all April; in May the second for 22 days.
    assert told(story) == [
        "2026-03 new 0 to 3000",
        "2026-04 expansion 3000 to 3100",
        "2026-05 expansion 3100 to 5300",
        "2026-06 none 5300 to 5300",
    ]


def test_an_account_that_lapsed_does_not_count_until_it_paid(story):
    story.on("2026-03-10").given_subscription(seats=10, price="12.00")
    [invoice] = story.when_billing_runs()
    lapsed, ended = datetime(2026, 4, 20, tzinfo=UTC), datetime(2026, 6, 3, tzinfo=UTC)
    Dunning.objects.create(
        account=story.account, invoice=invoice, begun_at=lapsed, lapsed_at=lapsed, ended_at=ended, end="paid"
    )
    reckon("2026-07-02 12:00")
    assert told(story) == [
        "2026-03 new 0 to 12000",
        "2026-04 churn 12000 to 0",
        "2026-06 reactivation 0 to 12000",
        "2026-07 none 12000 to 12000",
    ]


def test_licences_count_as_they_were_at_the_end_of_each_month(story):
    story.on("2026-03-10").given_subscription(seats=10, price="12.00")
    story.when_seat_is_given("Ben Okoro", "Cleo Marsh")
    story.on("2026-04-20").when_seats_are_added(2)
    story.when_seat_is_released("Ben Okoro")
    reckon("2026-05-02 12:00")
    rows = LicenceMonth.objects.order_by("month").values_list("month", "accounts", "sold", "used")
    assert list(rows) == [
        (date(2026, 3, 1), 1, 10, 2),
        (date(2026, 4, 1), 1, 12, 1),
        (date(2026, 5, 1), 1, 12, 1),
    ]


def test_what_renews_is_known_with_the_number_agreed_for_it(story):
    story.on("2026-03-10").given_subscription(seats=10, price="12.00")
    story.on("2026-03-20").when_seats_are_agreed(4)
    reckon("2026-03-31 12:00")
    rows = Renewal.objects.order_by("on").values_list("on", "amount_minor")
    assert list(rows) == [
        (date(2026, 4, 10), 4_800),
        (date(2026, 5, 10), 4_800),
        (date(2026, 6, 10), 4_800),
    ]
