"""Billing: target minus charged, for every period of an item."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from seatledger.engine.items import Item, Phase
from seatledger.engine.lines import Area, Line, charge_in_advance, charge_in_arrears
from seatledger.engine.rates import Rate
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch
from seatledger.engine.targets import Part, target_in_advance, target_in_arrears
from seatledger.engine.tariffs import Tariff

Target = tuple[Stretch, ...]


def bill_item(item: Item, *, on: date, charged: Sequence[Line], since: date = date.min) -> tuple[Line, ...]:
    """Return the lines that are due on `on`, given every line charged for the item so far, oldest first.

    Due are the prepaid periods that have begun and the parts in arrears that are over, each less what was
    charged for it; so a renewal, an addition, a reduction, a change of plan, an end and a correction of the
    past are all the same subtraction, and billing again on the same day returns nothing.
    `on` must not lie before a day on which the item was billed. A preview is the same call, made earlier.
    Periods that ended by `since` are settled: they are left alone, and their lines may be left out.
    """
    before: dict[tuple[Rate, Scale], list[Line]] = {}
    for line in charged:
        if line.scale.period.ends_on > since:
            before.setdefault((line.rate, line.scale), []).append(line)
    due = find_targets(item, on=on, since=since)
    for key, lines in before.items():
        due.setdefault(key, ((), isinstance(lines[0].shape, Area)))
    found: list[Line] = []
    for key, (target, in_arrears) in due.items():
        charge = charge_in_arrears if in_arrears else charge_in_advance
        found += charge(item.key, *key, target=target, charged=before.get(key, ()) if before else ())
    if len(found) > 1:
        found.sort(key=_place)
    return tuple(found)


def _place(line: Line) -> tuple[date, bool]:
    """Return what lines are sorted by: periods in order, and in each of them credits first."""
    return line.scale.period.starts_on, not line.is_credit


def find_targets(
    item: Item, *, on: date, since: date = date.min
) -> dict[tuple[Rate, Scale], tuple[Target, bool]]:
    """Return what each period that is due on `on` ought to be charged for, by rate, and whether it is in arrears.

    Periods that ended by `since` are left out.
    """
    due: dict[tuple[Rate, Scale], tuple[Target, bool]] = {}
    for phase in item.phases:
        tariff = phase.tariff
        in_arrears = tariff.charge_model.in_arrears
        for scale, part in _due_parts(phase, on, since):
            target = _target_of(item, tariff, scale, part, on)
            rates = _by_rate(phase, scale, target) if tariff.discounts else {tariff.full_rate: target}
            for rate, levels in rates.items():
                found = levels, in_arrears
                known = due.setdefault((rate, scale), found)
                if known is not found:
                    # A plan left and taken up again within one period has two parts of it.
                    due[rate, scale] = (*known[0], *levels), in_arrears
    return due


def _target_of(item: Item, tariff: Tariff, scale: Scale, part: Part, on: date) -> Target:
    """Return what a period ought to be charged for by `on`."""
    if tariff.charge_model.in_arrears:
        return target_in_arrears(item.seats, scale, part, tariff.policy, tariff.counting)
    true_up = (tariff.true_up, on) if tariff.true_up else None
    return target_in_advance(item.seats, scale, part, tariff.policy, true_up)


# Remembered, because many accounts have items whose periods are due together.
@lru_cache(maxsize=4096)
def _due_parts(phase: Phase, on: date, since: date) -> tuple[tuple[Scale, Part], ...]:
    """Return the periods that are due by `on` and not settled by `since`, each with the part the phase has of it."""
    due = [period for period in phase.periods(through=on, since=since) if phase.is_due(period, on)]
    scales = [phase.scale_of(period) for period in due]
    return tuple([(scale, part) for scale in scales if (part := phase.part_of(scale))])


def _by_rate(phase: Phase, scale: Scale, target: Target) -> dict[Rate, Target]:
    """Return the target at each rate in force within the period: discounts come and go on days."""
    period = scale.period
    changes = {
        day for discount in phase.tariff.discounts for day in (discount.starts_on, discount.ends_on) if day
    }
    days = sorted({period.starts_on, period.ends_on} | {day for day in changes if period.contains(day)})
    found: dict[Rate, Target] = {}
    for starts_on, ends_on in pairwise(days):
        rate = phase.tariff.rate_on(starts_on)
        bounds = scale.position_of_day(starts_on), scale.position_of_day(ends_on)
        found[rate] = (*found.get(rate, ()), *_clip(target, *bounds))
    return {rate: levels for rate, levels in found.items() if levels}


def _clip(target: Target, start: int, end: int) -> Target:
    clipped = (Stretch(max(part.start, start), min(part.end, end), part.level) for part in target)
    return tuple(part for part in clipped if part.start < part.end)
