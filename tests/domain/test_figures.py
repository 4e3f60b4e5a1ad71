"""The figures of the business: opening and movements make closing, months that are over stay, sums are sums of rows."""

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from commands import run_command
from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import ChargeModel
from seatledger.domain.figures.models import AccountMonth, Month, MonthTotal, Movement
from seatledger.domain.figures.months import end_of, is_over, month_of, months_between, movement_of
from seatledger.domain.figures.queries import (
    EndingSum,
    RevenueFilter,
    TrialEnd,
    count_active_for_operator,
    count_trials_for_operator,
    find_wrong_figures,
    find_wrong_totals,
    get_parts,
    list_currencies_for_operator,
    list_ending_weeks_for_operator,
    list_endings_for_operator,
    list_licence_holders_for_operator,
    list_renewals_for_operator,
    list_revenue_for_operator,
    list_revenue_months_for_operator,
    list_trials_for_operator,
    sum_endings_for_operator,
)
from seatledger.domain.figures.runs import reckon_figures, rework_figures
from seatledger.domain.licences.actions import assign_licence, change_total
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.subscriptions.actions import cancel_subscription, start_paying
from seatledger.engine.money import round_to_whole
from seatledger.faces.jobs.figures import reckon_figures as nightly_job
from selling import YEARLY, given_subscription
from support import AT, STAFF, administrator_of, given_account, given_licence_type, given_pool

APRIL, JUNE = datetime(2026, 4, 20, 9, tzinfo=UTC), datetime(2026, 6, 3, 9, tzinfo=UTC)

amounts = st.builds(Fraction, st.integers(0, 3) | st.integers(0, 10**7), st.sampled_from([1, 12, 84]))


@given(st.lists(amounts, min_size=1, max_size=8))
def test_what_opened_and_what_moved_is_what_closed(revenue):
    """Whatever the revenue of an account does: each change is of one movement, and together they are all of it."""
    moved: dict[Movement, Fraction] = {}
    before, paid = Fraction(0), False
    for after in revenue:
        movement = movement_of(before, after, paid_before=paid)
        change = after - before
        assert (change > 0) == (movement in {Movement.NEW, Movement.REACTIVATION, Movement.EXPANSION})
        assert (change < 0) == (movement in {Movement.CONTRACTION, Movement.CHURN})
        assert (movement == Movement.NEW) == (not paid and after > 0)
        assert (movement == Movement.CHURN) == (before > 0 and after == 0)
        moved[movement] = moved.get(movement, Fraction(0)) + change
        before, paid = after, paid or after > 0
    assert sum(moved.values()) == revenue[-1]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_months_follow_each_other(first, last):
    months = list(months_between(first, last))
    assert len(months) == max(0, (last.year - first.year) * 12 + last.month - first.month + 1)
    assert all(month == month_of(month) for month in months)


def test_a_month_is_over_once_it_is_over_everywhere():
    october = date(2026, 10, 1)
    assert not is_over(october, datetime(2026, 11, 1, 11, 59, tzinfo=UTC))
    assert is_over(october, datetime(2026, 11, 1, 12, 0, tzinfo=UTC))
    tokyo = ZoneInfo("Asia/Tokyo")
    assert end_of(october, tokyo, JUNE.replace(year=2027)) == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert end_of(october, tokyo, AT) == AT


@pytest.fixture
def street(db: None) -> dict[str, Account]:
    """Four accounts: one grows, one pays by the year, one ends, one is on trial."""
    grows, yearly, ends, trial = (given_account(name) for name in ("Ash", "Birch", "Cedar", "Dogwood"))
    given_subscription(grows, quantities={"professional-user": 10})
    given_subscription(yearly, interval=YEARLY, quantities={"professional-user": 1})
    ending = given_subscription(ends, quantities={"professional-user": 2})
    given_subscription(trial, trial=True)
    pool = Pool.objects.get(account=grows, licence_type__key="professional-user")
    change_total(pool=pool, total=12, reason="More", at=APRIL, by=STAFF)
    cancel_subscription(subscription=ending, at=APRIL, by=STAFF)
    return {account.name: account for account in (grows, yearly, ends, trial)}


def words(month):
    changes = {movement.value: round_to_whole(change) for movement, change in month.changes.items()}
    return f"{month.month:%Y-%m}", month.opening_minor, changes, month.closing_minor


