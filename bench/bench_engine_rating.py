"""What the engine needs for a line, beside the same amounts in a loop over plain integers.

The loop knows one price, one way to count and one way to round, has no layers, and keeps no working: nothing that does
more can be as fast. Each is as many items as the other: one month in arrears with five changes; one renewal in advance;
and a month in advance whose five additions are charged together with the renewal.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from measuring import hold, quartiles_ms, show

from seatledger.engine.billing import bill_item
from seatledger.engine.days import start_of_day
from seatledger.engine.items import Item, Phase
from seatledger.engine.lines import Line
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import ChargeModel
from seatledger.engine.prices import PerUnit, Price
from seatledger.engine.targets import Seats
from seatledger.engine.tariffs import Tariff
from seatledger.engine.timeline import StepFunction

ITEMS = 500
ROUNDS = 25
OPENING, UNIT_AMOUNT, DAYS = 10, 1200, 31
LONDON = ZoneInfo("Europe/London")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
ONE_DAY = timedelta(days=1)

# How many times longer than the loop, at most.
MOST_TIMES = {"in arrears": 16.0, "renewal": 18.0, "five additions": 100.0}


def phases(model: ChargeModel) -> tuple[Phase, ...]:
    tariff = Tariff("seat", "USD", Price(PerUnit(UNIT_AMOUNT)), Interval(Unit.MONTH), model)
    return (Plan(tariff).begin(start_of_day(date(2026, 1, 1), LONDON), LONDON),)


def changes_of(number: int, deltas: tuple[int, ...]) -> list[tuple[datetime, int]]:
    """Return five changes on five days, at hours that differ from item to item, never at midnight."""
    first = datetime(2026, 3, 3, 1 + number % 22, tzinfo=UTC)
    return [(first + timedelta(days=5 * place), delta) for place, delta in enumerate(deltas)]


UPS_AND_DOWNS = [changes_of(number, (-1, 2, -1, 2, -1)) for number in range(ITEMS)]
ADDITIONS = [changes_of(number, (1, 1, 1, 1, 1)) for number in range(ITEMS)]
ARREARS, AHEAD = phases(ChargeModel.ACTIVE), phases(ChargeModel.PREPAID)
HELD = [
    Item("seat", Seats(held=StepFunction.from_changes(changes, opening=OPENING)), ARREARS)
    for changes in UPS_AND_DOWNS
]
UNCHANGED = [Item("seat", Seats(bought=StepFunction.constant(OPENING)), AHEAD)] * ITEMS
ADDED_TO = [
    Item("seat", Seats(bought=StepFunction.from_changes(changes, opening=OPENING)), AHEAD)
    for changes in ADDITIONS
]
PAID = bill_item(UNCHANGED[0], on=MARCH, charged=(), since=MARCH)


def bill(items: list[Item], *, charged: tuple[Line, ...] = (), since: date, lines: int) -> Callable[[], None]:
    def bill_all() -> None:
        for item in items:
            assert len(bill_item(item, on=APRIL, charged=charged, since=since)) == lines

    return bill_all


def amount_in_integers(changes: list[tuple[datetime, int]]) -> int:
    """Return what a month costs in which each day counts the most seats held on it."""
    starts_at = start_of_day(MARCH, LONDON)
    area = day = 0
    counted = value = OPENING
    for at, delta in changes:
        changed_on = (at - starts_at) // ONE_DAY
        if changed_on > day:
            area += counted + value * (changed_on - day - 1)
            day, counted = changed_on, value
        value += delta
        counted = max(counted, value)
    area += counted + value * (DAYS - day - 1)
    return (2 * area * UNIT_AMOUNT + DAYS) // (2 * DAYS)


def rate_in_integers() -> None:
    for changes in UPS_AND_DOWNS:
        assert amount_in_integers(changes) > 0


def require_equal_amounts() -> None:
    for item, changes in zip(HELD, UPS_AND_DOWNS, strict=True):
        (line,) = bill_item(item, on=APRIL, charged=(), since=MARCH)
        assert line.amount_minor == amount_in_integers(changes)


def main() -> None:
    require_equal_amounts()
    calls = {
        "in arrears": bill(HELD, since=MARCH, lines=1),
        "renewal": bill(UNCHANGED, since=APRIL, lines=1),
        "five additions": bill(ADDED_TO, charged=PAID, since=MARCH, lines=6),
    }
    plain_ms, *spent_ms = quartiles_ms(rate_in_integers, *calls.values(), rounds=ROUNDS)
    show("plain integers", ITEMS * 1000 / plain_ms, "items a second")
    for (name, most), milliseconds in zip(MOST_TIMES.items(), spent_ms, strict=True):
        show(name, ITEMS * 1000 / milliseconds, "items a second")
        hold(f"{name}: engine / plain integers", milliseconds / plain_ms, most)


if __name__ == "__main__":
    main()
