"""Items: what an account subscribes to, at which tariff, and since when."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of
from seatledger.engine.periods import Period, Schedule
from seatledger.engine.scales import Scale, scale_of
from seatledger.engine.targets import Part, Seats
from seatledger.engine.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class Phase:
    """A tariff in force from `starts_at` (in) to `ends_at` (out; None while no end is known).

    The schedule says which periods the phase is charged by. A phase that begins or ends within one of them
    is charged for its part, measured against the full one.
    """

    tariff: Tariff
    schedule: Schedule
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime | None = None
    # Found once, because every period asks for it.
    first_day: date = field(init=False, compare=False, repr=False)
    hashed: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Find the day on which the phase begins, and the hash of when it is and of its rate."""
        object.__setattr__(self, "first_day", day_of(self.starts_at, self.zone))
        # The rate knows its hash; the rest of the tariff would take long, and tells few phases apart.
        values = (self.tariff.full_rate, self.schedule, self.starts_at, self.ends_at)
        object.__setattr__(self, "hashed", hash(values))

    def __hash__(self) -> int:
        return self.hashed

    def periods(self, *, through: date, since: date = date.min) -> Iterator[Period]:
        """Yield the full periods in which the phase has a part, from `since` to the one that contains `through`."""
        for period in self.schedule.between(max(self.first_day, since), through):
            if self._is_over_by(period):
                return
            yield period

    def scale_of(self, period: Period) -> Scale:
        return scale_of(period, self.zone, self.tariff.policy.measure.day_count)

    def part_of(self, scale: Scale) -> Part | None:
        """Return the part of the scale's period in which the phase is in force, or None."""
        end = scale.size if self.ends_at is None else scale.position_of(self.ends_at)
        part = Part(scale.position_of(self.starts_at), end)
        return part if part.start < part.end else None

    def has_part_of(self, period: Period) -> bool:
        """Say whether the phase is in force in a part of `period`, which is not over when the phase begins."""
        return self.ends_at is None or self.part_of(self.scale_of(period)) is not None

    def ends_in(self, period: Period) -> bool:
        """Say whether the phase is over within `period` or as it ends; it has a part of it."""
        return self.ends_at is not None and self.ends_at <= period.instants(self.zone)[1]

    def is_due(self, period: Period, on: date) -> bool:
        """Say whether the phase's part of `period` is charged by `on`: in advance when it begins, or when it is over."""
        if self.tariff.charge_model.in_arrears:
            return self.part_ends_on(period) <= on
        return self.part_begins_on(period) <= on

    def part_begins_on(self, period: Period) -> date:
        """Return the first day of the phase's part of `period`."""
        return max(period.starts_on, self.first_day)

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


class Item(NamedTuple):
    """What an account subscribes to: its tariffs over time, and its seats over time."""

    key: str
    seats: Seats
    phases: tuple[Phase, ...] = ()
