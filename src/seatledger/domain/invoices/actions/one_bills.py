"""Agree with a provider who is billed for its customers."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.invoices.models import AccountBilling, OneBill
from seatledger.engine.days import day_of
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class OneBillAgreed(Happening):
    from_on: date


@dataclass(frozen=True)
class OneBillEnded(Happening):
    until_on: date


class HasNoCustomers(Refused):
    """Only a provider is billed for customers."""

    code = "has_no_customers"


class OneBillAlready(Refused):
    """The provider is billed for its customers already, or not."""

    code = "one_bill_already"


class DayIsPast(Refused):
    """What has begun was billed already, perhaps to somebody else."""

    code = "one_bill_day_is_past"


@transaction.atomic
def agree_one_bill(*, provider: Account, from_on: date, at: datetime, by: Actor) -> OneBill:
    """Bill the provider for every period of its customers that begins on `from_on` or later, in its currency.

    Raises HasNoCustomers, OneBillAlready and DayIsPast.
    """
    if not provider.is_provider:
        raise HasNoCustomers(f"{provider.name} is not a provider. Choose one.")
    provider = lock_account(provider)
    _check_day(provider, from_on, at)
    newest = OneBill.objects.filter(account=provider).order_by("-from_on").first()
    if newest and (newest.until_on is None or newest.until_on > from_on):
        raise OneBillAlready(
            f"{provider.name} is billed for its customers already. End that first, or choose a later day."
        )
    bill = OneBill.objects.create(account=provider, currency=provider.currency, from_on=from_on)
    AccountBilling.objects.get_or_create(account=provider)
    record(OneBillAgreed(from_on=from_on), account=provider, at=at, by=by)
    return bill


@transaction.atomic
def end_one_bill(*, provider: Account, until_on: date, at: datetime, by: Actor) -> OneBill:
    """Bill customers themselves for every period of theirs that begins on `until_on` or later.

    Raises OneBillAlready and DayIsPast.
    """
    provider = lock_account(provider)
    bill = OneBill.objects.filter(account=provider, until_on__isnull=True).first()
    if bill is None:
        raise OneBillAlready(f"The customers of {provider.name} are billed themselves already.")
    _check_day(provider, until_on, at)
    bill.until_on = max(until_on, bill.from_on)
    bill.save(update_fields=["until_on"])
    record(OneBillEnded(until_on=bill.until_on), account=provider, at=at, by=by)
    return bill


def _check_day(provider: Account, day: date, at: datetime) -> None:
    today = day_of(at, ZoneInfo(provider.time_zone))
    if day <= today:
        raise DayIsPast(
            "Periods that have begun were billed already. Choose a day after today, such as the first of next month."
        )
