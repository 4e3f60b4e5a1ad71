"""Reckon the months of accounts, a thousand at a time: rows in, rows out, in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import lcm
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.models import AccountMonth, Renewal
from seatledger.domain.figures.months import end_of, movement_of
from seatledger.domain.figures.reading import add_up, read_items, read_paid_pools
from seatledger.domain.figures.to_come import find_renewals, read_numbers_agreed
from seatledger.engine.days import day_of
from seatledger.shared.arrays import uuid_array
from seatledger.shared.copying import Into, copy_rows, row_of

_ROWS: Final = Into(
    "figures_accountmonth", "about_id, month, currency, movement, is_active, opening, closing, denominator"
)
_RENEWALS: Final = Into("figures_renewal", "about_id, renews_on, currency, amount_minor")
# What accounts came to at the end of the last month that was reckoned before, and whether they ever paid.
_BEFORE: Final = """
SELECT about_id, (array_agg(closing ORDER BY month DESC))[1], (array_agg(denominator ORDER BY month DESC))[1],
       bool_or(closing > 0)
FROM figures_accountmonth WHERE about_id = ANY(%s::uuid[]) AND month < %s GROUP BY about_id
"""


@dataclass
class LicenceCount:
    """Licences of one type at the end of a month, of several accounts."""

    accounts: int = 0
    sold: int = 0
    used: int = 0
    unlimited: int = 0

    def add(self, *, sold: int, used: int, is_unlimited: bool) -> None:
        self.accounts += 1
        self.sold += 0 if is_unlimited else sold
        self.used += used
        self.unlimited += is_unlimited


@dataclass
class Counted:
    """The licences of all accounts that were reckoned so far, by month and licence type."""

    licences: dict[tuple[date, UUID], LicenceCount] = field(default_factory=dict)

    def of(self, month: date, kind_id: UUID) -> LicenceCount:
        return self.licences.setdefault((month, kind_id), LicenceCount())


@dataclass(frozen=True)
class Revenue:
    """What an account came to at the end of a month, exactly, and whether it was Active."""

    is_active: bool
    amount: Fraction


def reckon_accounts(
    accounts: Sequence[Account], months: Sequence[date], counted: Counted, *, at: datetime
) -> None:
    """Write the rows of `months`, in order, for these accounts, in the place of those there are; and what is to come."""
    ids = [account.pk for account in accounts]
    if months:
        revenue = list(_revenue_of(accounts, months, counted, at))
        AccountMonth.objects.filter(about__in=ids, month__in=months).delete()
        copy_rows(_ROWS, list(_month_rows(accounts, months, revenue)))
    Renewal.objects.filter(about__in=ids).delete()
    copy_rows(_RENEWALS, list(_renewal_rows(accounts, at)))


def revenue_of(
    accounts: Sequence[Account], months: Sequence[date], *, at: datetime
) -> list[dict[UUID, Revenue]]:
    """Return what accounts came to at the end of each month, by account, worked out anew."""
    return list(_revenue_of(accounts, months, Counted(), at))


def _revenue_of(
    accounts: Sequence[Account], months: Sequence[date], counted: Counted, at: datetime
) -> Iterator[dict[UUID, Revenue]]:
    """Yield what accounts came to, month by month, and count their licences on the way."""
    ends = [
        {account: end_of(month, ZoneInfo(account.time_zone), at) for account in accounts} for month in months
    ]
    items = read_items(ends[0]) if ends else {}
    for month, instants in zip(months, ends, strict=True):
        active: set[UUID] = set()
        for pool in read_paid_pools(instants):
            active.add(pool.account_id)
            counted.of(month, pool.licence_type_id).add(
                sold=pool.sold, used=pool.used, is_unlimited=pool.is_unlimited
            )
        yield {
            account.pk: Revenue(
                account.pk in active,
                add_up(items.get(account.pk, ()), before) if account.pk in active else Fraction(0),
            )
            for account, before in instants.items()
        }


def _month_rows(
    accounts: Sequence[Account], months: Sequence[date], revenue: Sequence[dict[UUID, Revenue]]
) -> Iterator[str]:
    before = _read_before([account.pk for account in accounts], months[0])
    for account in accounts:
        opening, paid_before = before.get(account.pk, (Fraction(0), False))
        for month, found in zip(months, revenue, strict=True):
            own = found[account.pk]
            movement = movement_of(opening, own.amount, paid_before=paid_before)
            if own.is_active or opening or own.amount:
                denominator = lcm(opening.denominator, own.amount.denominator)
                yield row_of(
                    account.pk,
                    month,
                    account.currency,
                    movement,
                    own.is_active,
                    opening * denominator,
                    own.amount * denominator,
                    denominator,
                )
            opening, paid_before = own.amount, paid_before or own.amount > 0


def _read_before(ids: Sequence[UUID], month: date) -> dict[UUID, tuple[Fraction, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [uuid_array(ids), month])
        return {
            account_id: (Fraction(int(closing), int(denominator)), paid)
            for account_id, closing, denominator, paid in cursor.fetchall()
        }


def _renewal_rows(accounts: Sequence[Account], at: datetime) -> Iterator[str]:
    items = read_items(dict.fromkeys(accounts, at))
    numbers = read_numbers_agreed([account.pk for account in accounts])
    for account in accounts:
        today = day_of(at, ZoneInfo(account.time_zone))
        renewals = find_renewals(items.get(account.pk, ()), numbers, today=today)
        for day, amount_minor in renewals.items():
            yield row_of(account.pk, day, account.currency, amount_minor)
