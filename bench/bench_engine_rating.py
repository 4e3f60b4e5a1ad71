"""How many lines in arrears the engine works out a second: five changes a line, on one core."""

import timeit
from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

from seatledger.engine.lines import charge_in_arrears
from seatledger.engine.periods import Interval, Period, Unit
from seatledger.engine.policies import ChargeModel
from seatledger.engine.prices import PerUnit, Price
from seatledger.engine.scales import Scale
from seatledger.engine.targets import Part, Seats, target_in_arrears
from seatledger.engine.tariffs import Tariff
from seatledger.engine.timeline import StepFunction

LINES = 2_000
LEAST_LINES_A_SECOND = 10_000

TARIFF = Tariff("user", "USD", Price(PerUnit(1200)), Interval(Unit.MONTH), ChargeModel.ACTIVE)
MARCH = Scale(Period(date(2026, 3, 1), date(2026, 4, 1)), ZoneInfo("Europe/London"))
RATE = TARIFF.rate_on(date(2026, 3, 1))
PART = Part(0, MARCH.size)


def changes_of(account: int) -> list[tuple[datetime, int]]:
    """Return five changes on five days, at hours that differ from account to account."""
    first = datetime(2026, 3, 3, account % 24, tzinfo=UTC)
    return [(first + timedelta(days=5 * number), 2 if number % 2 else -1) for number in range(5)]


ACCOUNTS = [changes_of(account) for account in range(LINES)]


def rate_all() -> None:
    for changes in ACCOUNTS:
        held = StepFunction.from_changes(changes, opening=10)
        target = target_in_arrears(Seats(held=held), MARCH, PART, TARIFF.policy, TARIFF.counting)
        (line,) = charge_in_arrears("user", RATE, MARCH, target=target, charged=())
        assert line.amount_minor > 0


def main() -> None:
    seconds = min(timeit.repeat(rate_all, number=1, repeat=5, timer=process_time))
    rate = LINES / seconds
    print(f"{rate:,.0f} lines a second; at least {LEAST_LINES_A_SECOND:,}")
    assert rate >= LEAST_LINES_A_SECOND


if __name__ == "__main__":
    main()
