"""What is to be reminded of now: found by statements over all accounts, in the days of each account's zone.

Of the days ahead on which people are reminded, the nearest that has come counts: after a week without a worker one
reminder is due, not three, and none once the day itself has passed. What began later than a reminder would have been
due is not reminded of at that distance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.catalogue.models import PriceInterval
from seatledger.domain.licences.queries import today_of
from seatledger.domain.notifications.models import MessageKind
from seatledger.domain.subscriptions.queries import Agreement, get_agreement

# Reminders come in the morning of the account, not at its midnight.
FROM_HOUR: Final = 8
# What renews every month is routine, which its invoice tells.
_REMINDED_OF: Final = (PriceInterval.QUARTER, PriceInterval.YEAR)

_ENDING = """
WITH pools AS (
  SELECT pool.account_id, pool.expires_on, pool.terms = 'trial' AS on_trial, pool.id,
         pool.expires_on - (%(at)s AT TIME ZONE account.time_zone)::date AS days_left,
         (pool.opened_at AT TIME ZONE account.time_zone)::date AS opened_on
  FROM licences_pool pool JOIN accounts_account account ON account.id = pool.account_id
  WHERE pool.expires_on >= (%(at)s AT TIME ZONE account.time_zone)::date
    AND pool.expires_on <= (%(at)s AT TIME ZONE account.time_zone)::date + %(furthest)s
    AND extract(hour FROM %(at)s AT TIME ZONE account.time_zone) >= %(from_hour)s
), due AS (
  SELECT pools.*, (SELECT min(ahead) FROM unnest(CASE WHEN on_trial THEN %(trial_days)s ELSE %(days)s END::int[]) ahead
                   WHERE ahead >= days_left) AS ahead
  FROM pools
), grouped AS (
  SELECT account_id, expires_on, on_trial, days_left, ahead, string_agg(id::text, ' ' ORDER BY id) AS pool_ids,
         CASE WHEN on_trial THEN 'trial' ELSE 'expiry' END || ':' || account_id || ':' || expires_on || ':' || ahead
           AS cause
  FROM due WHERE ahead IS NOT NULL AND opened_on <= expires_on - ahead
  GROUP BY account_id, expires_on, on_trial, days_left, ahead
)
SELECT * FROM grouped
WHERE NOT EXISTS (SELECT FROM notifications_message told WHERE told.cause = grouped.cause)
ORDER BY account_id, expires_on
"""
# The day on which an account is charged next is never later than its renewal, and mostly the same.
_RENEWING = """
WITH going_on AS (
  SELECT subscription.id, subscription.account_id, billing.next_on,
         billing.next_on - (%(at)s AT TIME ZONE account.time_zone)::date AS days_left
  FROM subscriptions_subscription subscription
  JOIN accounts_account account ON account.id = subscription.account_id
  LEFT JOIN invoices_accountbilling billing ON billing.account_id = subscription.account_id
  WHERE subscription.ended_at IS NULL
    AND extract(hour FROM %(at)s AT TIME ZONE account.time_zone) >= %(from_hour)s
)
SELECT account_id FROM going_on
WHERE (next_on IS NULL OR days_left <= %(furthest)s)
  AND NOT EXISTS (SELECT FROM notifications_message told WHERE told.cause = 'renewal:' || going_on.id || ':' || next_on
    || ':' || (SELECT min(ahead) FROM unnest(%(days)s::int[]) ahead WHERE ahead >= days_left))
ORDER BY account_id
"""


@dataclass(frozen=True)
class Reminder:
    """Something that an account's people are to be reminded of. `cause` is the same however often it is found."""

    account_id: UUID
    kind: MessageKind
    cause: str
    about: dict[str, str]


def find_due_reminders_for_operator(
    *, at: datetime, days: Sequence[int], trial_days: Sequence[int]
) -> list[Reminder]:
    """Return what is to be reminded of at `at` and nobody was told, so many days ahead as `days` says."""
    return [*_find_ending(at, days, trial_days), *_find_renewing(at, days)]


def _find_ending(at: datetime, days: Sequence[int], trial_days: Sequence[int]) -> list[Reminder]:
    rows = _ask(
        _ENDING,
        {
            "at": at,
            "days": list(days),
            "trial_days": list(trial_days),
            "furthest": max([*days, *trial_days]),
        },
    )
    return [
        Reminder(
            row["account_id"],
            MessageKind.TRIAL_ENDING if row["on_trial"] else MessageKind.LICENCES_EXPIRING,
            row["cause"],
            {"on": row["expires_on"].isoformat(), "left": str(row["days_left"]), "pool_ids": row["pool_ids"]},
        )
        for row in rows
    ]


def _find_renewing(at: datetime, days: Sequence[int]) -> list[Reminder]:
    rows = _ask(_RENEWING, {"at": at, "days": list(days), "furthest": max(days)})
    ids = [row["account_id"] for row in rows]
    accounts = Account.objects.filter(pk__in=ids).select_related("provider").order_by("pk")
    found = [
        _renewal(account, at, days, agreement)
        for account in accounts
        if (agreement := get_agreement(account, at=at)) is not None
    ]
    return [reminder for reminder in found if reminder is not None]


def _renewal(account: Account, at: datetime, days: Sequence[int], agreement: Agreement) -> Reminder | None:
    on, starts_on = agreement.renews_on, agreement.period.starts_on
    if on is None or agreement.trial_ends_on or agreement.interval not in _REMINDED_OF:
        return None
    left = (on - today_of(account, at)).days
    ahead = min((ahead for ahead in days if ahead >= left), default=None)
    if ahead is None or left < 1 or (on - starts_on).days < 2 * ahead:
        return None
    subscription_id = str(agreement.subscription.pk)
    about = {"subscription_id": subscription_id, "on": on.isoformat(), "left": str(left)}
    return Reminder(account.pk, MessageKind.RENEWAL_COMING, f"renewal:{subscription_id}:{on}:{ahead}", about)


def _ask(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"from_hour": FROM_HOUR})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
