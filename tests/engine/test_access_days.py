"""Until when what was held may be used: the edges of the last day and of the days of grace, and what an account is by it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatledger.engine.access import (
    MOST_DAYS_OF_GRACE,
    Basis,
    Grace,
    Holding,
    Kind,
    Stage,
    Standing,
    standing_of,
)

LAST = date(2026, 3, 31)
ONE_DAY = timedelta(days=1)

days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
graces = st.builds(Grace, st.integers(0, 40), st.integers(0, 40))
holdings = st.builds(Holding, st.sampled_from([basis.value for basis in Basis]), st.none() | days)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (LAST, Stage.VALID),
        (LAST + ONE_DAY, Stage.GRACE),
        (LAST + 7 * ONE_DAY, Stage.GRACE),
        (LAST + 8 * ONE_DAY, Stage.OVER),
    ],
)
def test_the_last_day_and_each_day_of_grace_count_to_their_ends(day, stage):  # A10
    assert Holding("paid", LAST).stage_on(day, Grace(trial_days=3, paid_days=7)) == stage


def test_a_trial_has_its_own_days_and_everything_else_the_others():
    grace = Grace(trial_days=3, paid_days=7)
    untils = {basis: Holding(basis, LAST).access_until(grace) for basis in ("trial", "paid", "included")}
    assert untils == {
        "trial": date(2026, 4, 3),
        "paid": date(2026, 4, 7),
        "included": date(2026, 4, 7),
    }


def test_what_has_no_end_needs_no_grace():
    assert Holding("paid", None).access_until(Grace(3, 7)) is None
    assert Holding("paid", None).stage_on(date(2999, 12, 31), Grace()) == Stage.VALID


@pytest.mark.parametrize("wrong", [-1, MOST_DAYS_OF_GRACE + 1])
def test_days_of_grace_are_none_to_a_year(wrong):
    with pytest.raises(ValueError, match="from 0 to 365"):
        Grace(trial_days=wrong)
    with pytest.raises(ValueError, match="from 0 to 365"):
        Grace(paid_days=wrong)


@given(st.lists(holdings, max_size=5), days)
def test_without_grace_an_account_is_what_is_valid_today(held, today):  # A10
    valid = {one.basis for one in held if one.last_day is None or one.last_day >= today}
    kind = Kind.ACTIVE if "paid" in valid else Kind.TRIAL if "trial" in valid else Kind.EXPIRED
    assert standing_of(held, today=today, grace=Grace()).kind == kind


@given(st.lists(holdings, max_size=5), days, graces)
def test_with_grace_an_account_is_what_it_would_be_had_all_ended_later(held, today, grace):
    later = [Holding(one.basis, one.access_until(grace)) for one in held]
    assert (
        standing_of(held, today=today, grace=grace).kind
        == standing_of(later, today=today, grace=Grace()).kind
    )


@given(st.lists(holdings, max_size=5), days, graces)
def test_what_a_standing_says_of_days_is_true(held, today, grace):
    standing = standing_of(held, today=today, grace=grace)
    if standing.is_in_grace:
        assert standing.ended_on is not None
        assert standing.access_until is not None
        assert standing.ended_on < today <= standing.access_until
        assert standing.kind != Kind.EXPIRED
        after = standing_of(held, today=standing.access_until + ONE_DAY, grace=grace)
        assert after.basis != standing.basis or after.kind == Kind.EXPIRED
    if standing.ended_on is None and standing.kind != Kind.EXPIRED:
        valid = [one for one in held if one.stage_on(today, grace) == Stage.VALID]
        assert standing.basis in {one.basis for one in valid}


@given(st.lists(holdings, max_size=5), days, graces)
def test_an_account_that_is_stopped_is_expired_whatever_it_holds(held, today, grace):
    assert standing_of(held, today=today, grace=grace, is_stopped=True) == Standing(Kind.EXPIRED)


@given(st.lists(holdings, max_size=5), days, graces)
def test_more_grace_never_takes_access(held, today, grace):
    longer = Grace(grace.trial_days + 1, grace.paid_days + 1)
    order = [Kind.EXPIRED, Kind.TRIAL, Kind.ACTIVE]
    kinds = [standing_of(held, today=today, grace=each).kind for each in (grace, longer)]
    assert order.index(kinds[0]) <= order.index(kinds[1])


def test_a_trial_that_is_over_says_its_last_day_and_paid_licences_theirs():
    trial, paid = Holding("trial", LAST), Holding("paid", LAST + 10 * ONE_DAY)
    after = LAST + 20 * ONE_DAY
    assert standing_of([trial], today=after, grace=Grace()) == Standing(Kind.EXPIRED, Basis.TRIAL, LAST)
    assert standing_of([trial, paid], today=after, grace=Grace()) == Standing(
        Kind.EXPIRED, Basis.PAID, LAST + 10 * ONE_DAY
    )
