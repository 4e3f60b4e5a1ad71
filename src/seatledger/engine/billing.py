"""Billing: target minus charged, for every period of an item."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from seatledger.engine.items import Item, Phase
from seatledger.engine.lines import Area, Line, charge_in_advance, charge_in_arrears
from seatledger.engine.rates import Rate
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch
from seatledger.engine.targets import Part, Seats, target_in_advance, target_in_arrears
from seatledger.engine.tariffs import Tariff

Target = tuple[Stretch, ...]
# Steps of a period, each from one position to another.
Clips = tuple[tuple[int, int], ...]


class Piece(NamedTuple):
    """What one tariff has of a period. Of its target the steps within `clips` count: all of them, if that is None."""

    tariff: Tariff
    part: Part
    clips: Clips | None


class DuePeriod(NamedTuple):
    """A period that is due at a rate, with the tariffs that charge it: a plan left and taken up again is two pieces."""

    rate: Rate
    scale: Scale
    in_arrears: bool
    on: date
    pieces: tuple[Piece, ...]

    def target(self, seats: Seats) -> Target:
        """Return what the period ought to be charged for at its rate, the rest of it at others."""
        if len(self.pieces) == 1:
            return self._target_of(self.pieces[0], seats)
        return tuple([stretch for piece in self.pieces for stretch in self._target_of(piece, seats)])

    def _target_of(self, piece: Piece, seats: Seats) -> Target:
        tariff, part, clips = piece
        if self.in_arrears:
            target = target_in_arrears(seats, self.scale, part, tariff.policy, tariff.counting)
        else:
            true_up = (tariff.true_up, self.on) if tariff.true_up else None
            target = target_in_advance(seats, self.scale, part, tariff.policy, true_up)
        return target if clips is None else _clip(target, clips)


def bill_item(item: Item, *, on: date, charged: Sequence[Line], since: date = date.min) -> tuple[Line, ...]:
    """Return the lines that are due on `on`, given every line charged for the item so far, oldest first.

    Due are the prepaid periods that have begun and the parts in arrears that are over, each less what was
    charged for it; so a renewal, an addition, a reduction, a change of plan, an end and a correction of the
    past are all the same subtraction, and billing again on the same day returns nothing.
    `on` must not lie before a day on which the item was billed. A preview is the same call, made earlier.
    Periods that ended by `since` are settled: they are left alone, and their lines may be left out.
    """
    open_lines = [line for line in charged if line.scale.period.ends_on > since]
    return bill_periods(
        item.key, item.seats, periods_due(item.phases, on=on, since=since), charged=open_lines
    )


def bill_periods(
    key: str, seats: Seats, due: Iterable[DuePeriod], *, charged: Sequence[Line]
) -> tuple[Line, ...]:
    """Return the lines of an item for the periods that are due, each less what was charged for it.

    This is `bill_item` for many items at once: those with the same tariffs have the same periods due, which are found
    once. `charged` is without lines of settled periods.
    """
    before: dict[tuple[Rate, Scale], list[Line]] = {}
    for line in charged:
        before.setdefault((line.rate, line.scale), []).append(line)
    found: list[Line] = []
    for period in due:
        target = period.target(seats)
        if not target:
            continue
        rate, scale, in_arrears, _, _ = period
        charge = charge_in_arrears if in_arrears else charge_in_advance
        own = before.pop((rate, scale), ()) if before else ()
        found += charge(key, rate, scale, target=target, charged=own)
    for (rate, scale), own in before.items():
        # What is no longer due at all is taken back.
        charge = charge_in_arrears if isinstance(own[0].shape, Area) else charge_in_advance
        found += charge(key, rate, scale, target=(), charged=own)
    if len(found) > 1:
        found.sort(key=_place)
    return tuple(found)


def find_target(item: Item, rate: Rate, scale: Scale, *, on: date) -> Target:
    """Return what a period ought to be charged for at a rate by `on`; nothing, if it is not due at it."""
    for period in periods_due(item.phases, on=on, since=scale.period.starts_on):
        if (period.rate, period.scale) == (rate, scale):
            return period.target(item.seats)
    return ()


def _place(line: Line) -> tuple[date, bool]:
    """Return what lines are sorted by: periods in order, and in each of them credits first."""
    return line.scale.period.starts_on, not line.is_credit


def periods_due(phases: Iterable[Phase], *, on: date, since: date = date.min) -> tuple[DuePeriod, ...]:
    """Return the periods that are due on `on`, by rate, in the order of the phases.

    Periods that ended by `since` are left out.
    """
    due: dict[tuple[Rate, Scale], DuePeriod] = {}
    for phase in phases:
        in_arrears = phase.tariff.charge_model.in_arrears
        for scale, part in _due_parts(phase, on, since):
            for rate, clips in _rates_of(phase.tariff, scale):
                earlier = due.get((rate, scale))
                pieces = (*(earlier.pieces if earlier else ()), Piece(phase.tariff, part, clips))
                due[rate, scale] = DuePeriod(rate, scale, in_arrears, on, pieces)
    return tuple(due.values())


# Remembered, because many accounts have items whose periods are due together.
@lru_cache(maxsize=4096)
def _due_parts(phase: Phase, on: date, since: date) -> tuple[tuple[Scale, Part], ...]:
    """Return the periods that are due by `on` and not settled by `since`, each with the part the phase has of it."""
    due = [period for period in phase.periods(through=on, since=since) if phase.is_due(period, on)]
    scales = [phase.scale_of(period) for period in due]
    return tuple([(scale, part) for scale in scales if (part := phase.part_of(scale))])


def _rates_of(tariff: Tariff, scale: Scale) -> Iterable[tuple[Rate, Clips | None]]:
    """Return the rates in force within a period, each with its steps: discounts come and go on days."""
    if not tariff.discounts:
        return [(tariff.full_rate, None)]
    period = scale.period
    changes = {day for discount in tariff.discounts for day in (discount.starts_on, discount.ends_on) if day}
    days = sorted({period.starts_on, period.ends_on} | {day for day in changes if period.contains(day)})
    found: dict[Rate, Clips] = {}
    for starts_on, ends_on in pairwise(days):
        rate = tariff.rate_on(starts_on)
        bounds = scale.position_of_day(starts_on), scale.position_of_day(ends_on)
        found[rate] = (*found.get(rate, ()), bounds)
    return found.items()


def _clip(target: Target, clips: Clips) -> Target:
    clipped = [
        Stretch(max(stretch.start, start), min(stretch.end, end), stretch.level)
        for start, end in clips
        for stretch in target
    ]
    return tuple([stretch for stretch in clipped if stretch.start < stretch.end])
