"""Plans: tariffs as they are offered, before it is known when they begin."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of
from seatledger.engine.items import Phase
from seatledger.engine.periods import Schedule
from seatledger.engine.rates import Discount, Reduction
from seatledger.engine.tariffs import Tariff


class Anchoring(StrEnum):
    """What periods are counted from."""

    ANNIVERSARY = "anniversary"  # the first day that is charged
    CALENDAR = "calendar"  # calendar weeks, months, quarters, years; the first period may be short


@dataclass(frozen=True, slots=True)
class Grant:
    """A discount and how long it lasts: for a number of periods (a short one counts), until a day, or for ever.

    It begins with the plan, or on `starts_on`. Raises ValueError when it has two ends.
    """

    reduction: Reduction
    periods: int | None = None
    until: date | None = None
    starts_on: date | None = None

    def __post_init__(self) -> None:
        if self.periods is not None and self.until is not None:
            raise ValueError("A discount lasts for a number of periods or until a day, not both.")
        if self.periods is not None and self.periods < 1:
            raise ValueError("A discount lasts for at least one period.")

    def begin(self, schedule: Schedule, first_day: date) -> Discount:
        """Return the discount for a plan whose first day is `first_day`."""
        starts_on = self.starts_on or first_day
        ends_on = self.until
        if self.periods is not None:
            ends_on = schedule.period(schedule.index_of(starts_on) + self.periods - 1).ends_on
        return Discount(self.reduction, starts_on, ends_on)


@dataclass(frozen=True, slots=True)
class Plan:
    """A tariff on offer, with its discounts and what its periods are counted from."""

    tariff: Tariff
    grants: tuple[Grant, ...] = ()
    anchor: Anchoring | date = Anchoring.ANNIVERSARY

    def begin(self, starts_at: datetime, zone: ZoneInfo, *, anchor: date | None = None) -> Phase:
        """Return the phase that begins at `starts_at`; `anchor` overrides what the plan says."""
        first_day = day_of(starts_at, zone)
        schedule = self._schedule(first_day) if anchor is None else Schedule(anchor, self.tariff.interval)
        discounts = tuple(grant.begin(schedule, first_day) for grant in self.grants)
        # Phases of one plan share its tariff where nothing sets them apart.
        same = discounts == self.tariff.discounts
        tariff = self.tariff if same else replace(self.tariff, discounts=discounts)
        return Phase(tariff, schedule, zone, starts_at)

    def _schedule(self, first_day: date) -> Schedule:
        if self.anchor is Anchoring.CALENDAR:
            return Schedule.by_calendar(self.tariff.interval)
        if self.anchor is Anchoring.ANNIVERSARY:
            return Schedule(first_day, self.tariff.interval)
        return Schedule(self.anchor, self.tariff.interval)
