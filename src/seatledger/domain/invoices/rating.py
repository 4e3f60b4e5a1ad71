"""Rating: what is known of an account in, what is due out. Pure: no database, no clock.

It is `engine.rating` for what is stored: instead of all events since the beginning it starts from the last billing and
the lines that were charged in periods that are not settled. Catching up goes from due day to due day, each with what
was known at the end of it, so it makes the same documents as billing on every day would have.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from seatledger.domain.invoices.drafts import Charge
from seatledger.domain.subscriptions.agreements import Known
from seatledger.engine.billing import DuePeriod, bill_periods, periods_due
from seatledger.engine.days import day_of, start_of_day
from seatledger.engine.items import Phase
from seatledger.engine.lines import Line
from seatledger.engine.policies import IncreaseFrom
from seatledger.engine.rating import first_due
from seatledger.engine.targets import Seats
from seatledger.engine.timeline import Step, StepFunction

_ONE_DAY = timedelta(days=1)


class ItemFacts(NamedTuple):
    """One item: what was agreed, its seats since the start of what is not settled, and what was charged of that.

    `revisions` says how often a period was billed before, by its first day.
    """

    item_id: str
    pool_id: str
    licence_name: str
    known: tuple[Known, ...]
    seats: Seats
    charged: tuple[Line, ...] = ()
    revisions: Mapping[date, int] = MappingProxyType({})

    @property
    def phases(self) -> tuple[Phase, ...]:
        """What is agreed, as it is known now."""
        return self.known[-1].phases

    def charged_with(self, charges: Collection[Charge]) -> Self:
        """Return the facts once what is due was charged."""
        lines = [charge.line for charge in charges]
        billed = {charge.line.scale.period.starts_on: charge.revision + 1 for charge in charges}
        return self._replace(charged=(*self.charged, *lines), revisions={**self.revisions, **billed})

    def with_bought(self, number: int, at: datetime) -> Self:
        """Return the facts as if `number` were bought from `at` on, whatever was known of later."""
        bought = self.seats.bought
        earlier = bought.steps[: bisect_left(bought.steps, at, key=_instant_of)]
        before = earlier[-1].value if earlier else bought.opening
        steps = (*earlier, Step(at, number)) if number != before else earlier
        return self._replace(seats=self.seats._replace(bought=StepFunction(bought.opening, steps)))


class AccountFacts(NamedTuple):
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
        return self._replace(items=items)


class Due(NamedTuple):
    """What is due on one day, for all items together. `total_minor` is negative when it is a credit."""

    on: date
    charges: tuple[Charge, ...]

    @property
    def total_minor(self) -> int:
        return sum([charge.amount_minor for charge in self.charges])


class Rated(NamedTuple):
    """What is due, day by day, oldest first; the day of the newest billing after it; the day of the next one."""

    due: tuple[Due, ...]
    billed_on: date | None
    next_on: date | None


def rate(facts: AccountFacts, *, through: date) -> Rated:
    """Return everything due up to and including `through`, each day with what was known at its end.

    What adds up to nothing on a day waits for the next one.
    """
    return Rater().rate(facts, through=through)


class Rater:
    """Rates many accounts: the days on which to bill and the periods due are found once for all with the same terms."""

    def __init__(self) -> None:
        self._days: dict[tuple[object, ...], _Days] = {}
        self._periods = _PeriodsDue()
        # What is known of items is known here by its identity, so it must not go away meanwhile.
        self._kept: list[AccountFacts] = []

    def rate(self, facts: AccountFacts, *, through: date) -> Rated:
        """Return what `rate` does."""
        days = self._days_of(facts, through)
        round_of = _Round(facts, self._periods)
        for day in days.to_bill:
            round_of.bill(day)
        return Rated(tuple(round_of.due), round_of.billed_on, days.next_on)

    def _days_of(self, facts: AccountFacts, through: date) -> "_Days":
        terms: list[object] = [facts.zone.key, facts.billed_on, facts.reopened_on, through]
        for item in facts.items:
            if item.seats.bought.steps:
                return _days_to_bill(facts, through)  # what was bought may be due on days of its own
            terms.append(id(item.known))
        key = tuple(terms)
        days = self._days.get(key)
        if days is None:
            days = self._days[key] = _days_to_bill(facts, through)
            self._kept.append(facts)
        return days


def rate_next(facts: AccountFacts, *, after: date, tries: int = 36) -> Due | None:
    """Return what is due first after `after` if nothing more happens, or None when nothing will be.

    What is due up to `after` is taken for billed. `tries` is on how many days more something may turn out to be nothing.
    """
    round_of = _Round(facts, _PeriodsDue())
    for day in _days_to_bill(facts, after).to_bill:
        round_of.bill(day)
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


class _Days(NamedTuple):
    """The days on which an account is billed, in order, and the day on which it is billed next."""

    to_bill: tuple[date, ...]
    next_on: date | None


def _days_to_bill(facts: AccountFacts, through: date) -> _Days:
    """Return each day on which something is due or was changed at once, and the one that comes after `through`.

    The day of the newest billing is one of them only if something was changed at once: that may have been afterwards.
    """
    heard = _days_heard(facts)
    if facts.reopened_on is not None:
        heard[through] = True
    found = []
    day, due_on = facts.billed_on or min(heard, default=None), None
    while day is not None and day <= through:
        if (
            heard.get(day)
            or (day != facts.billed_on and due_on == day)
            or (day in heard and first_due(_phases_known_on(facts, day), after=day - _ONE_DAY) == day)
        ):
            found.append(day)
        day, due_on = _next_day(facts, heard, after=day)
    if facts.billed_on and through < facts.billed_on:
        day, _ = _next_day(facts, heard, after=facts.billed_on)
    return _Days(tuple(found), day)


class _PeriodsDue(
    dict[tuple[int, date, date, datetime], tuple[tuple[Known, ...], tuple[DuePeriod, ...] | None]]
):
    """The periods due of what is agreed, found once: thousands of items share theirs, known by their identity."""

    def of(
        self, agreed: tuple[Known, ...], day: date, settled_on: date, known_before: datetime
    ) -> tuple[DuePeriod, ...] | None:
        """Return what is due on `day` with what was known before an instant, or None if nothing was known."""
        key = id(agreed), day, settled_on, known_before
        if key not in self:
            known = _last_before(agreed, known_before)
            # With what is agreed, which must not go away while its identity stands for it.
            self[key] = agreed, periods_due(known.phases, on=day, since=settled_on) if known else None
        return self[key][1]


class _Round:
    """Bills one day after the other, and remembers what was charged on the way."""

    def __init__(self, facts: AccountFacts, periods: _PeriodsDue) -> None:
        self.zone = facts.zone
        self.due: list[Due] = []
        self.billed_on = facts.billed_on
        self.settled_on = facts.settled_on
        self.items = facts.items
        self.newest: list[list[Charge]] = []
        self.periods = periods

    def bill(self, day: date) -> None:
        """Add what is due on `day`, with what was known at its end."""
        if self.newest:
            pairs = zip(self.items, self.newest, strict=True)
            self.items = tuple([item.charged_with(charges) for item, charges in pairs])
            self.newest = []
        settled_on, known_before = self.settled_on, start_of_day(day + _ONE_DAY, self.zone)
        found = []
        for item in self.items:
            periods = self.periods.of(item.known, day, settled_on, known_before)
            found.append(_bill(item, periods, settled_on, known_before) if periods is not None else [])
        due = Due(day, tuple([charge for charges in found for charge in charges]))
        if due.charges and not due.total_minor:
            return
        # Nothing of the past is open now: whatever comes to be known later is dated later.
        self.billed_on = self.settled_on = day
        if due.charges:
            self.due.append(due)
            self.newest = found


def _bill(
    facts: ItemFacts, periods: Iterable[DuePeriod], settled_on: date, known_before: datetime
) -> list[Charge]:
    """Return what is due of an item for some periods, with what was known of its seats before an instant."""
    item_id, pool_id, name, _, seats, charged, revisions = facts
    if charged:
        charged = tuple([line for line in charged if line.scale.period.ends_on > settled_on])
    lines = bill_periods(item_id, _seats_before(seats, known_before), periods, charged=charged)
    if len(lines) == 1:
        [line] = lines
        revision = revisions.get(line.scale.period.starts_on, 0)
        return [Charge(pool_id, name, line, revision, 0, line.amount_minor)]
    parts: dict[date, int] = {}
    charges = []
    for line in lines:
        starts_on = line.scale.period.starts_on
        part = parts.get(starts_on, 0)
        charges.append(Charge(pool_id, name, line, revisions.get(starts_on, 0), part, line.amount_minor))
        parts[starts_on] = part + 1
    return charges


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
