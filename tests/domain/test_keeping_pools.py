"""What an account holds: totals, expiry dates and terms, their history, and every past instant of them."""

from datetime import date, timedelta

import pytest

from seatledger.domain.accounts.models import Account, AccountKind, AccountType
from seatledger.domain.catalogue.models import ChargeModel, MetricGroup
from seatledger.domain.licences.actions import (
    assign_licence,
    change_expiry,
    change_terms,
    change_total,
    release_licences,
)
from seatledger.domain.licences.actions.opening import PoolExists, TotalMissing
from seatledger.domain.licences.models import EntryKind, LedgerEntry, Pool, Terms
from seatledger.domain.licences.queries import (
    HistoryFilter,
    get_account_type,
    get_licence_metrics,
    get_pool,
    get_snapshot,
    list_history,
    list_pools,
    list_steps,
    name_history,
)
from seatledger.domain.licences.refusals import TotalBelowUse, TotalNotLimited
from seatledger.shared.errors import NotFound
from support import (
    AT,
    LATER,
    NEXT_DAY,
    STAFF,
    given_account,
    given_brand,
    given_device_type,
    given_licence_type,
    given_pool,
    given_provider,
    given_user,
    given_users,
    refreshed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    """An account beside a neighbour that holds and uses the same licences."""
    theirs = given_pool(given_account("Southwind"), total_licences=7, expires_on=date(2027, 7, 7))
    assign_licence(pool=theirs, user=given_user(theirs.account, "Ned Neighbour"), at=AT, by=STAFF)
    return given_account("Northwind")


@pytest.fixture
def pool(account: Account) -> Pool:
    return given_pool(account, total_licences=10)


def newest(pool: Pool) -> LedgerEntry:
    return LedgerEntry.objects.filter(pool=pool).latest("sequence")


def test_each_pool_has_a_total_what_is_available_and_an_expiry_date(account: Account):  # A2, A12-A18
    agents = given_pool(account, given_licence_type("agent"), total_licences=50, expires_on=date(2027, 1, 31))
    demand = given_pool(account, given_licence_type("demand"), total_licences=5, expires_on=date(2026, 9, 30))
    for pool, used in ((agents, 3), (demand, 1)):
        for user in given_users(account, used, first=10 * used):
            assign_licence(pool=pool, user=user, at=LATER - timedelta(hours=1), by=STAFF)
    shown = {
        pool.licence_type.key: (pool.total_licences, pool.available_licences, pool.expires_on)
        for pool in list_pools(account)
        if pool.licence_type.key != "active-user"
    }
    assert shown == {"agent": (50, 47, date(2027, 1, 31)), "demand": (5, 4, date(2026, 9, 30))}


def test_staff_change_the_total_with_a_reason(pool: Pool):  # A30, A31, A32
    assert change_total(pool=pool, total=12, reason="Order 4711", at=LATER, by=STAFF)
    entry = newest(pool)
    assert (entry.kind, entry.before, entry.after, entry.bought_change) == ("total_changed", "10", "12", 2)
    assert (entry.actor_label, entry.reason, entry.at) == ("Admin Team", "Order 4711", LATER)
    assert not change_total(pool=pool, total=12, at=LATER, by=STAFF)
    assert newest(pool) == entry


def test_a_maximum_is_changed_as_a_maximum(account: Account):  # D19-D21
    walls = given_pool(account, given_device_type(), total_licences=10)
    change_total(pool=walls, total=12, at=LATER, by=STAFF)
    assert (newest(walls).kind, newest(walls).before, newest(walls).after) == ("cap_changed", "10", "12")


def test_a_total_below_use_is_refused_unless_it_is_forced(pool: Pool):
    for user in given_users(pool.account, 3):
        assign_licence(pool=pool, user=user, at=AT, by=STAFF)
    with pytest.raises(TotalBelowUse, match="Release 1 first"):
        change_total(pool=pool, total=2, at=LATER, by=STAFF)
    change_total(pool=pool, total=2, over_assign=True, at=LATER, by=STAFF)
    now = refreshed(pool)
    assert (now.is_over_assigned, now.over_assigned_at, now.available_licences) == (True, LATER, 0)
    assert now.assigned_licences == 3
    change_total(pool=pool, total=3, at=NEXT_DAY, by=STAFF)
    assert refreshed(pool).over_assigned_at is None


def test_what_is_not_limited_has_no_total(account: Account):  # D26
    open_end = given_pool(
        account, given_licence_type("free", charge_model=ChargeModel.ACTIVE), total_licences=5
    )
    assert (open_end.total_licences, open_end.available_licences) == (None, None)
    with pytest.raises(TotalNotLimited):
        change_total(pool=open_end, total=5, at=LATER, by=STAFF)


def test_an_expiry_date_is_changed_and_written_down(pool: Pool):  # A15, A30, A32
    change_expiry(pool=pool, expires_on=date(2027, 3, 31), at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=date(2028, 3, 31), at=LATER, by=STAFF)
    assert (newest(pool).before, newest(pool).after) == ("2027-03-31", "2028-03-31")
    assert not change_expiry(pool=pool, expires_on=date(2028, 3, 31), at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=None, at=LATER, by=STAFF)
    assert (refreshed(pool).expires_on, newest(pool).after) == (None, "")


def test_terms_are_changed_and_written_down(pool: Pool):
    assert change_terms(pool=pool, terms=Terms.TRIAL, at=LATER, by=STAFF)
    assert (newest(pool).kind, newest(pool).before, newest(pool).after) == ("terms_changed", "paid", "trial")
    assert not change_terms(pool=pool, terms=Terms.TRIAL, at=LATER, by=STAFF)


def test_a_pool_is_opened_once_and_what_is_bought_by_number_needs_one(pool: Pool):
    with pytest.raises(PoolExists):
        given_pool(pool.account)
    with pytest.raises(TotalMissing):
        given_pool(pool.account, given_licence_type("other"), total_licences=None)


def test_another_accounts_pool_is_like_none(account: Account):
    theirs = Pool.objects.get(account__name="Southwind", counts_active_users=False)
    with pytest.raises(NotFound):
        get_pool(account, theirs.pk)
    assert theirs not in list_pools(account)


# A10
@pytest.mark.parametrize(
    ("terms", "last_day", "expected"),
    [
        (Terms.PAID, None, AccountType.ACTIVE),
        (Terms.PAID, date(2026, 3, 2), AccountType.ACTIVE),
        (Terms.PAID, date(2026, 3, 1), AccountType.EXPIRED),
        (Terms.TRIAL, date(2026, 3, 2), AccountType.TRIAL),
        (Terms.TRIAL, date(2026, 3, 1), AccountType.EXPIRED),
    ],
)
def test_the_account_type_is_worked_out_from_terms_and_dates(
    account: Account, terms: Terms, last_day: date | None, expected: AccountType
):
    pool = given_pool(account, terms=terms)
    Pool.objects.filter(pk=pool.pk).update(expires_on=last_day)
    assert get_account_type(account, AT) == expected


# A10
def test_a_paid_pool_makes_a_trial_account_active(account: Account):
    given_pool(account, given_licence_type("try"), terms=Terms.TRIAL)
    assert get_account_type(account, AT) == AccountType.TRIAL
    given_pool(account, given_licence_type("buy"), terms=Terms.PAID)
    assert get_account_type(account, AT) == AccountType.ACTIVE


def test_the_type_of_an_account_changes_at_its_own_midnight(account: Account):
    given_pool(account, expires_on=date(2026, 6, 30))
    midnight = AT.replace(month=6, day=30, hour=23, minute=0)  # in London, where summer time holds
    assert get_account_type(account, midnight - timedelta(seconds=1)) == AccountType.ACTIVE
    assert get_account_type(account, midnight) == AccountType.EXPIRED


# Every past instant


def test_the_ledger_tells_every_past_instant(account: Account):  # A29
    pool = given_pool(account, total_licences=5)
    seat = assign_licence(pool=pool, user=given_user(account), at=LATER, by=STAFF)
    change_total(pool=pool, total=8, at=NEXT_DAY, by=STAFF)
    release_licences(account=account, assignment_ids=[seat.pk], at=NEXT_DAY + timedelta(hours=1), by=STAFF)
    told = {
        moment: (was.bought, was.held)
        for moment in (AT, LATER, NEXT_DAY, NEXT_DAY + timedelta(hours=1))
        for was in [get_snapshot(account, moment)[pool.pk]]
    }
    assert list(told.values()) == [(5, 0), (5, 1), (8, 1), (8, 0)]
    assert pool.pk not in get_snapshot(account, AT - timedelta(seconds=1))
    steps = list_steps(account, pool, start=AT, end=NEXT_DAY + timedelta(days=1))
    assert [(step.bought, step.held) for step in steps] == [(5, 0), (5, 1), (8, 1), (8, 0)]
    now = refreshed(pool)
    assert (now.total_licences, now.assigned_licences) == (8, 0)


# History


def test_the_history_tells_every_change_newest_first_with_names(account: Account):  # A29-A31
    pool = given_pool(account, total_licences=5)
    ben = given_user(account)
    assign_licence(pool=pool, user=ben, at=LATER, by=STAFF)
    change_expiry(pool=pool, expires_on=date(2027, 1, 1), at=NEXT_DAY, by=STAFF)
    rows = name_history(account, list_history(account, HistoryFilter(pool_id=pool.pk)))
    assert [(row.entry.kind, row.actor, row.licence, row.holder) for row in rows] == [
        ("expiry_changed", "Admin Team", "Professional User", ""),
        ("assigned", "Admin Team", "Professional User", "Ben Okoro"),
        ("pool_opened", "Admin Team", "Professional User", ""),
    ]


def test_the_history_is_narrowed_by_pool_kind_day_and_holder(account: Account):
    pool = given_pool(account, total_licences=5)
    ben = given_user(account)
    assign_licence(pool=pool, user=ben, at=NEXT_DAY, by=STAFF)
    by_kind = list_history(account, HistoryFilter(kinds=(EntryKind.POOL_OPENED,)))
    assert {entry.kind for entry in by_kind} == {"pool_opened"}
    on_day = list_history(account, HistoryFilter(first_on=NEXT_DAY.date(), last_on=NEXT_DAY.date()))
    assert [entry.user_id for entry in on_day] == [ben.pk]
    of_ben = list_history(account, HistoryFilter(holder_id=ben.pk))
    assert [entry.licence_name for entry in of_ben] == ["Professional User", "Active User"]


def test_the_history_is_paged_without_a_gap_even_within_one_instant(account: Account):
    given_users(account, 5)
    everything = list_history(account, HistoryFilter())
    paged: list[LedgerEntry] = []
    while page := list_history(
        account,
        HistoryFilter(),
        before=(paged[-1].at, paged[-1].sequence) if paged else None,
        limit=2,
    ):
        paged += page
    assert paged == everything
    assert {entry.account_id for entry in everything} == {account.pk}


# Metrics


def test_metrics_come_in_their_groups_and_order_with_brand_words():  # D1, D3, D10, D18, D24, D26
    provider = given_brand(given_provider(), words={"UcClient": "Harbour Talk"})
    account = given_account("Quayside", provider=provider)
    assert account.kind == AccountKind.CUSTOMER
    given_pool(account, given_device_type(), total_licences=10)
    given_pool(
        account,
        given_licence_type(
            "client",
            name="{UcClient} Desktop",
            metric_group=MetricGroup.CLIENTS,
            charge_model=ChargeModel.ACTIVE,
        ),
    )
    given_pool(account, given_licence_type("second", metric_order=2))
    given_pool(account, given_licence_type("first", metric_order=1))
    shown = [
        (group.group.label, [(metric.name, metric.used, metric.maximum) for metric in group.metrics])
        for group in get_licence_metrics(Account.objects.get(pk=account.pk))
    ]
    assert shown == [
        ("Users", [("First", 0, 10), ("Second", 0, 10)]),
        ("Clients", [("Harbour Talk Desktop", 0, None)]),
        ("Devices", [("Wallboard", 0, 10)]),
    ]
