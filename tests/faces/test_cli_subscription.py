"""Operators agree things with an account from the command line."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from commands import run_command as run
from seatledger.domain.licences.models import Pool
from seatledger.domain.subscriptions.models import Change, SoldBy, Subscription
from selling import business, team
from support import given_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    """Return an account to which two plans can be sold."""
    team(), business()
    return given_account()


def start(account, *more):
    return run("subscription", "start", account.serial_number, "team", *more)


def today():
    return timezone.now().date()


def test_a_subscription_is_started_on_a_past_day(account):
    code, output = start(account, "--on", "2026-03-10", "--quantity", "professional-user=8", "--contract")
    assert code == 0
    subscription = Subscription.objects.get(account=account)
    assert subscription.started_at == datetime(2026, 3, 10, tzinfo=UTC)
    assert subscription.sold_by == SoldBy.CONTRACT
    lines = output.splitlines()
    assert lines[:3] == [
        "Plan         Team",
        "Sold by      Sales contract",
        "Paid         by the month, in GBP",
    ]
    assert lines[-1] == "    Professional User: 0 in use, of 8, £12.00 each"


def test_a_trial_is_started_and_paid_for(account):
    start(account, "--trial")
    assert Pool.objects.get(licence_type__key="professional-user").terms == "trial"
    code, output = run(
        "subscription", "pay", account.serial_number, "--plan", "business", "--interval", "year"
    )
    assert code == 0
    assert output.splitlines()[0] == "Plan         Business"
    assert Pool.objects.get(licence_type__key="professional-user").terms == "paid"


def test_a_plan_is_changed_at_the_end_of_the_period_and_that_is_withdrawn(account):
    start(account)
    code, output = run("subscription", "change", account.serial_number, "business", "--at-period-end")
    change = Change.objects.get(applied_at=None)
    assert (code, output.splitlines()[-1].split()[0]) == (0, str(change.pk))
    code, output = run("subscription", "withdraw", account.serial_number, change.pk)
    assert (code, output.endswith("plan business by the month\n")) == (0, True)
    assert run("subscription", "withdraw", account.serial_number, change.pk)[0] == 2


def test_fewer_licences_at_renewal_and_an_end_contradict_each_other(account):
    start(account, "--quantity", "professional-user=8")
    run("subscription", "renew", account.serial_number, "professional-user", 6)
    _, output = run("subscription", "end", account.serial_number)
    assert [line.strip().partition(":")[0] for line in output.splitlines() if "contradicts" in line] == [
        "contradicts",
        "contradicts",
    ]


def test_a_contract_ends_with_a_day(account):
    start(account)
    last_day = today() + timedelta(days=100)
    code, output = run("subscription", "end", account.serial_number, "--on", last_day)
    assert (code, f"Ends with    {last_day}" in output.splitlines()) == (0, True)
    assert Pool.objects.get(licence_type__key="professional-user").expires_on == last_day


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show"], (0, "No subscription.\n")),
        (["end"], (2, "seatledger: There is no such subscription in this account.\n")),
        (
            ["renew", "professional-user", 3],
            (2, "seatledger: There is no such subscription in this account.\n"),
        ),
    ],
)
def test_without_a_subscription_there_is_nothing_to_change(account, arguments, said):
    command, *rest = arguments
    assert run("subscription", command, account.serial_number, *rest) == said


@pytest.mark.parametrize(
    "quantity", ["professional-user", "=3", "professional-user=-1", "professional-user=x"]
)
def test_what_is_no_number_of_licences(account, quantity):
    code, output = start(account, "--quantity", quantity)
    assert (code, "Write it as on-demand=5" in output) == (2, True)
    assert not Subscription.objects.exists()


def test_a_day_in_the_future_starts_nothing(account):
    code, output = start(account, "--on", date(2999, 1, 1))
    assert (code, "the day is in the future" in output) == (2, True)
