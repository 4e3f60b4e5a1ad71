"""What one account's recurring revenue is made of, at the beginning and at the end of a month: worked out anew."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.models import AccountMonth
from seatledger.domain.figures.months import end_of
from seatledger.domain.figures.reading import read_items, read_paid_pools
from seatledger.engine.periods import add_months
from seatledger.engine.recurring import Recurring


@dataclass(frozen=True)
class Part:
    """One item: what it counted for a month at the beginning and at the end; None where it counted for nothing."""

    name: str
    pool_id: UUID
    opening: Recurring | None
    closing: Recurring | None

    @property
    def change(self) -> Fraction:
        return _sum([self.closing]) - _sum([self.opening])


@dataclass(frozen=True)
class Parts:
    """What an account came to: the sum of its items. Of an account that was not Active none counts."""

    begins_at: datetime
    ends_at: datetime
    was_active: bool
    is_active: bool
    items: tuple[Part, ...]
    row: AccountMonth | None

    @property
    def opening(self) -> Fraction:
        return _sum([part.opening for part in self.items])

    @property
    def closing(self) -> Fraction:
        return _sum([part.closing for part in self.items])


def get_parts(account: Account, month: date, *, at: datetime) -> Parts:
    """Return what the revenue of an account is made of in a month; `at` is now."""
    zone = ZoneInfo(account.time_zone)
    begins_at, ends_at = end_of(add_months(month, -1), zone, at), end_of(month, zone, at)
    was_active, is_active = _is_active(account, begins_at), _is_active(account, ends_at)
    items = read_items({account: begins_at}).get(account.pk, [])
    parts = (
        Part(
            item.agreed.licence_name,
            UUID(item.agreed.pool_id),
            item.recurring(begins_at) if was_active else None,
            item.recurring(ends_at) if is_active else None,
        )
        for item in items
    )
    return Parts(
        begins_at=begins_at,
        ends_at=ends_at,
        was_active=was_active,
        is_active=is_active,
        items=tuple(part for part in parts if part.opening or part.closing),
        row=AccountMonth.objects.filter(about=account, month=month).first(),
    )


def _is_active(account: Account, before: datetime) -> bool:
    return next(read_paid_pools({account: before}), None) is not None


def _sum(found: list[Recurring | None]) -> Fraction:
    return sum((each.a_month for each in found if each), Fraction(0))
