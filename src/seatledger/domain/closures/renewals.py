"""What a closure arranges with the subscription: that it ends by the day of closing, and no sooner."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.closures.models import Closure
from seatledger.domain.events.actions import Actor
from seatledger.domain.subscriptions.actions import cancel_subscription, withdraw_change
from seatledger.domain.subscriptions.models import Change
from seatledger.domain.subscriptions.queries import get_agreement
from seatledger.engine.days import day_of


def stop_renewal(account: Account, closes_at: datetime, *, at: datetime, by: Actor) -> UUID | None:
    """Have the subscription end by the closing; returns the change that says so, None where it ends by itself."""
    agreement = get_agreement(account, at=at)
    if agreement is None or agreement.is_over:
        return None
    last_day = day_of(closes_at, ZoneInfo(account.time_zone)) - timedelta(days=1)
    if agreement.ends_on is not None and agreement.ends_on <= last_day:
        return None
    end = cancel_subscription(subscription=agreement.subscription, last_day=last_day, at=at, by=by)
    return end.pk


def let_renew(closure: Closure, *, at: datetime, by: Actor) -> None:
    """Take back the end that the closure arranged, unless somebody else withdrew it or it counts already."""
    if closure.end_change_id is None:
        return
    arranged = Change.objects.filter(account_id=closure.account_id, pk=closure.end_change_id)
    for change in arranged.filter(applied_at__isnull=True):
        withdraw_change(change=change, at=at, by=by)
