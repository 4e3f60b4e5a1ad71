"""Reminders over a year, counted: 60, 30 and 7 days before a renewal or an expiry, in the days of the account's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from charging import bill, given_vendor
from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import change_expiry
from seatledger.domain.licences.models import Terms
from seatledger.domain.notifications.actions import write_reminder
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.notifications.models import Message
from seatledger.domain.notifications.queries import find_due_reminders_for_operator
from seatledger.domain.subscriptions.actions import (
    NewSubscription,
    cancel_subscription,
    start_paying,
    start_subscription,
)
from seatledger.domain.subscriptions.models import SoldBy, Subscription, TakesEffect
from selling import MONTHLY, YEARLY, team
from support import AT, STAFF, given_account, given_pool, run_together

pytestmark = pytest.mark.django_db

DAYS, TRIAL_DAYS = (60, 30, 7), (7, 1)


def remind(at: datetime) -> list[str]:
    """Do what the job does at an instant; returns the letters' subjects."""
    due = find_due_reminders_for_operator(at=at, days=DAYS, trial_days=TRIAL_DAYS)
    written = [message for reminder in due for message in write_reminder(reminder=reminder, at=at)]
    messages = Message.objects.select_related("account__provider", "user").filter(
        pk__in=[message.pk for message in written]
    )
    letters = [build_letter(message) for message in messages.order_by("account__name")]
    messages.update(sent_at=at)
    return [letter.subject for letter in letters]


def remind_daily(account: Account, first: str, last: str, *, hour: int = 9) -> dict[str, list[str]]:
    """Let the job run on each day at an hour of the account's zone; returns what was sent, by day."""
    day, zone, sent = date.fromisoformat(first), ZoneInfo(account.time_zone), {}
    while day <= date.fromisoformat(last):
        if subjects := remind(datetime.combine(day, time(hour), zone)):
            sent[day.isoformat()] = subjects
        day += timedelta(days=1)
    return sent


def given_agreed(
    account: Account, interval=YEARLY, *, trial: bool = False, at: datetime = AT
) -> Subscription:
    new = NewSubscription(team(), interval, SoldBy.ONLINE, {}, trial)
    return start_subscription(account=account, new=new, at=at, by=STAFF)


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_year_of_a_subscription_has_three_reminders_of_its_renewal(zone):  # A23, A24
    account = given_account("Northwind", time_zone=zone)
    given_vendor()
    given_agreed(account)
    bill(account, "2026-03-03")
    assert remind_daily(account, "2026-03-03", "2027-03-08") == {
        "2027-01-01": ["Your subscription renews in 60 days"],
        "2027-01-31": ["Your subscription renews in 30 days"],
        "2027-02-23": ["Your subscription renews in 7 days"],
    }
    assert set(Message.objects.filter(kind="renewal_coming").values_list("recipient", flat=True)) == {
        "ann.lee@northwind.example"
    }


def test_what_ends_is_reminded_of_as_ending():  # A24
    account = given_account("Northwind")
    subscription = given_agreed(account)
    cancel_subscription(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=AT, by=STAFF)
    assert remind_daily(account, "2026-12-28", "2027-03-03") == {
        "2026-12-31": ["Licences of Northwind expire in 60 days"],
        "2027-01-30": ["Licences of Northwind expire in 30 days"],
        "2027-02-22": ["Licences of Northwind expire in 7 days"],
    }


def test_a_trial_is_reminded_of_its_end_unless_it_is_bought():  # A24
    account, buyer = given_account("Northwind"), given_account("Contoso")
    given_agreed(account, MONTHLY, trial=True)
    bought = given_agreed(buyer, MONTHLY, trial=True)
    start_paying(subscription=bought, takes_effect=TakesEffect.AT_PERIOD_END, at=AT, by=STAFF)
    assert remind_daily(account, "2026-03-02", "2026-04-30") == {
        "2026-03-24": ["Your trial ends in 7 days"],
        "2026-03-30": ["Your trial ends tomorrow"],
    }


def test_a_subscription_by_the_month_is_not_announced_every_month():
    account = given_account("Northwind")
    given_agreed(account, MONTHLY)
    assert remind_daily(account, "2026-03-02", "2026-04-05") == {}


def test_licences_bought_ahead_are_reminded_of_before_each_expiry():  # A24
    account = given_account("Northwind")
    pool = given_pool(account, expires_on=date(2026, 6, 30))
    assert remind_daily(account, "2026-03-02", "2026-06-15") == {
        "2026-05-01": ["Licences of Northwind expire in 60 days"],
        "2026-05-31": ["Licences of Northwind expire in 30 days"],
    }
    change_expiry(
        pool=pool,
        expires_on=date(2026, 12, 31),
        reason="",
        at=datetime(2026, 6, 16, 9, tzinfo=UTC),
        by=STAFF,
    )
    assert remind_daily(account, "2026-06-17", "2027-01-10") == {
        "2026-11-01": ["Licences of Northwind expire in 60 days"],
        "2026-12-01": ["Licences of Northwind expire in 30 days"],
        "2026-12-24": ["Licences of Northwind expire in 7 days"],
    }


def test_after_a_month_without_a_worker_one_reminder_is_sent_and_none_after_the_day():
    account = given_account("Northwind")
    given_pool(account, expires_on=date(2026, 6, 30))
    assert remind_daily(account, "2026-06-26", "2026-07-10") == {
        "2026-06-26": ["Licences of Northwind expire in 4 days"]
    }
    late = given_account("Contoso")
    given_pool(late, expires_on=date(2026, 6, 30))
    assert remind_daily(late, "2026-07-01", "2026-07-10") == {}


def test_the_last_day_still_counts_and_says_today():
    account = given_account("Northwind")
    given_pool(account, expires_on=date(2026, 6, 30))
    assert remind_daily(account, "2026-06-30", "2026-07-01") == {
        "2026-06-30": ["Licences of Northwind expire today"]
    }


def test_what_begins_later_is_not_reminded_of_as_if_it_had_been_there():
    account = given_account("Northwind")
    given_pool(account, expires_on=date(2026, 3, 20), terms=Terms.TRIAL)
    assert remind_daily(account, "2026-03-02", "2026-03-31") == {
        "2026-03-13": ["Your trial ends in 7 days"],
        "2026-03-19": ["Your trial ends tomorrow"],
    }


def test_reminders_come_in_the_morning_of_the_account():
    account = given_account("Northwind", time_zone="Pacific/Auckland")
    given_pool(account, expires_on=date(2026, 6, 30))
    zone = ZoneInfo("Pacific/Auckland")
    midnight = datetime(2026, 5, 1, 0, 5, tzinfo=zone)
    sent = [subject for hour in range(24) for subject in remind(midnight + timedelta(hours=hour))]
    assert remind(datetime(2026, 5, 1, 7, 59, tzinfo=zone)) == []
    assert sent == ["Licences of Northwind expire in 60 days"]
    [message] = Message.objects.filter(kind="licences_expiring")
    assert message.queued_at == datetime(2026, 5, 1, 8, 5, tzinfo=zone)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_remind_once():
    given_pool(given_account("Northwind"), expires_on=date(2026, 6, 30))
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    [reminder] = find_due_reminders_for_operator(at=at, days=DAYS, trial_days=TRIAL_DAYS)
    run_together(*[lambda: write_reminder(reminder=reminder, at=at)] * 6)
    assert Message.objects.filter(kind="licences_expiring").count() == 1