def test_each_month_of_all_accounts_together(street):
    reckon_figures(at=JUNE)
    # 10 and 2 at 12.00, and 120.00 a year; two more from April on; Cedar ended on 1 May, after its second month.
    assert [words(month) for month in list_revenue_months_for_operator("GBP")] == [
        ("2026-03", 0, {"new": 15_400}, 15_400),
        ("2026-04", 15_400, {"expansion": 2_400}, 17_800),
        ("2026-05", 17_800, {"churn": -2_400}, 15_400),
        ("2026-06", 15_400, {}, 15_400),
    ]
    for month in list_revenue_months_for_operator("GBP"):
        assert month.opening + sum(month.changes.values()) == month.closing
    assert [month.total for month in count_active_for_operator()] == [3, 3, 2, 2]
    assert list_currencies_for_operator() == ["GBP"]


def test_reckoning_again_changes_nothing_of_what_is_over(street):
    reckon_figures(at=JUNE)
    kept = list(AccountMonth.objects.filter(month__lt="2026-06-01").order_by("pk").values())
    assert reckon_figures(at=JUNE, chunk=1).months == (date(2026, 6, 1),)
    assert list(AccountMonth.objects.filter(month__lt="2026-06-01").order_by("pk").values()) == kept
    assert AccountMonth.objects.filter(month="2026-06-01").count() == 2
    assert list(Month.objects.order_by("month").values_list("is_over", flat=True)) == [
        True,
        True,
        True,
        False,
    ]


def test_one_at_a_time_or_all_at_once_and_from_night_to_night_is_the_same(street):
    for month in (3, 4, 5):
        for day in (3, 17, 28):
            reckon_figures(at=datetime(2026, month, day, 9, tzinfo=UTC), chunk=2)
    reckon_figures(at=JUNE)
    by_night = list(
        AccountMonth.objects.order_by("month", "about").values_list("month", "movement", "closing")
    )
    rework_figures(at=JUNE)
    at_once = list(
        AccountMonth.objects.order_by("month", "about").values_list("month", "movement", "closing")
    )
    assert by_night == at_once


def test_months_that_are_over_cannot_be_changed(street):
    reckon_figures(at=JUNE)
    for row in (
        AccountMonth.objects.filter(month="2026-05-01"),
        MonthTotal.objects.filter(month="2026-05-01"),
        Month.objects.filter(month="2026-05-01"),
    ):
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountMonth.objects.filter(month="2026-05-01").update(closing=1, opening=1)


def test_verify_works_every_month_out_again(street):
    reckon_figures(at=JUNE)
    assert find_wrong_figures(None, at=JUNE) == []
    assert find_wrong_totals() == []
    # What is told of a month that was closed already is found, and counts once all is worked out anew.
    late = given_account("Elder")
    given_subscription(late, quantities={"professional-user": 1})
    [first, *rest] = find_wrong_figures(late, at=JUNE)
    assert (first.subject, first.account_id, len(rest)) == ("figures of 2026-03", late.pk, 2)
    code, output = run_command("verify", late.serial_number)
    assert code == 1
    assert f"{late.serial_number}: figures of 2026-03: " in output
    assert "`seatledger figures --again` works it out anew." in output
    rework_figures(at=JUNE)
    assert find_wrong_figures(None, at=JUNE) == []
    MonthTotal.objects.filter(month="2026-06-01").update(accounts=99)
    assert find_wrong_totals() == ["the figures of 2026-06: none in GBP is not the sum of its accounts"]


def test_each_sum_leads_to_its_accounts(street):
    reckon_figures(at=JUNE)
    march = RevenueFilter(date(2026, 3, 1), "GBP")
    rows = list_revenue_for_operator(march, after=None, limit=2)
    assert [(row.account.name, row.closing_minor) for row in rows] == [("Ash", 12_000), ("Cedar", 2_400)]
    after = (rows[-1].size, rows[-1].account.pk)
    rest = list_revenue_for_operator(march, after=after, limit=2)
    assert [(row.account.name, row.change_minor) for row in rest] == [("Birch", 1_000)]
    churned = RevenueFilter(date(2026, 5, 1), "GBP", Movement.CHURN)
    assert [row.account.name for row in list_revenue_for_operator(churned, after=None, limit=9)] == ["Cedar"]
    everyone = list_revenue_for_operator(RevenueFilter(date(2026, 3, 1)), after=None, limit=9)
    assert {row.account.name for row in everyone} == {"Ash", "Birch", "Cedar"}


def test_an_account_leads_to_its_items(street):
    reckon_figures(at=JUNE)
    parts = get_parts(street["Ash"], date(2026, 4, 1), at=JUNE)
    [part] = parts.items
    assert (part.opening.quantity, part.closing.quantity) == (10, 12)
    assert (parts.opening, parts.closing) == (12_000, 14_400)
    trial = get_parts(street["Dogwood"], date(2026, 4, 1), at=JUNE)
    assert (trial.items, trial.is_active, trial.closing) == ((), False, 0)


