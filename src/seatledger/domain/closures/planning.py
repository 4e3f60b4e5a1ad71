"""When an account that asks for its end would be closed, from what it holds and agreed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.dates import first_day_without
from seatledger.domain.licences.models import Pool, Terms
from seatledger.domain.licences.queries import today_of
from seatledger.domain.subscriptions.queries import Agreement, get_agreement
from seatledger.engine.days import start_of_day


def find_end_of_period(account: Account, *, at: datetime) -> datetime:
    """Return the instant at which the account's current period is over (B9): the latest end it has paid for.

    A trial ends with its last day. An account that holds nothing any more is closed at the next midnight of its zone.
    """
    agreement = get_agreement(account, at=at)
    today = today_of(account, at)
    first_day = first_day_without(
        today=today,
        period_ends_on=_period_ends_on(agreement),
        last_days=_last_days_without_agreement(account, agreement, today),
    )
    return start_of_day(first_day, ZoneInfo(account.time_zone))


def _period_ends_on(agreement: Agreement | None) -> date | None:
    """Return the first day after what the subscription's current period gives, or None once it is over."""
    if agreement is None or agreement.is_over:
        return None
    if agreement.ends_on is None:
        return agreement.period.ends_on
    return min(agreement.period.ends_on, agreement.ends_on + timedelta(days=1))


def _last_days_without_agreement(
    account: Account, agreement: Agreement | None, today: date
) -> list[date | None]:
    agreed = {licence.pool_id for licence in agreement.licences} if agreement else set()
    pools = Pool.objects.filter(account=account, terms=Terms.PAID).exclude(pk__in=agreed)
    return [day for day in pools.values_list("expires_on", flat=True) if day is None or day >= today]
