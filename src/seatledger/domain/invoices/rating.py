"""Rating: what is known of an account in, what is due out. Pure: no database, no clock.

It is `engine.rating` for what is stored: instead of all events since the beginning it starts from the last billing and
the lines that were charged in periods that are not settled. Catching up goes from due day to due day, each with what
was known at the end of it, so it makes the same documents as billing on every day would have.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from seatledger.domain.invoices.drafts import Charge
from seatledger.domain.subscriptions.agreements import Known
from seatledger.engine.billing import bill_item
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Item, Phase
from seatledger.engine.lines import Line
from seatledger.engine.policies import IncreaseFrom
from seatledger.engine.rating import next_due
from seatledger.engine.targets import Seats
from seatledger.engine.timeline import Step, StepFunction

_ONE_DAY = timedelta(days=1)
# At its end all is known that is known now.
_DAY_OF_ALL_KNOWLEDGE = date(9999, 12, 29)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item: what was agreed, its seats since the start of what is not settled, and what was charged of that.

    `revisions` says how often a period was billed before, by its first day.
    """

    item_id: UUID
    pool_id: UUID
    licence_name: str
    known: tuple[Known, ...]
    seats: Seats
    charged: tuple[Line, ...] = ()
    revisions: Mapping[date, int] = field(default_factory=dict)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """What is agreed, as it is known now."""
        return self.known[-1].phases

    def with_bought(self, number: int, at: datetime) -> Self:
        """Return the facts as if `number` were bought from `at` on, whatever was known of later."""
        bought = self.seats.bought
        earlier = bought.steps[: bisect_left(bought.steps, at, key=_instant_of)]
        before = earlier[-1].value if earlier else bought.opening
        steps = (*earlier, Step(at, number)) if number != before else earlier
        return replace(self, seats=self.seats._replace(bought=StepFunction(bought.opening, steps)))


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """All that is known of what an account is charged for.

    `billed_on` is the day of the newest billing, None before the first one. Periods that ended by it are settled, unless
    a document was declared void since: then those from `reopened_on` on are billed anew.
    """

    account_id: UUID
    currency: str
    zone: ZoneInfo
    items: tuple[ItemFacts, ...]
    billed_on: date | None = None
    reopened_on: date | None = None

    @property
    def settled_on(self) -> date:
        """The day by which every period that ended is settled."""
        return min(self.billed_on or date.min, self.reopened_on or date.max)

    def with_item(self, item: ItemFacts) -> Self:
        """Return the facts with this item in the place of the one with its id."""
        items = tuple(item if item.item_id == each.item_id else each for each in self.items)
        return replace(self, items=items)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due on one day, for all items together. `total_minor` is negative when it is a credit."""

    on: date
    charges: tuple[Charge, ...]

    @property
    def total_minor(self) -> int:
        return sum(charge.line.amount_minor for charge in self.charges)


@dataclass(frozen=True, slots=True)
class Rated:
    """What is due, day by day, oldest first; the day of the newest billing after it; the day of the next one."""

    due: tuple[Due, ...]
    billed_on: date | None
    next_on: date | None


def rate(facts: AccountFacts, *, through: date) -> Rated:
    """Return everything due up to and including `through`, each day with what was known at its end.

    What adds up to nothing on a day waits for the next one.
    """
    round_of = _Round(facts)
    for day in _days_to_bill(facts, through):
        round_of.bill(day)
    last = max(through, facts.billed_on or through)
    next_on = _next_day(facts, _days_changed_at_once(facts), after=last)
    return Rated(tuple(round_of.due), round_of.billed_on, next_on)


def rate_next(facts: AccountFacts, *, after: date, tries: int = 36) -> Due | None:
    """Return what is due first after `after` if nothing more happens, or None when nothing will be.

    What is due up to `after` is taken for billed. `tries` is on how many days more something may turn out to be nothing.
    """
    round_of = _Round(facts)
    for day in _days_to_bill(facts, after):
        round_of.bill(day)
    billed = len(round_of.due)
    for _ in range(tries):
        following = _next_due(facts, _DAY_OF_ALL_KNOWLEDGE, after=after)
        if following is None:
            return None
        round_of.bill(following)
        if len(round_of.due) > billed:
            return round_of.due[billed]
        after = following
    return None


class _Round:
    """Bills one day after the other, and remembers what was charged on the way."""

    def __init__(self, facts: AccountFacts) -> None:
        self.facts = facts
        self.due: list[Due] = []
        self.billed_on = facts.billed_on
        self.settled_on = facts.settled_on
        self.charged = {item.item_id: list(item.charged) for item in facts.items}
        self.revisions = {item.item_id: dict(item.revisions) for item in facts.items}

    def bill(self, day: date) -> None:
        """Add what is due on `day`, with what was known at its end."""
        charges = [
            charge
            for known, item in _known_on(self.facts, day)
            for charge in self._charges(
                known,
                bill_item(item, on=day, charged=self.charged[known.item_id], since=self.settled_on),
            )
        ]
        due = Due(day, tuple(charges))
        if charges and not due.total_minor:
            return
        # Nothing of the past is open now: whatever comes to be known later is dated later.
        self.billed_on = self.settled_on = day
        if charges:
            self._remember(due)

    def _charges(self, item: ItemFacts, lines: Iterable[Line]) -> Iterator[Charge]:
        parts: Counter[date] = Counter()
        revisions = self.revisions[item.item_id]
        for line in lines:
            starts_on = line.scale.period.starts_on
            yield Charge(
                item.item_id,
                item.pool_id,
                item.licence_name,
                line,
                revisions.get(starts_on, 0),
                parts[starts_on],
            )
            parts[starts_on] += 1

    def _remember(self, due: Due) -> None:
        self.due.append(due)
        for charge in due.charges:
            self.charged[charge.item_id].append(charge.line)
            self.revisions[charge.item_id][charge.line.scale.period.starts_on] = charge.revision + 1


def _days_to_bill(facts: AccountFacts, through: date) -> Iterator[date]:
    """Yield the days, in order, on which something is due or was changed at once.

    The day of the newest billing is one of them only if something was changed at once: that may have been afterwards.
    """
    at_once = set(_days_changed_at_once(facts))
    if facts.reopened_on is not None:
        at_once.add(through)
    day = facts.billed_on or min(_days_heard(facts), default=None)
    while day is not None and day <= through:
        if day in at_once or (day != facts.billed_on and _next_due(facts, day, after=day - _ONE_DAY) == day):
            yield day
        day = _next_day(facts, at_once, after=day)


def _next_day(facts: AccountFacts, at_once: Iterable[date], *, after: date) -> date | None:
    """Return the first day after `after` on which something is due or is heard, as far as is known on `after`."""
    heard = (day for days in (at_once, _days_heard(facts)) for day in days if day > after)
    return min(filter(None, [*heard, _next_due(facts, after, after=after)]), default=None)


def _next_due(facts: AccountFacts, known_on: date, *, after: date) -> date | None:
    return next_due((item for _, item in _known_on(facts, known_on)), after=after)


def _days_heard(facts: AccountFacts) -> Iterator[date]:
    """Yield the days on which something came to be agreed."""
    return (day_of(known.since, facts.zone) for item in facts.items for known in item.known)


def _days_changed_at_once(facts: AccountFacts) -> Iterator[date]:
    """Yield the days on which something was changed that is charged or credited without waiting."""
    for item in facts.items:
        yield from (day_of(known.since, facts.zone) for known in item.known if known.at_once)
        for step in item.seats.bought.steps:
            day = day_of(step.at, facts.zone)
            known = _last_before(item.known, start_of_day(day + _ONE_DAY, facts.zone))
            if known and known.phases and _is_charged_now(known.phases, step.at):
                yield day


def _is_charged_now(phases: Sequence[Phase], at: datetime) -> bool:
    begun = [phase.tariff for phase in phases if phase.starts_at <= at]
    tariff = begun[-1] if begun else phases[0].tariff
    return not tariff.charge_model.in_arrears and tariff.policy.increase_from is IncreaseFrom.NOW


def _known_on(facts: AccountFacts, day: date) -> Iterator[tuple[ItemFacts, Item]]:
    """Yield each item of which something was known at the end of `day`, with that."""
    return _as_of(facts, start_of_day(day + _ONE_DAY, facts.zone))


def _as_of(facts: AccountFacts, instant: datetime | None) -> Iterator[tuple[ItemFacts, Item]]:
    for item in facts.items:
        known = item.known[-1] if instant is None else _last_before(item.known, instant)
        if known is not None:
            yield item, Item(str(item.item_id), _seats_before(item.seats, instant), known.phases)


def _last_before(known: tuple[Known, ...], instant: datetime) -> Known | None:
    place = bisect_left(known, instant, key=_since_of)
    return known[place - 1] if place else None


def _seats_before(seats: Seats, instant: datetime | None) -> Seats:
    """Return what was known of the seats before `instant`."""
    if instant is None:
        return seats
    return Seats(
        _before(seats.bought, instant),
        _before(seats.held, instant),
        tuple(_before(holder, instant) for holder in seats.holders),
    )


def _before(function: StepFunction, instant: datetime) -> StepFunction:
    steps = function.steps
    if not steps or steps[-1].at < instant:
        return function
    return StepFunction(function.opening, steps[: bisect_left(steps, instant, key=_instant_of)])


def _instant_of(step: Step) -> datetime:
    return step.at


def _since_of(known: Known) -> datetime:
    return known.since
