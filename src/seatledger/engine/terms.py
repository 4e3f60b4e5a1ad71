"""Terms: what was agreed for an item, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of
from seatledger.engine.periods import Interval, Period, Schedule
from seatledger.engine.policies import DEFAULT_POLICY, ChargeModel, CountingRule, DayCount, Policy
from seatledger.engine.prices import Price
from seatledger.engine.rates import Discount, Rate
from seatledger.engine.scales import Scale
from seatledger.engine.targets import Part, Seats, TrueUp


@dataclass(frozen=True, slots=True)
class Terms:
    """The price of an item and the rules by which it is charged.

    `key` names the price on lines. Raises ValueError for rules that contradict each other.
    """

    key: str
    currency: str
    price: Price
    interval: Interval
    charge_model: ChargeModel = ChargeModel.PREPAID
    counting: CountingRule = CountingRule.DAILY
    policy: Policy = DEFAULT_POLICY
    discounts: tuple[Discount, ...] = ()
    true_up: TrueUp | None = None

    def __post_init__(self) -> None:
        unmeasured = self.policy.measure.day_count is DayCount.NONE
        if self.charge_model.in_arrears and self.true_up:
            raise ValueError(
                "A true-up goes with prepaid: seats charged in arrears are never below their peak."
            )
        if unmeasured and self.true_up:
            raise ValueError("A true-up charges a part of a period: day_count none does not measure it.")
        if unmeasured and self.charge_model.in_arrears and self.counting is CountingRule.DAILY:
            raise ValueError(
                "Counting daily charges parts of a period: day_count none does not measure them."
            )

    def rate_on(self, day: date) -> Rate:
        """Return the price in force on `day`, with the discounts of that day."""
        reductions = tuple(discount.reduction for discount in self.discounts if discount.applies_on(day))
        return Rate(self.key, self.currency, self.price, self.policy.measure, reductions)


@dataclass(frozen=True, slots=True)
class Phase:
    """Terms in force from `starts_at` (in) to `ends_at` (out; None while no end is known).

    The schedule says which periods the phase is charged by. A phase that begins or ends within one of them
    is charged for its part, measured against the full one.
    """

    terms: Terms
    schedule: Schedule
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime | None = None

    def periods(self, *, through: date, since: date = date.min) -> Iterator[Period]:
        """Yield the full periods in which the phase has a part, from `since` to the one that contains `through`."""
        index = self.schedule.index_of(max(day_of(self.starts_at, self.zone), since))
        while (period := self.schedule.period(index)).starts_on <= through and not self._is_over_by(period):
            yield period
            index += 1

    def scale_of(self, period: Period) -> Scale:
        return Scale(period, self.zone, self.terms.policy.measure.day_count)

    def part_of(self, scale: Scale) -> Part | None:
        """Return the part of the scale's period in which the phase is in force, or None."""
        end = scale.size if self.ends_at is None else scale.position_of(self.ends_at)
        part = Part(scale.position_of(self.starts_at), end)
        return part if part.start < part.end else None

    def part_begins_on(self, period: Period) -> date:
        """Return the first day of the phase's part of `period`."""
        return max(period.starts_on, day_of(self.starts_at, self.zone))

    def part_ends_on(self, period: Period) -> date:
        """Return the day from which all of the phase's part of `period` lies in the past."""
        if self.ends_at is None or self.ends_at >= period.instants(self.zone)[1]:
            return period.ends_on
        return day_of(self.ends_at, self.zone)

    def ended(self, ends_at: datetime) -> Self:
        """Return the phase, over at `ends_at` at the latest."""
        return replace(self, ends_at=ends_at if self.ends_at is None else min(ends_at, self.ends_at))

    def _is_over_by(self, period: Period) -> bool:
        return self.ends_at is not None and self.ends_at <= period.instants(self.zone)[0]


@dataclass(frozen=True, slots=True)
class Item:
    """What an account subscribes to: the terms over time, and the seats over time."""

    key: str
    seats: Seats
    phases: tuple[Phase, ...] = ()
