"""Rating: a contract in, its invoices out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from seatledger.engine.billing import bill_item
from seatledger.engine.contracts import Contract
from seatledger.engine.days import day_of
from seatledger.engine.events import Cancelled, Count, Event, PlanChanged, When
from seatledger.engine.items import Item, Phase
from seatledger.engine.lines import Line
from seatledger.engine.money import Money, add_up
from seatledger.engine.periods import Period
from seatledger.engine.policies import IncreaseFrom

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is due on one day, for all items together; a credit note when the total is negative."""

    on: date
    currency: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Money:
        return add_up((line.amount for line in self.lines), self.currency)

    @property
    def is_credit_note(self) -> bool:
        return self.total.amount_minor < 0


class _Charged:
    """Every line charged so far. Those of open periods are found from the newest on, however many there are."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        # Up to each line, the day by which all periods have ended.
        self._all_end_by: list[date] = []

    def add(self, lines: Iterable[Line]) -> None:
        for line in lines:
            so_far = self._all_end_by[-1] if self._all_end_by else date.min
            self._lines.append(line)
            self._all_end_by.append(max(so_far, line.scale.period.ends_on))

    def open_after(self, since: date) -> list[Line]:
        """Return the lines of periods that end after `since`, oldest first."""
        first = bisect_right(self._all_end_by, since)
        return [line for line in self._lines[first:] if line.scale.period.ends_on > since]


class Rating(NamedTuple):
    """The invoices of a contract, and the next one if nothing more happens (None when none will come)."""

    invoices: tuple[Invoice, ...]
    preview: Invoice | None


def rate_contract(contract: Contract, *, through: date) -> Rating:
    """Return every invoice due up to and including `through`, and a preview of the one after it.

    Each is made with what was known at the end of its day. Raises ValueError when events contradict each
    other or the tariff.
    """
    invoices: list[Invoice] = []
    charged = _Charged()
    days_of_interest = contract.days_of_interest()
    day = days_of_interest[0] if days_of_interest else through + _ONE_DAY
    while day <= through:
        items = contract.known_on(day)
        if _is_due(items, day) or _is_changed_at_once(contract, items, day):
            invoice = _bill(contract, items, day, invoices, charged)
            if invoice:
                invoices.append(invoice)
                charged.add(invoice.lines)
        days = [known for known in days_of_interest if known > day]
        day = min([*days, next_due(items, after=day) or date.max])
    return Rating(tuple(invoices), _preview(contract, through, invoices, charged))


def _preview(
    contract: Contract, through: date, invoices: Sequence[Invoice], charged: _Charged
) -> Invoice | None:
    """Return the first invoice after `through` that would come about by itself."""
    items = contract.known_on(through)
    day = next_due(items, after=through)
    return None if day is None else _bill(contract, items, day, invoices, charged)


def next_due(items: Iterable[Item], *, after: date) -> date | None:
    """Return the first day after `after` on which something is due if nothing more happens, or None."""
    return first_due((phase for item in items for phase in item.phases), after=after)


def first_due(phases: Iterable[Phase], *, after: date) -> date | None:
    """Return the first day after `after` on which one of the phases is charged, or None."""
    days = [day for phase in phases if (day := _due_after(phase, after))]
    return min(days, default=None)


# Remembered, because many accounts have items whose periods begin together.
@lru_cache(maxsize=4096)
def _due_after(phase: Phase, after: date) -> date | None:
    return next((day for day in _due_days(phase, after) if day > after), None)


def _due_days(phase: Phase, after: date) -> Iterator[date]:
    """Yield the days around `after` on which the phase is charged, in order, the first one after it among them."""
    for period in phase.schedule.following(max(after, phase.first_day)):
        if not phase.has_part_of(period):
            continue
        if phase.tariff.charge_model.in_arrears:
            yield phase.part_ends_on(period)
            continue
        yield phase.part_begins_on(period)
        if phase.tariff.true_up:
            yield from (window.ends_on for window in phase.tariff.true_up.windows(period))
        elif phase.tariff.policy.increase_from is IncreaseFrom.NEXT_INVOICE and phase.ends_in(period):
            # No invoice comes any more for which what changed in the last period could wait.
            yield phase.part_ends_on(period)


def _is_due(items: Iterable[Item], day: date) -> bool:
    return next_due(items, after=day - _ONE_DAY) == day


def _is_changed_at_once(contract: Contract, items: Iterable[Item], day: date) -> bool:
    """Say whether something became known on `day` that is charged or credited without waiting.

    That is everything once all items are over, because no invoice comes for which it could wait.
    """
    phases = {item.key: item.phases for item in items}
    start, end = Period(day, day + _ONE_DAY).instants(contract.zone)
    known = [event for event in contract.events if start <= event.known_at < end]
    if known and next_due(items, after=day - _ONE_DAY) is None:
        return True
    return any(_is_immediate(event, phases[event.item]) for event in known)


def _is_immediate(event: Event, phases: Sequence[Phase]) -> bool:
    if isinstance(event, PlanChanged | Cancelled):
        return event.when is When.AT_ONCE
    if not phases:
        return False
    begun = [phase.tariff for phase in phases if phase.starts_at <= event.at]
    tariff = begun[-1] if begun else phases[0].tariff
    prepaid = not tariff.charge_model.in_arrears
    return prepaid and event.count is Count.BOUGHT and tariff.policy.increase_from is IncreaseFrom.NOW


def _bill(
    contract: Contract, items: Iterable[Item], day: date, earlier: Sequence[Invoice], charged: _Charged
) -> Invoice | None:
    """Return the invoice of `day`, or None: what adds up to nothing waits for the next one."""
    since = _settled_by(contract, day, earlier)
    open_lines = charged.open_after(since)
    found: list[Line] = []
    for item in items:
        own = [line for line in open_lines if line.item == item.key]
        found += bill_item(item, on=day, charged=own, since=since)
    invoice = Invoice(day, contract.currency, tuple(found))
    return invoice if invoice.total.amount_minor else None


def _settled_by(contract: Contract, day: date, earlier: Sequence[Invoice]) -> date:
    """Return the day before which nothing can have changed: the last invoice, or the oldest event heard since."""
    if not earlier:
        return date.min
    last = earlier[-1].on
    start, end = Period(last + _ONE_DAY, day + _ONE_DAY).instants(contract.zone)
    heard = (event for event in contract.events if start <= event.known_at < end)
    return min([last, *(day_of(event.at, contract.zone) for event in heard)])
