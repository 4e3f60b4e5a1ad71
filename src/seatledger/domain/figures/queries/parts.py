"""What one account's recurring revenue is made of, at the beginning and at the end of a month: worked out anew."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.models import AccountMonth
from seatledger.domain.figures.months import end_of
from seatledger.domain.figures.reading import ItemOverTime, read_items, read_paid_pools
from seatledger.engine.periods import add_months
from seatledger.engine.recurring import Recurring


@dataclass(frozen=True)
class Part:
    """One item: what it came to a month at the beginning and at the end; None where nothing was charged for it."""

    name: str
    opening: Recurring | None
    closing: Recurring | None


@dataclass(frozen=True)
class Parts:
    """What an account came to. What is not Active does not count, whatever its items come to."""

    begins_at: datetime
    ends_at: datetime
    was_active: bool
    is_active: bool
    items: tuple[Part, ...]
    row: AccountMonth | None

    @property
    def opening(self) -> Fraction:
        return _sum([part.opening for part in self.items]) if self.was_active else Fraction(0)

    @property
    def closing(self) -> Fraction:
        return _sum([part.closing for part in self.items]) if self.is_active else Fraction(0)


def get_parts(account: Account, month: date, *, at: datetime) -> Parts:
    """Return what the revenue of an account is made of in a month; `at` is now."""
    zone = ZoneInfo(account.time_zone)
    begins_at, ends_at = end_of(add_months(month, -1), zone, at), end_of(month, zone, at)
    items = read_items({account: begins_at}).get(account.pk, [])
    return Parts(
        begins_at=begins_at,
        ends_at=ends_at,
        was_active=_is_active(account, begins_at),
        is_active=_is_active(account, ends_at),
        items=tuple(part for item in items if (part := _part(item, begins_at, ends_at))),
        row=AccountMonth.objects.filter(about=account, month=month).first(),
    )


def _part(item: ItemOverTime, begins_at: datetime, ends_at: datetime) -> Part | None:
    opening, closing = item.recurring(begins_at), item.recurring(ends_at)
    return Part(item.agreed.licence_name, opening, closing) if opening or closing else None


def _is_active(account: Account, before: datetime) -> bool:
    return next(read_paid_pools({account: before}), None) is not None


def _sum(found: list[Recurring | None]) -> Fraction:
    return sum((each.a_month for each in found if each), Fraction(0))
