"""What happens after the last day, told by the days: a trial and paid licences with days of grace, and without."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from charging import bill, given_vendor
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.models import Document
from seatledger.domain.licences.actions import assign_licence, note_endings
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import find_access, find_ended_for_operator, get_account_type
from seatledger.domain.notifications.actions import write_messages
from seatledger.domain.notifications.letters.building import build_letter
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import (
    NewSubscription,
    cancel_subscription,
    start_paying,
    start_subscription,
)
from seatledger.domain.subscriptions.models import SoldBy, Subscription, TakesEffect
from seatledger.faces.portal.context import banner_of
from selling import MONTHLY, team
from support import AT, STAFF, SYSTEM, given_account, given_user

pytestmark = pytest.mark.django_db

ALL = frozenset(permission.value for permission in Permission)


@pytest.fixture(autouse=True)
def _grace(settings):
    settings.SEATLEDGER_GRACE_AFTER_TRIAL, settings.SEATLEDGER_GRACE_AFTER_EXPIRY = 5, 10


def given_agreed(account: Account, *, trial: bool) -> Subscription:
    new = NewSubscription(team(), MONTHLY, SoldBy.ONLINE, {}, trial)
    return start_subscription(account=account, new=new, at=AT, by=STAFF)


def on(account: Account, day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(account.time_zone)).astimezone(UTC)


def let_days_pass(account: Account, first: str, last: str) -> dict[str, list[str]]:
    """Let the jobs of each day run after its midnight; returns the subjects of the letters, by day."""
    day, letters = date.fromisoformat(first), {}
    while day <= date.fromisoformat(last):
        at = on(account, day, 0) + timedelta(minutes=1)
        newest = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        for each in Account.objects.filter(pk__in=find_ended_for_operator(at)):
            note_endings(account=each, at=at, by=SYSTEM)
        told = Event.objects.filter(id__gt=newest, kind__in=["licences_ended", "access_ended"])
        written = [message for event in told for message in write_messages(event_id=event.pk, at=at)]
        messages = {message.pk: message for message in written}
        if subjects := [build_letter(message).subject for message in messages.values()]:
            letters[day.isoformat()] = subjects
        day += timedelta(days=1)
    return letters


def told_on(account: Account, day: str) -> str:
    """Return what stands above every page on a day, for who may do everything."""
    banner = banner_of(account, ALL, at=on(account, date.fromisoformat(day)))
    return f"{banner.text} [{banner.action_label}]" if banner else ""


def may_use(account: Account, user: User, day: str) -> bool:
    at = on(account, date.fromisoformat(day))
    return find_access(account, licence_type="professional-user", holder=user.email, at=at).is_allowed


def given_holder(account: Account) -> User:
    ben = given_user(account, "Ben Okoro")
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    assign_licence(pool=pool, user=ben, at=AT, by=STAFF)
    return ben


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_trial_that_nobody_buys_goes_on_for_its_days_of_grace_and_then_ends(zone):  # A10, A21
    account = given_account("Northwind", time_zone=zone)
    given_vendor()
    given_agreed(account, trial=True)
    ben = given_holder(account)
    last = Pool.objects.get(account=account, licence_type__key="professional-user").expires_on
    assert last == date(2026, 3, 31)
    letters = let_days_pass(account, "2026-03-30", "2026-04-20")
    assert letters == {
        "2026-04-01": ["Your trial has ended; access goes on until 5 April 2026"],
        "2026-04-06": ["Your trial is over"],
    }
    assert told_on(account, "2026-03-31") == (
        "You are using a trial account. It ends with 31 March 2026: today is its last day. [Buy now]"
    )
    assert told_on(account, "2026-04-01") == (
        "Your trial ended with 31 March 2026; access goes on until the end of 5 April 2026: 4 days are left. [Buy now]"
    )
    assert told_on(account, "2026-04-05").endswith("today is its last day. [Buy now]")
    assert told_on(account, "2026-04-06") == (
        "The trial of this account ended with 31 March 2026. Everything in it is kept. [Buy now]"
    )
    days = ("2026-03-31", "2026-04-05", "2026-04-06")
    assert [may_use(account, ben, day) for day in days] == [True, True, False]
    types = [get_account_type(account, on(account, date.fromisoformat(day))) for day in days]
    assert types == ["trial", "trial", "expired"]
    assert bill(account, "2026-05-01") == []


def test_who_buys_in_the_days_of_grace_pays_from_that_day_and_not_for_those_before():
    account = given_account("Northwind")
    given_vendor()
    subscription = given_agreed(account, trial=True)
    at = on(account, date(2026, 4, 4))
    start_paying(subscription=subscription, takes_effect=TakesEffect.AT_ONCE, at=at, by=STAFF)
    assert told_on(account, "2026-04-04") == ""
    assert let_days_pass(account, "2026-04-05", "2026-04-20") == {}
    bill(account, "2026-04-04")
    [document] = Document.objects.filter(account=account)
    assert document.net_minor == 5 * 1200
    [line] = document.lines.all()
    assert (line.period_starts_on, line.period_ends_on) == (date(2026, 4, 4), date(2026, 5, 4))


def test_what_is_cancelled_goes_on_for_its_days_of_grace_free_of_charge():
    account = given_account("Northwind")
    given_vendor()
    subscription = given_agreed(account, trial=False)
    ben = given_holder(account)
    cancel_subscription(subscription=subscription, takes_effect=TakesEffect.AT_PERIOD_END, at=AT, by=STAFF)
    bill(account, "2026-03-02")
    assert let_days_pass(account, "2026-03-30", "2026-04-20") == {
        "2026-04-02": ["Licences of Northwind have ended; access goes on until 11 April 2026"],
        "2026-04-12": ["Licences of Northwind can no longer be used"],
    }
    assert told_on(account, "2026-04-01") == ""
    assert told_on(account, "2026-04-02") == (
        "Your licences ended on 1 April 2026; access goes on until the end of 11 April 2026. [Open Billing]"
    )
    assert told_on(account, "2026-04-12") == (
        "The licences of this account ended with 1 April 2026. Everything in it is kept. [Open Billing]"
    )
    days = ("2026-04-01", "2026-04-11", "2026-04-12")
    assert [may_use(account, ben, day) for day in days] == [True, True, False]
    bill(account, "2026-05-10")
    assert [document.net_minor for document in Document.objects.filter(account=account)] == [6000]


def test_without_days_of_grace_the_end_is_the_end_and_one_letter_tells_it(settings):
    settings.SEATLEDGER_GRACE_AFTER_TRIAL = settings.SEATLEDGER_GRACE_AFTER_EXPIRY = 0
    account = given_account("Northwind")
    given_agreed(account, trial=True)
    ben = given_holder(account)
    assert let_days_pass(account, "2026-03-30", "2026-04-20") == {"2026-04-01": ["Your trial is over"]}
    assert [may_use(account, ben, day) for day in ("2026-03-31", "2026-04-01")] == [True, False]
