"""Why does my invoice differ from the metrics? A pool's picture of a period, and its lines told change by change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.queries import (
    list_billed_lines,
    list_billed_periods,
    list_billed_pool_ids,
    reconcile_lines,
)
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import Step, list_pools, list_steps, name_pools, today_of
from seatledger.domain.people.permissions import Permission
from seatledger.engine.periods import Period
from seatledger.engine.words import days_in_words
from seatledger.faces.portal.access import PortalRequest, private
from seatledger.faces.portal.difference_lines import tell_lines
from seatledger.faces.portal.invoice_lines import period_key
from seatledger.faces.portal.pool_chart import Days, chart_of_steps, fills_of, midnight
from seatledger.shared.errors import NotFound

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Choice:
    """A pool or a period to choose."""

    key: str
    label: str


@dataclass(frozen=True)
class Figure:
    """The two numbers of the pool at one instant, and the way to the ledger entries that made them."""

    held: int
    bought: int | None
    url: str


@private(Permission.BILLING_VIEW)
@require_GET
def show_difference(request: PortalRequest) -> HttpResponse:
    """Show a billed pool's picture of a period, and each line of its invoices told from the start to the end."""
    account, now = request.account, timezone.now()
    billed_ids = list_billed_pool_ids(account)
    pools = [pool for pool in list_pools(account) if pool.pk in billed_ids]
    names = name_pools(account, pools)
    pool = _chosen_pool(pools, request.GET.get("pool", ""))
    periods = list_billed_periods(account, pool) if pool else []
    period = _chosen_period(periods, request.GET.get("period", ""))
    context: dict[str, object] = {
        "place_zone": account.time_zone,
        "pools": [Choice(str(each.pk), names[each.pk]) for each in pools],
        "pool": pool,
        "name": names[pool.pk] if pool else "",
        "periods": [Choice(period_key(each), _days_of(each)) for each in periods],
        "period": period,
        "pool_key": str(pool.pk) if pool else "",
        "period_key": period_key(period) if period else "",
        "may_see_licences": Permission.LICENCES_VIEW in request.permissions,
    }
    if pool and period:
        context |= _told(account, pool, period, now)
    return render(request, "portal/difference.html", context)


def _told(account: Account, pool: Pool, period: Period, now: datetime) -> dict[str, object]:
    billed = [
        line
        for line in list_billed_lines(account, pool, start=period.starts_on, end=period.ends_on)
        if line.charge.scale.period == period
    ]
    today = today_of(account, now)
    known_until = min(period.ends_on, today + _ONE_DAY)
    steps = list_steps(
        account,
        pool,
        start=midnight(account, period.starts_on),
        end=midnight(account, max(known_until, period.starts_on + _ONE_DAY)),
    )
    return {
        "days": _days_of(period),
        "is_over": period.ends_on <= today,
        "chart": chart_of_steps(
            pool,
            steps,
            days=Days(period.starts_on, period.ends_on, known_until),
            fills=fills_of(billed),
        ),
        "began": _figure(pool, _first_step(pool, steps), last=period.starts_on),
        "ended": _figure(pool, steps[-1], last=known_until - _ONE_DAY),
        "since_url": _history_url(pool, first=period.ends_on),
        "lines": tell_lines(account, pool, billed, reconcile_lines(account, pool, billed)),
        "net_minor": sum(line.charge.amount_minor for line in billed),
        "currency": billed[0].document.currency if billed else account.currency,
    }


def _chosen_pool(pools: list[Pool], asked: str) -> Pool | None:
    """Return the pool asked for, or the first. Raises NotFound for one that is not billed, as for none."""
    if not asked:
        return pools[0] if pools else None
    found = next((pool for pool in pools if str(pool.pk) == asked), None)
    if found is None:
        raise NotFound("licences that are billed")
    return found


def _chosen_period(periods: list[Period], asked: str) -> Period | None:
    """Return the period asked for, or the newest. Raises NotFound when there is none such."""
    if not asked:
        return periods[0] if periods else None
    found = next((period for period in periods if period_key(period) == asked), None)
    if found is None:
        raise NotFound("period that was billed")
    return found


def _days_of(period: Period) -> str:
    return days_in_words(period.starts_on, period.last_day)


def _first_step(pool: Pool, steps: list[Step]) -> Step:
    """Return what the period began with; where it began with the pool itself, that is what the pool began with."""
    return next((step for step in steps if step.at >= pool.opened_at), steps[0])


def _figure(pool: Pool, step: Step, *, last: date) -> Figure:
    bought = step.bought if pool.total_licences is not None else None
    return Figure(step.held, bought, _history_url(pool, last=last))


def _history_url(pool: Pool, **days: date) -> str:
    return f"{reverse('portal:history')}?{urlencode({'type': pool.pk, **days})}"
