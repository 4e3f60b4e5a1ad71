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
from seatledger.engine.rating import first_due
from seatledger.engine.targets import Seats
from seatledger.engine.timeline import Step, StepFunction

_ONE_DAY = timedelta(days=1)


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
    round_of.bill_through(through)
    return Rated(tuple(round_of.due), round_of.billed_on, round_of.next_on)


def rate_next(facts: AccountFacts, *, after: date, tries: int = 36) -> Due | None:
    """Return what is due first after `after` if nothing more happens, or None when nothing will be.

    What is due up to `after` is taken for billed. `tries` is on how many days more something may turn out to be nothing.
    """
    round_of = _Round(facts)
    round_of.bill_through(after)
    billed = len(round_of.due)
    phases = [phase for item in facts.items for phase in item.phases]
    for _ in range(tries):
        following = first_due(phases, after=after)
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
        self.next_on: date | None = None
        self.billed_on = facts.billed_on
        self.settled_on = facts.settled_on
        self.items = [_Billed(item) for item in facts.items]

    def bill_through(self, through: date) -> None:
        """Bill each day on which something is due or was changed at once, and find the one that comes after `through`.

        The day of the newest billing is one of them only if something was changed at once: that may have been afterwards.
        """
        facts = self.facts
        heard = _days_heard(facts)
        if facts.reopened_on is not None:
            heard[through] = True
        day, due_on = facts.billed_on or min(heard, default=None), None
        while day is not None and day <= through:
            if (
                heard.get(day)
                or (day != facts.billed_on and due_on == day)
                or (day in heard and first_due(_phases_known_on(facts, day), after=day - _ONE_DAY) == day)
            ):
                self.bill(day)
            day, due_on = _next_day(facts, heard, after=day)
        if facts.billed_on and through < facts.billed_on:
            day, _ = _next_day(facts, heard, after=facts.billed_on)
        self.next_on = day

    def bill(self, day: date) -> None:
        """Add what is due on `day`, with what was known at its end."""
        known_before = start_of_day(day + _ONE_DAY, self.facts.zone)
        found = [(item, item.bill(day, known_before, self.settled_on)) for item in self.items]
        due = Due(day, tuple([charge for _, charges in found for charge in charges]))
        if due.charges and not due.total_minor:
            return
        # Nothing of the past is open now: whatever comes to be known later is dated later.
        self.billed_on = self.settled_on = day
        if due.charges:
            self.due.append(due)
            for item, charges in found:
                item.remember(charges)


class _Billed:
    """One item, with what was charged for it on the way."""

    def __init__(self, facts: ItemFacts) -> None:
        self.facts = facts
        self.key = str(facts.item_id)
        self.charged = list(facts.charged)
        self.revisions = dict(facts.revisions)

    def bill(self, day: date, known_before: datetime, settled_on: date) -> list[Charge]:
        """Return what is due on `day`, with what was known before an instant."""
        facts = self.facts
        known = _last_before(facts.known, known_before)
        if known is None:
            return []
        item = Item(self.key, _seats_before(facts.seats, known_before), known.phases)
        parts: Counter[date] = Counter()
        charges = []
        for line in bill_item(item, on=day, charged=self.charged, since=settled_on):
            starts_on = line.scale.period.starts_on
            revision, part = self.revisions.get(starts_on, 0), parts[starts_on]
            charges.append(Charge(facts.item_id, facts.pool_id, facts.licence_name, line, revision, part))
            parts[starts_on] += 1
        return charges

    def remember(self, charges: Iterable[Charge]) -> None:
        """Take for charged what `bill` returned."""
        for charge in charges:
            self.charged.append(charge.line)
            self.revisions[charge.line.scale.period.starts_on] = charge.revision + 1


def _next_day(facts: AccountFacts, heard: Iterable[date], *, after: date) -> tuple[date | None, date | None]:
    """Return the first day after `after` on which something is due or is heard, and the first on which it is due.

    Both as far as is known on `after`.
    """
    due_on = first_due(_phases_known_on(facts, after), after=after)
    days = [day for day in heard if day > after]
    return min([*days, due_on] if due_on else days, default=None), due_on


def _phases_known_on(facts: AccountFacts, day: date) -> Iterator[Phase]:
    """Yield what was agreed, as it was known at the end of `day`."""
    known_before = start_of_day(day + _ONE_DAY, facts.zone)
    for item in facts.items:
        known = _last_before(item.known, known_before)
        if known is not None:
            yield from known.phases


def _days_heard(facts: AccountFacts) -> dict[date, bool]:
    """Return the days, from the newest billing on, on which something came to be known that changes what is due, or when.

    The value says whether it is charged or credited on that day, without waiting.
    """
    begins_at = start_of_day(facts.billed_on, facts.zone) if facts.billed_on else None
    heard: dict[date, bool] = {}
    for item in facts.items:
        for known in item.known:
            if begins_at is None or known.since >= begins_at:
                day = day_of(known.since, facts.zone)
                heard[day] = heard.get(day, False) or known.at_once
        for step in item.seats.bought.steps:
            if begins_at is None or step.at >= begins_at:
                day = day_of(step.at, facts.zone)
                agreed = _last_before(item.known, start_of_day(day + _ONE_DAY, facts.zone))
                if agreed and agreed.phases and _is_charged_now(agreed.phases, step.at):
                    heard[day] = True
    return heard


def _is_charged_now(phases: Sequence[Phase], at: datetime) -> bool:
    begun = [phase.tariff for phase in phases if phase.starts_at <= at]
    tariff = begun[-1] if begun else phases[0].tariff
    return not tariff.charge_model.in_arrears and tariff.policy.increase_from is IncreaseFrom.NOW


def _last_before(known: tuple[Known, ...], instant: datetime) -> Known | None:
    # One alone, as nearly everywhere, needs no search.
    place = bisect_left(known, instant, key=_since_of) if len(known) > 1 else int(known[0].since < instant)
    return known[place - 1] if place else None


def _seats_before(seats: Seats, instant: datetime) -> Seats:
    """Return what was known of the seats before `instant`."""
    bought, held = _before(seats.bought, instant), _before(seats.held, instant)
    if bought is seats.bought and held is seats.held:
        return seats  # then nobody of those who held one changed either
    return Seats(bought, held, tuple(_before(holder, instant) for holder in seats.holders))


def _before(function: StepFunction, instant: datetime) -> StepFunction:
    steps = function.steps
    if not steps or steps[-1].at < instant:
        return function
    return StepFunction(function.opening, steps[: bisect_left(steps, instant, key=_instant_of)])


def _instant_of(step: Step) -> datetime:
    return step.at


def _since_of(known: Known) -> datetime:
    return known.since