def test_licences_lead_to_who_holds_them(street):
    reckon_figures(at=JUNE)
    kind = Pool.objects.get(account=street["Ash"], licence_type__key="professional-user").licence_type
    rows = list_licence_holders_for_operator(kind.pk, date(2026, 3, 1), reckoned_at=JUNE, after=None, limit=9)
    assert {(row.account.name, row.sold) for row in rows} == {("Ash", 10), ("Birch", 1), ("Cedar", 2)}
    first = min(row.account.pk for row in rows)
    later = list_licence_holders_for_operator(
        kind.pk, date(2026, 4, 1), reckoned_at=JUNE, after=("", first), limit=9
    )
    assert len(later) == 2


def test_what_simply_ends_is_known_with_its_last_day(street):
    by_use = given_licence_type("visitor", charge_model=ChargeModel.ACTIVE)
    for name, said in {
        "Fir": {"expires_on": date(2026, 6, 3), "total_licences": 6},
        "Gorse": {"licence_type": by_use, "expires_on": date(2026, 9, 1), "total_licences": None},
        "Hazel": {"expires_on": date(2026, 9, 2)},
        "Iris": {"expires_on": date(2026, 6, 2)},
        "Juniper": {"expires_on": date(2026, 6, 9), "terms": Terms.TRIAL},
        "Kale": {"expires_on": date(2026, 6, 9), "total_licences": 0},
        "Lime": {},
    }.items():
        given_pool(given_account(name), **said)
    gorse = Account.objects.get(name="Gorse")
    pool = Pool.objects.get(account=gorse, licence_type=by_use)
    assign_licence(pool=pool, user=administrator_of(gorse), at=AT, by=STAFF)
    reckon_figures(at=JUNE)
    days = date(2026, 6, 3), date(2026, 9, 30)
    rows = list_endings_for_operator("GBP", *days, after=None, limit=9)
    # From today on for 90 days, what is paid for and not renewed.
    assert [(row.account.name, row.name, row.last_day, row.sold, row.used) for row in rows] == [
        ("Fir", "Professional User", date(2026, 6, 3), 6, 0),
        ("Gorse", "Visitor", date(2026, 9, 1), None, 1),
    ]
    after = (rows[0].last_day, rows[0].pool_id)
    later = list_endings_for_operator("GBP", *days, after=after, limit=9)
    assert [row.account.name for row in later] == ["Gorse"]
    assert sum_endings_for_operator("GBP", *days) == EndingSum(endings=2, sold=6, used=1)
    weeks = list_ending_weeks_for_operator("GBP", at=JUNE)
    assert (weeks[0].first_day, weeks[-1].last_day) == (date(2026, 6, 3), date(2026, 9, 1))
    assert [(week.endings, week.sold, week.used) for week in weeks if week.endings] == [(1, 6, 0), (1, 0, 1)]


def test_a_subscription_that_was_cancelled_ends_and_does_not_renew(street):
    """Cedar ended on 1 May: a day before, its licences are among those that end."""
    before = datetime(2026, 4, 25, 9, tzinfo=UTC)
    reckon_figures(at=before)
    [row] = list_endings_for_operator("GBP", date(2026, 4, 25), date(2026, 7, 20), after=None, limit=9)
    assert (row.account.name, row.last_day, row.sold) == ("Cedar", date(2026, 5, 1), 2)
    assert "Cedar" not in {
        each.account.name
        for each in list_renewals_for_operator(
            "GBP", date(2026, 4, 26), date(2026, 7, 20), after=None, limit=99
        )
    }


def test_trials_by_how_they_ended(street):
    paid = given_subscription(given_account("Fir"), trial=True)
    start_paying(subscription=paid, at=AT, by=STAFF)
    march = next(month for month in count_trials_for_operator(at=JUNE) if month.begun)
    assert (march.month, march.ends) == (
        date(2026, 3, 1),
        {TrialEnd.CONVERTED: 1, TrialEnd.EXPIRED: 1, TrialEnd.RUNNING: 0},
    )
    rows = list_trials_for_operator(march.month, TrialEnd.CONVERTED, at=JUNE, after=None, limit=9)
    assert [row.account.name for row in rows] == ["Fir"]
    early = next(month for month in count_trials_for_operator(at=AT) if month.begun)
    assert early.ends[TrialEnd.RUNNING] == 1


def test_operators_see_them_and_work_them_out_anew(street):
    code, said = run_command("figures")
    assert code == 0
    assert said.endswith("a month\n")
    assert "4 account(s)" in said
    assert run_command("figures", "--again")[0] == 0


def test_the_job_of_the_night_may_run_twice(street):
    nightly_job(timestamp=0)
    rows = AccountMonth.objects.count()
    nightly_job(timestamp=0)
    assert AccountMonth.objects.count() == rows > 0
