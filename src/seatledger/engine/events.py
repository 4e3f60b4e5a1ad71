"""Events: what happens to an item, and when it became known."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of, require_instant
from seatledger.engine.plans import Plan
from seatledger.engine.targets import Seats
from seatledger.engine.timeline import StepFunction


class Count(StrEnum):
    """Which number of seats changes."""

    BOUGHT = "bought"
    HELD = "held"


class When(StrEnum):
    """When a change of plan or an end takes effect."""

    AT_ONCE = "at_once"
    AT_PERIOD_END = "at_period_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """Something that happened to `item` at `at`; it became known at `recorded_at`, or else at once.

    Raises ValueError when it was known before it happened.
    """

    item: str
    at: datetime
    recorded_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.recorded_at is not None and require_instant(self.recorded_at) < require_instant(self.at):
            raise ValueError("An event is recorded when it happens, or later.")

    @property
    def known_at(self) -> datetime:
        return self.recorded_at or self.at

    def known_on(self, zone: ZoneInfo) -> date:
        """Return the day of `zone` from which the event is known."""
        return day_of(self.known_at, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsSet(_Event):
    """From `at` on the number is `number`, whatever it was."""

    count: Count
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsChanged(_Event):
    """At `at` the number rises by `delta` (falls, if negative); `holder` says whose seat it is, if known."""

    count: Count
    delta: int
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(_Event):
    """The item goes over to `plan`; the periods keep their anchor or start anew with the change."""

    plan: Plan
    when: When = When.AT_ONCE
    keep_anchor: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(_Event):
    """The item ends."""

    when: When = When.AT_PERIOD_END


Event = SeatsSet | SeatsChanged | PlanChanged | Cancelled


def seats_of(events: Iterable[Event]) -> Seats:
    """Return the seats over time that `events` of one item make; their order does not matter.

    Raises ValueError when a number is both set and changed, or set twice, at one instant, and when fewer
    than no seats remain.
    """
    known = list(events)
    bought = _number_over_time(event for event in known if _counts(event, Count.BOUGHT))
    held = _number_over_time(event for event in known if _counts(event, Count.HELD))
    by_holder: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for event in known:
        if isinstance(event, SeatsChanged) and event.holder is not None:
            by_holder[event.holder].append((event.at, event.delta))
    return Seats(bought, held, tuple(StepFunction.from_changes(changes) for changes in by_holder.values()))


def _counts(event: Event, count: Count) -> bool:
    return isinstance(event, SeatsSet | SeatsChanged) and event.count is count


def _number_over_time(events: Iterable[Event]) -> StepFunction:
    by_instant: defaultdict[datetime, list[Event]] = defaultdict(list)
    for event in events:
        by_instant[require_instant(event.at)].append(event)
    number = 0
    changes = []
    for at in sorted(by_instant):
        after = _number_after(number, by_instant[at])
        if after < 0:
            raise ValueError(f"At {at.isoformat()} fewer than no seats of {by_instant[at][0].item} remain.")
        changes.append((at, after - number))
        number = after
    return StepFunction.from_changes(changes)


def _number_after(number: int, events: list[Event]) -> int:
    """Return the number after all events of one instant, in whatever order they are."""
    numbers = {event.number for event in events if isinstance(event, SeatsSet)}
    deltas = [event.delta for event in events if isinstance(event, SeatsChanged)]
    if not numbers:
        return number + sum(deltas)
    if deltas or len(numbers) > 1:
        at, item = events[0].at.isoformat(), events[0].item
        raise ValueError(f"At {at} the seats of {item} are set to one number and changed to another.")
    return numbers.pop()
