"""A pool's two step functions as a chart: the last 90 days, or a month."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import list_steps, today_of
from seatledger.faces.ui import formats
from seatledger.faces.ui.charts import BOUGHT, HELD, Series, Step, StepChart

DAYS = 90
MOST_MONTHS = 120


@dataclass(frozen=True)
class Month:
    """A month to choose: `2026-03`, March 2026."""

    key: str
    label: str


def months_of(pool: Pool, *, today: date) -> list[Month]:
    """Return the months in which the pool existed, newest first."""
    opened = today_of(pool.account, pool.opened_at)
    first, last = opened.year * 12 + opened.month - 1, today.year * 12 + today.month - 1
    days = [date(month // 12, month % 12 + 1, 1) for month in range(last, first - 1, -1)]
    locale = formats.reader_locale()
    return [Month(f"{day:%Y-%m}", format_skeleton("yMMMM", day, locale=locale)) for day in days[:MOST_MONTHS]]


def chart_of(account: Account, pool: Pool, *, month: str, now: datetime) -> StepChart:
    """Return the chart of a month (`2026-03`), or of the last 90 days; a day shows what it ended with."""
    zone, today = ZoneInfo(account.time_zone), today_of(account, now)
    opened = today_of(account, pool.opened_at)
    start, end = _span(month, today)
    start, end = max(start, opened), min(end, today + timedelta(days=1))
    found = list_steps(account, pool, start=_midnight(start, zone), end=_midnight(end, zone))
    by_day = {max(step.at.astimezone(zone).date(), start): step for step in found}
    held = _series("In use", HELD, [(day, step.held) for day, step in by_day.items()])
    lines = [held]
    if pool.total_licences is not None:
        lines.insert(0, _series("Total", BOUGHT, [(day, step.bought) for day, step in by_day.items()]))
    locale = formats.reader_locale()
    span = f"{formats.day_text(start, locale=locale)} to {formats.day_text(end - timedelta(days=1), locale=locale)}"
    return StepChart(
        id="over-time",
        title=f"Licences in use, {span}",
        description=f"{held.steps[0].quantity} in use at the beginning, {held.steps[-1].quantity} at the end.",
        start=start,
        end=end,
        series=tuple(lines),
    )


def _series(name: str, kind: str, values: list[tuple[date, int]]) -> Series:
    steps = [Step(day, quantity) for day, quantity in values]
    changed = [
        step for place, step in enumerate(steps) if place == 0 or step.quantity != steps[place - 1].quantity
    ]
    return Series(name, kind, tuple(changed))


def _span(month: str, today: date) -> tuple[date, date]:
    if not month:
        return today - timedelta(days=DAYS - 1), today + timedelta(days=1)
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
