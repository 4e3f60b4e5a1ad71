"""What a list comes to as a whole: the figure that led to it, as it was reckoned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db.models import Sum

from seatledger.domain.figures.models import EndingTotal, LicenceMonth, MonthTotal, RenewalTotal
from seatledger.domain.figures.queries.lists import RevenueFilter
from seatledger.engine.money import round_to_whole


@dataclass(frozen=True)
class RevenueSum:
    """What accounts come to together, in minor units, each sum rounded once."""

    accounts: int
    change_minor: int
    closing_minor: int


@dataclass(frozen=True)
class RenewalSum:
    """What renews, in minor units."""

    renewals: int
    amount_minor: int


@dataclass(frozen=True)
class EndingSum:
    """What ends: an account's licences of one type are one ending."""

    endings: int
    sold: int
    used: int


def sum_revenue_for_operator(wanted: RevenueFilter) -> RevenueSum:
    """Return the sum over a list of accounts: of those that moved so, or of those that were Active."""
    rows = MonthTotal.objects.filter(month=wanted.month)
    if wanted.currency:
        rows = rows.filter(currency=wanted.currency)
    if wanted.movement:
        rows = rows.filter(movement=wanted.movement)
    totals = list(rows)
    closing = _sum_of((total.closing, total.denominator) for total in totals)
    opening = _sum_of((total.opening, total.denominator) for total in totals)
    return RevenueSum(
        accounts=sum(total.accounts if wanted.movement else total.active_accounts for total in totals),
        change_minor=round_to_whole(closing - opening),
        closing_minor=round_to_whole(closing),
    )


def find_licence_month_for_operator(kind_id: UUID, month: date) -> LicenceMonth | None:
    """Return what was sold and used of a licence type at the end of a month."""
    return LicenceMonth.objects.filter(licence_type=kind_id, month=month).first()


def sum_renewals_for_operator(currency: str, first: date, last: date) -> RenewalSum:
    """Return what renews between two days, both included."""
    rows = RenewalTotal.objects.filter(currency=currency, on__range=(first, last))
    found = rows.aggregate(accounts=Sum("accounts"), amount=Sum("amount_minor"))
    return RenewalSum(found["accounts"] or 0, int(found["amount"] or 0))


def sum_endings_for_operator(currency: str, first: date, last: date) -> EndingSum:
    """Return which licences end between two days, both included."""
    rows = EndingTotal.objects.filter(currency=currency, on__range=(first, last))
    found = rows.aggregate(endings=Sum("endings"), all_sold=Sum("sold"), all_used=Sum("used"))
    return EndingSum(*(int(found[name] or 0) for name in ("endings", "all_sold", "all_used")))


def _sum_of(parts: Iterable[tuple[object, object]]) -> Fraction:
    return sum((Fraction(int(str(top)), int(str(bottom))) for top, bottom in parts), Fraction(0))
