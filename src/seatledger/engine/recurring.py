"""Recurring revenue: what an item that was agreed comes to a month at an instant, exactly. Shown, never billed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from seatledger.engine.billing import bill_item
from seatledger.engine.days import day_of
from seatledger.engine.equivalents import exact_a_month
from seatledger.engine.items import Item, Phase
from seatledger.engine.periods import Period
from seatledger.engine.prices import Exact
from seatledger.engine.targets import Seats

# Facts are kept to the microsecond, so this is the last instant before another one.
_ONE_TICK = timedelta(microseconds=1)


class Recurring(NamedTuple):
    """What an item comes to: the amount of a full period of its phase, and that said for a month, in minor units.

    `quantity` is the number bought that the amount is for; None for seats in arrears, of which `period` was charged.
    """

    phase: Phase
    amount: Exact
    quantity: int | None = None
    period: Period | None = None

    @property
    def a_month(self) -> Fraction:
        return exact_a_month(self.amount, self.phase.tariff.interval)


def find_recurring(phases: Sequence[Phase], seats: Seats, *, before: datetime) -> Recurring | None:
    """Return what an item comes to just before an instant, or None while nothing is charged for it.

    Seats bought ahead count at the price in force, with its discounts. Seats in arrears count as the last full period that
    was over by then was charged; until there is one, as the phase did that led into this one.
    """
    last = before - _ONE_TICK
    begun = [phase for phase in phases if phase.starts_at < before]
    if not begun or _is_over(begun[-1], before):
        return None
    for place in range(len(begun) - 1, -1, -1):
        phase = begun[place]
        if not phase.tariff.charge_model.in_arrears:
            return _in_advance(phase, seats, last)
        found = _in_arrears(phase, seats, last + _ONE_TICK)
        if found or not place or begun[place - 1].ends_at != phase.starts_at:
            return found
        last = phase.starts_at - _ONE_TICK
    return None


def _is_over(phase: Phase, before: datetime) -> bool:
    return phase.ends_at is not None and phase.ends_at < before


def _in_advance(phase: Phase, seats: Seats, last: datetime) -> Recurring:
    level = seats.bought.value_at(last)
    rate = phase.tariff.rate_on(day_of(last, phase.zone))
    return Recurring(phase, rate.amount(level), quantity=level)


def _in_arrears(phase: Phase, seats: Seats, before: datetime) -> Recurring | None:
    """Return what the last period that the phase has all of, and that was over by an instant, was charged."""
    period = last_full_period(phase, before)
    if period is None:
        return None
    item = Item("", seats, (phase,))
    lines = bill_item(item, on=period.ends_on, charged=(), since=period.starts_on)
    amount = sum(line.amount_minor for line in lines if line.scale.period == period)
    return Recurring(phase, amount, period=period)


def last_full_period(phase: Phase, before: datetime) -> Period | None:
    """Return the last period that was over by an instant and that the phase has all of, or None."""
    ends_at = before if phase.ends_at is None else min(before, phase.ends_at)
    index = phase.schedule.index_of(day_of(ends_at, phase.zone)) - 1
    period = phase.schedule.period(index)
    return period if period.instants(phase.zone)[0] >= phase.starts_at else None
