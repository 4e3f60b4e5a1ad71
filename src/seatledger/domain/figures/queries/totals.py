"""The sums of the business: a few rows a month, whatever the number of accounts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Sum

from seatledger.domain.catalogue.models import LicenceType
from seatledger.domain.figures.models import (
    EndingTotal,
    LicenceMonth,
    Month,
    MonthTotal,
    Movement,
    RenewalTotal,
)
from seatledger.domain.figures.to_come import AHEAD
from seatledger.domain.licences.queries import branded
from seatledger.engine.money import round_to_whole

MONTHS: Final = 13
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class RevenueMonth:
    """The recurring revenue of all accounts with one currency in a month, exactly, in minor units.

    `changes` is what each movement added or took away, `accounts` how many accounts moved so.
    """

    month: date
    opening: Fraction
    closing: Fraction
    changes: dict[Movement, Fraction]
    accounts: dict[Movement, int]

    @property
    def closing_minor(self) -> int:
        return round_to_whole(self.closing)

    @property
    def opening_minor(self) -> int:
        return round_to_whole(self.opening)

    def change_minor(self, movement: Movement) -> int:
        return round_to_whole(self.changes.get(movement, Fraction(0)))


@dataclass(frozen=True)
class ActiveMonth:
    """How many accounts were Active at the end of a month, by currency."""

    month: date
    accounts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.accounts.values())


@dataclass(frozen=True)
class LicenceFigures:
    """Licences of one type at the end of each month, oldest first; months without any are left out."""

    kind: LicenceType
    name: str
    months: tuple[LicenceMonth, ...]

    @property
    def latest(self) -> LicenceMonth:
        return self.months[-1]


@dataclass(frozen=True)
class Week:
    """Seven days to come, the last one included, and what renews in them."""

    first_day: date
    last_day: date
    accounts: int
    amount_minor: int


@dataclass(frozen=True)
class EndingWeek:
    """Seven days to come, the last one included, and the licences whose last day is among them.

    `endings` counts an account's licences of one type as one.
    """

    first_day: date
    last_day: date
    endings: int
    sold: int
    used: int


def get_months_for_operator() -> list[Month]:
    """Return the newest thirteen months that were reckoned, the oldest first."""
    return sorted(Month.objects.order_by("-month")[:MONTHS], key=lambda month: month.month)


def list_currencies_for_operator() -> list[str]:
    """Return the currencies in which there is revenue in these months, that of most Active accounts first."""
    rows = MonthTotal.objects.filter(month__in=_newest()).values("currency")
    found = rows.annotate(active=Sum("active_accounts")).order_by("-active", "currency")
    return [row["currency"] for row in found]


def list_revenue_months_for_operator(currency: str) -> list[RevenueMonth]:
    """Return the newest thirteen months of the accounts with one currency, the oldest first."""
    rows: defaultdict[date, list[MonthTotal]] = defaultdict(list)
    months = _newest()
    for total in MonthTotal.objects.filter(currency=currency, month__in=months):
        rows[total.month].append(total)
    return [_month_of(month, rows[month]) for month in months]


def count_active_for_operator() -> list[ActiveMonth]:
    """Return how many accounts were Active at the end of each of the newest thirteen months, the oldest first."""
    months = _newest()
    found: dict[date, dict[str, int]] = {month: {} for month in months}
    rows = MonthTotal.objects.filter(month__in=months).values_list("month", "currency")
    for month, currency, active in rows.annotate(active=Sum("active_accounts")).order_by("currency"):
        found[month][currency] = active
    return [ActiveMonth(month, accounts) for month, accounts in found.items()]


def list_licence_months_for_operator() -> list[LicenceFigures]:
    """Return what was sold and used of each licence type, that of which most is used first."""
    found: defaultdict[LicenceType, list[LicenceMonth]] = defaultdict(list)
    rows = LicenceMonth.objects.filter(month__in=_newest()).select_related("licence_type__product")
    for row in rows.order_by("month"):
        found[row.licence_type].append(row)
    figures = [
        LicenceFigures(kind, branded(kind.name, kind.product.brand_words, {}), tuple(months))
        for kind, months in found.items()
    ]
    return sorted(figures, key=lambda each: (-each.latest.used, each.name))


def list_weeks_for_operator(currency: str, *, at: datetime) -> list[Week]:
    """Return the weeks of the next 90 days and what renews in them, beginning tomorrow."""
    today = at.date()
    totals = list(RenewalTotal.objects.filter(currency=currency, on__gt=today, on__lte=today + AHEAD))
    weeks = []
    for first, last in _weeks(today + _DAY, today + AHEAD):
        within = [row for row in totals if first <= row.on <= last]
        accounts, amount = sum(row.accounts for row in within), sum(row.amount_minor for row in within)
        weeks.append(Week(first, last, accounts, amount))
    return weeks


def list_ending_weeks_for_operator(currency: str, *, at: datetime) -> list[EndingWeek]:
    """Return the weeks of the next 90 days and which licences simply end in them, beginning today."""
    today = at.date()
    totals = list(EndingTotal.objects.filter(currency=currency, on__range=(today, today + AHEAD)))
    weeks = []
    for first, last in _weeks(today, today + AHEAD):
        within = [row for row in totals if first <= row.on <= last]
        endings = sum(row.endings for row in within)
        sold, used = sum(row.sold for row in within), sum(row.used for row in within)
        weeks.append(EndingWeek(first, last, endings, sold, used))
    return weeks


def _weeks(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each week from `first` on; the last one may be cut short."""
    while first <= last:
        end = min(first + _WEEK - _DAY, last)
        yield first, end
        first = end + _DAY


def _newest() -> list[date]:
    return [month.month for month in get_months_for_operator()]


def _month_of(month: date, totals: Sequence[MonthTotal]) -> RevenueMonth:
    zero = Fraction(0)
    by_movement = {Movement(total.movement): total for total in totals}
    opening = {moved: _over(total.opening, total) for moved, total in by_movement.items()}
    closing = {moved: _over(total.closing, total) for moved, total in by_movement.items()}
    return RevenueMonth(
        month=month,
        opening=sum(opening.values(), zero),
        closing=sum(closing.values(), zero),
        changes={moved: closing[moved] - opening[moved] for moved in by_movement if moved != Movement.NONE},
        accounts={moved: total.accounts for moved, total in by_movement.items()},
    )


def _over(numerator: object, total: MonthTotal) -> Fraction:
    return Fraction(int(str(numerator)), int(total.denominator))
