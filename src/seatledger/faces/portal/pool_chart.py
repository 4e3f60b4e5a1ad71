"""A pool's two step functions as a chart: the last 90 days, or a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.queries import BilledLine
from seatledger.domain.licences.models import Pool
from seatledger.domain.licences.queries import Step as PoolStep
from seatledger.domain.licences.queries import list_steps, today_of
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.pictures import Tile as Billed
from seatledger.engine.pictures import tiles_of
from seatledger.faces.ui import formats
from seatledger.faces.ui.charts import BOUGHT, HELD, Fill, Series, Step, StepChart, Tile

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


def chart_of(
    account: Account, pool: Pool, *, month: str, now: datetime, fills: Sequence[Fill] = ()
) -> StepChart:
    """Return the chart of a month (`2026-03`), or of the last 90 days; a day shows what it ended with."""
    start, end = span_of(account, pool, month=month, now=now)
    steps = list_steps(account, pool, start=midnight(account, start), end=midnight(account, end))
    return chart_of_steps(pool, steps, days=Days(start, end, end), fills=fills)


def span_of(account: Account, pool: Pool, *, month: str, now: datetime) -> tuple[date, date]:
    """Return the first day of the chart and the one after its last: while the pool existed, and not in the future."""
    today = today_of(account, now)
    start, end = _span(month, today)
    return max(start, today_of(account, pool.opened_at)), min(end, today + timedelta(days=1))


@dataclass(frozen=True)
class Days:
    """What a chart shows, from `start` to `end` (out); the future begins with `known_until`."""

    start: date
    end: date
    known_until: date


def chart_of_steps(
    pool: Pool, steps: Sequence[PoolStep], *, days: Days, fills: Sequence[Fill] = ()
) -> StepChart:
    """Return the chart of a pool's step functions, with what was billed of it under them."""
    zone = ZoneInfo(pool.account.time_zone)
    by_day = {max(step.at.astimezone(zone).date(), days.start): step for step in steps}
    held = _series("In use", HELD, [(day, step.held) for day, step in by_day.items()], days.known_until)
    lines = [held]
    if pool.total_licences is not None:
        bought = [(day, step.bought) for day, step in by_day.items()]
        lines.insert(0, _series("Total", BOUGHT, bought, days.known_until))
    locale = formats.reader_locale()
    last = days.end - timedelta(days=1)
    span = f"{formats.day_text(days.start, locale=locale)} to {formats.day_text(last, locale=locale)}"
    billed = f" Billed by {', '.join(fill.name for fill in fills)}." if fills else ""
    return StepChart(
        id="over-time",
        title=f"Licences in use{' and billed' if fills else ''}, {span}",
        description=f"{held.steps[0].quantity} in use at the beginning, {held.steps[-1].quantity} at the end.{billed}",
        start=days.start,
        end=days.end,
        series=tuple(lines),
        fills=tuple(fills),
    )


def fills_of(billed: Sequence[BilledLine]) -> tuple[Fill, ...]:
    """Return what each document charged or took back, in their order."""
    by_document = [(key, list(lines)) for key, lines in groupby(billed, key=lambda line: line.document.pk)]
    return tuple(
        Fill(
            name=lines[0].document.issue.reference,
            tiles=tuple(
                _tile(tile, line.charge.scale.zone) for line in lines for tile in tiles_of(line.charge)
            ),
            url=reverse("portal:invoice", args=[document_id]),
        )
        for document_id, lines in by_document
    )


def midnight(account: Account, day: date) -> datetime:
    """Return the instant at which a day begins for the account."""
    return start_of_day(day, ZoneInfo(account.time_zone))


def _tile(tile: Billed, zone: ZoneInfo) -> Tile:
    starts, ends = tile.starts, tile.ends
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        starts, ends = day_of(starts, zone), day_of(ends - timedelta(seconds=1), zone) + timedelta(days=1)
    return Tile(starts, ends, tile.low, tile.high, tile.is_credit)


def _series(name: str, kind: str, values: list[tuple[date, int]], known_until: date) -> Series:
    steps = [Step(day, quantity) for day, quantity in values]
    changed = [
        step for place, step in enumerate(steps) if place == 0 or step.quantity != steps[place - 1].quantity
    ]
    return Series(name, kind, tuple(changed), known_until)


def _span(month: str, today: date) -> tuple[date, date]:
    if not month:
        return today - timedelta(days=DAYS - 1), today + timedelta(days=1)
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1)
