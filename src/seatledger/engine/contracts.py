"""Contracts: an account's items, and all that happens to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.events import Count, Event, SeatsChanged, SeatsSet, seats_of
from seatledger.engine.items import Item, Phase
from seatledger.engine.phases import phases_of
from seatledger.engine.plans import Plan
from seatledger.engine.policies import Decrease
from seatledger.engine.targets import Seats


@dataclass(frozen=True, slots=True)
class Agreement:
    """An item as it was agreed: its first plan, and the days that matter at its start.

    Without `starts_on` it begins with its first event. Days before `trial_until` are free. `maximum` is the
    most seats that may be held at once.
    """

    item: str
    plan: Plan
    starts_on: date | None = None
    trial_until: date | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """All that is known of an account's subscriptions: what was agreed, and what happened."""

    currency: str
    zone: ZoneInfo
    agreements: tuple[Agreement, ...]
    events: tuple[Event, ...]

    def known_on(self, day: date) -> tuple[Item, ...]:
        """Return the items as they were known at the end of `day`; those of which nothing is known are left out.

        Raises ValueError when events contradict each other or the tariff.
        """
        items = []
        day_ends_at = start_of_day(day + timedelta(days=1), self.zone)
        for agreement in self.agreements:
            events = [event for event in self.events_of(agreement.item) if event.known_at < day_ends_at]
            starts_at = self._starts_at(agreement, events)
            if starts_at is not None:
                items.append(self._build(agreement, events, starts_at))
        return tuple(items)

    def events_of(self, item: str) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.item == item)

    def days_of_interest(self) -> list[date]:
        """Return the days on which something becomes known that may change when an invoice is due, in order."""
        days: set[date] = set()
        for agreement in self.agreements:
            days |= {day for day in (agreement.starts_on, agreement.trial_until) if day}
            known = sorted(
                (event.known_on(self.zone), _waits(event)) for event in self.events_of(agreement.item)
            )
            # Seats held count when the period is over; the first of them may begin something, and one told
            # late may find that no period is to come.
            days |= {day for number, (day, waits) in enumerate(known) if number == 0 or not waits}
        return sorted(days)

    def _starts_at(self, agreement: Agreement, events: Sequence[Event]) -> datetime | None:
        if agreement.starts_on is not None:
            starts_at = start_of_day(agreement.starts_on, self.zone)
        elif events:
            starts_at = min(event.at for event in events)
        else:
            return None
        trial_until = agreement.trial_until
        return starts_at if trial_until is None else max(starts_at, start_of_day(trial_until, self.zone))

    def _build(self, agreement: Agreement, events: Sequence[Event], starts_at: datetime) -> Item:
        seats = seats_of(events)
        phases = phases_of(agreement.plan, self.zone, starts_at=starts_at, events=events)
        _require_maximum(agreement, seats)
        _require_no_refused_decrease(agreement, seats, phases)
        return Item(agreement.item, seats, phases)


def _waits(event: Event) -> bool:
    """Say whether an event is of seats held, and told as it happened: it counts when its period is over."""
    is_held = isinstance(event, SeatsSet | SeatsChanged) and event.count is Count.HELD
    return is_held and event.recorded_at is None


def _require_maximum(agreement: Agreement, seats: Seats) -> None:
    for step in seats.held.steps:
        if agreement.maximum is not None and step.value > agreement.maximum:
            raise ValueError(
                f"At {step.at.isoformat()} {step.value} seats of {agreement.item} are held; "
                f"the maximum is {agreement.maximum}."
            )


def _require_no_refused_decrease(agreement: Agreement, seats: Seats, phases: Sequence[Phase]) -> None:
    for change in seats.bought.changes:
        phase = next((phase for phase in reversed(phases) if phase.starts_at <= change.at), None)
        if change.delta > 0 or phase is None or phase.tariff.policy.decrease is not Decrease.REFUSED:
            continue
        period = phase.schedule.period_of(day_of(change.at, phase.zone))
        if change.at != period.instants(phase.zone)[0]:
            raise ValueError(
                f"At {change.at.isoformat()} the seats of {agreement.item} decrease, which is refused."
            )
