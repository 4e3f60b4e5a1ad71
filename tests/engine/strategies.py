"""What the engine's laws are tried on."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from seatledger.engine.money import Money, Rounding
from seatledger.engine.periods import Interval, Period, Schedule, Unit
from seatledger.engine.policies import DayCount, Measure, Rounded
from seatledger.engine.prices import NOTHING, Flat, Graduated, PerUnit, Price, Tier, Volume, exact
from seatledger.engine.rates import Rate, Reduction
from seatledger.engine.scales import Scale
from seatledger.engine.stretches import Stretch
from seatledger.engine.timeline import StepFunction

THIRTY = DayCount.THIRTY_DAY_MONTH
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2032, 12, 31)

# Zones whose clocks are moved at midnight (Cairo, Beirut, Santiago), by half an hour (Lord Howe), on other
# days than each other (Los Angeles, Paris), or never, east and west of everyone else.
zones = st.sampled_from(
    [
        "Africa/Cairo",
        "America/Los_Angeles",
        "America/Santiago",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/Paris",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "UTC",
    ]
).map(ZoneInfo)

currencies = st.sampled_from(["JPY", "KWD", "USD"])
amounts = st.builds(Money, st.integers(-(10**12), 10**12), currencies)
weights = st.lists(st.fractions(0, 1000, max_denominator=97), min_size=1, max_size=12).filter(any)
factors = st.fractions(Fraction(-100), Fraction(100), max_denominator=10_000)

days = st.dates(FIRST_DAY, LAST_DAY)
instants = st.datetimes(
    datetime.combine(FIRST_DAY, time.min), datetime.combine(LAST_DAY, time.max), timezones=st.just(UTC)
)
intervals = st.builds(Interval, st.sampled_from(Unit), st.integers(1, 7))


@st.composite
def periods(draw, longest=400):
    starts_on = draw(days)
    return Period(starts_on, starts_on + timedelta(days=draw(st.integers(1, longest))))


@st.composite
def busy_instants(draw):
    """Instants that crowd together, at and around the midnights of a few days, so that they meet."""
    hours = draw(st.integers(0, 24 * 40))
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(
        hours=hours, microseconds=draw(st.sampled_from([-1, 0, 1]))
    )


changes = st.lists(st.tuples(busy_instants(), st.integers(-9, 9)), max_size=12)
step_functions = st.builds(
    lambda opening, steps: StepFunction.from_changes(steps, opening=opening), st.integers(-9, 30), changes
)
busy_periods = st.builds(
    lambda start, length: Period(
        date(2026, 2, 25) + timedelta(days=start), date(2026, 2, 25) + timedelta(days=start + length)
    ),
    st.integers(0, 30),
    st.integers(1, 30),
)


def positive(limit):
    """Minor units, some of them finer than one."""
    return st.one_of(st.integers(0, limit), st.fractions(0, limit, max_denominator=1000).map(exact))


@st.composite
def tiers(draw):
    bounds = sorted(draw(st.sets(st.integers(1, 40), max_size=3)))
    return tuple(
        Tier(bound, draw(positive(5000)), draw(st.sampled_from([0, 0, 250]))) for bound in [*bounds, None]
    )


schemes = st.one_of(
    st.builds(PerUnit, positive(5000)),
    st.builds(Flat, positive(5000)),
    st.builds(Graduated, tiers()),
    st.builds(Volume, tiers()),
)
prices = st.builds(
    Price,
    schemes,
    free_quantity=st.sampled_from([0, 0, 3]),
    minimum_quantity=st.sampled_from([0, 0, 5]),
    minimum_amount=st.sampled_from([0, 0, 999]),
)
measures = st.builds(
    Measure,
    st.sampled_from([DayCount.DAYS, DayCount.SECONDS, DayCount.THIRTY_DAY_MONTH, DayCount.NONE]),
    st.sampled_from([Rounded.LINE, Rounded.SEAT]),
    st.sampled_from(Rounding),
) | st.builds(Measure, st.sampled_from([DayCount.DAYS, DayCount.THIRTY_DAY_MONTH]), st.just(Rounded.UNIT))
reductions = st.builds(
    Reduction, percent=st.sampled_from([0, 10, Fraction(25, 2), 100]), amount=st.sampled_from([0, 150])
)


@st.composite
def rates(draw):
    return Rate("seat", "USD", draw(prices), draw(measures), tuple(draw(st.lists(reductions, max_size=2))))


@st.composite
def scales(draw):
    interval = draw(intervals)
    # Months of thirty days are made of months.
    day_count = draw(st.sampled_from([each for each in DayCount if interval.months or each is not THIRTY]))
    return Scale(Schedule(draw(days), interval).period(draw(st.integers(-3, 3))), draw(zones), day_count)


@st.composite
def stretches(draw, size):
    """Levels on some of the steps of [0, size), in order and without overlaps."""
    bounds = sorted(draw(st.sets(st.integers(0, size), max_size=6)))
    found = [Stretch(start, end, draw(st.integers(NOTHING, 12))) for start, end in pairwise(bounds)]
    return tuple(stretch for stretch in found if draw(st.booleans()))
