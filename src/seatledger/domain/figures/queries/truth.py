"""Whether the figures agree: each month of an account with what it is worked out from, the totals with their rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from seatledger.domain.accounts.models import Account
from seatledger.domain.figures.adding import sum_up
from seatledger.domain.figures.models import AccountMonth, Month, MonthTotal
from seatledger.domain.figures.reckoning import Revenue, revenue_of
from seatledger.domain.figures.runs import CHUNK
from seatledger.domain.licences.queries import Disagreement
from seatledger.domain.subscriptions.models import Subscription


def find_wrong_figures(account: Account | None, *, at: datetime) -> list[Disagreement]:
    """Work out every month that is over again, of one account or of all, and return what does not agree.

    An account that was erased cannot be worked out again: its months are taken for what they are.
    """
    months = list(Month.objects.filter(is_over=True).order_by("month").values_list("month", flat=True))
    found: list[Disagreement] = []
    for accounts in _chunks(account):
        found += _compare(accounts, months, at)
    return found


def find_wrong_totals() -> list[str]:
    """Return which totals are not the sum of the accounts' rows, in words."""
    months = list(Month.objects.values_list("month", flat=True))
    kept = {_key(total): _sums(total) for total in MonthTotal.objects.filter(month__in=months)}
    anew = {_key(total): _sums(total) for total in sum_up(months)}
    return [
        f"the figures of {month:%Y-%m}: {movement} in {currency} is not the sum of its accounts"
        for month, currency, movement in sorted(kept.keys() | anew.keys())
        if kept.get((month, currency, movement)) != anew.get((month, currency, movement))
    ]


def _chunks(account: Account | None) -> Iterator[list[Account]]:
    known = Account.objects.filter(pk__in=Subscription.objects.values("account")).order_by("pk")
    rows = known.filter(pk=account.pk) if account else known
    last = None
    while found := list((rows.filter(pk__gt=last) if last else rows)[:CHUNK]):
        yield found
        last = found[-1].pk


def _compare(accounts: Sequence[Account], months: Sequence[date], at: datetime) -> Iterator[Disagreement]:
    kept: defaultdict[object, dict[date, AccountMonth]] = defaultdict(dict)
    for each in AccountMonth.objects.filter(about__in=accounts, month__in=months):
        kept[each.about_id][each.month] = each
    for month, found in zip(months, revenue_of(accounts, months, at=at), strict=True):
        for account in accounts:
            own, row = found[account.pk], kept[account.pk].get(month)
            if what := _difference(own, row):
                yield Disagreement(account.pk, f"figures of {month:%Y-%m}", what)


def _difference(own: Revenue, row: AccountMonth | None) -> str:
    amount = Fraction(int(row.closing), int(row.denominator)) if row else Fraction(0)
    is_active = bool(row and row.is_active)
    if (own.amount, own.is_active) == (amount, is_active):
        return ""
    return f"{float(amount):.4f} and {'' if is_active else 'not '}active, worked out {float(own.amount):.4f} and {'' if own.is_active else 'not '}active"


def _key(total: MonthTotal) -> tuple[date, str, str]:
    return total.month, total.currency, total.movement


def _sums(total: MonthTotal) -> tuple[int, int, Fraction, Fraction]:
    whole = int(total.denominator)
    opening, closing = Fraction(int(total.opening), whole), Fraction(int(total.closing), whole)
    return total.accounts, total.active_accounts, opening, closing
