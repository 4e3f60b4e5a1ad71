"""What is true of every contract, whatever was agreed and whatever happens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.strategies import measures, prices, reductions, zones
from seatledger.engine.billing import bill_item
from seatledger.engine.contracts import Agreement, Contract
from seatledger.engine.days import start_of_day
from seatledger.engine.events import Cancelled, Count, PlanChanged, SeatsChanged, SeatsSet, When
from seatledger.engine.lines import Area, work_out
from seatledger.engine.money import round_to_whole
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.plans import Anchoring, Grant, Plan
from seatledger.engine.policies import (
    ChargeModel,
    CountingRule,
    DayCount,
    Decrease,
    Increase,
    IncreaseCharge,
    IncreaseFrom,
    Policy,
    Rounded,
)
from seatledger.engine.rating import rate_contract
from seatledger.engine.targets import TrueUp
from seatledger.engine.tariffs import Tariff

START = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
LAST_DAY = date(2026, 9, 30)

policies = st.builds(
    Policy,
    measure=measures,
    ending_day_billed=st.booleans(),
    increase=st.just(Increase.EACH),
    increase_charge=st.just(IncreaseCharge.PRORATED),
    increase_from=st.sampled_from(IncreaseFrom),
    decrease=st.just(Decrease.AT_RENEWAL),
) | st.builds(
    Policy,
    measure=measures,
    increase=st.sampled_from(Increase),
    increase_charge=st.sampled_from(IncreaseCharge),
    increase_from=st.sampled_from(IncreaseFrom),
)
credit_policies = st.builds(
    Policy,
    measure=measures.filter(lambda measure: measure.day_count is not DayCount.NONE),
    ending_day_billed=st.booleans(),
    increase_from=st.sampled_from(IncreaseFrom),
    decrease=st.just(Decrease.CREDIT),
)
grants = st.builds(Grant, reductions, periods=st.sampled_from([None, 1, 3])) | st.builds(
    Grant, reductions, until=st.dates(date(2026, 2, 1), date(2026, 6, 1))
)


intervals = st.sampled_from([Interval(Unit.MONTH), Interval(Unit.MONTH, 2), Interval(Unit.WEEK, 3)])


@st.composite
def plans(draw, interval):
    def fits(policy):
        return interval.months or policy.measure.day_count is not DayCount.THIRTY_DAY_MONTH

    policy = draw((policies | credit_policies).filter(fits))
    measured = policy.measure.day_count is not DayCount.NONE
    model = draw(st.sampled_from(ChargeModel))
    counting = draw(
        st.sampled_from([rule for rule in CountingRule if measured or rule is not CountingRule.DAILY])
    )
    true_up = draw(st.sampled_from([None, TrueUp(Interval(Unit.WEEK, 2))]))
    tariff = Tariff(
        key=draw(st.sampled_from(["basic", "plus"])),
        currency="USD",
        price=draw(prices),
        interval=interval,
        charge_model=model,
        counting=counting,
        policy=policy,
        true_up=true_up if measured and not model.in_arrears else None,
    )
    return Plan(tariff, tuple(draw(st.lists(grants, max_size=2))), draw(st.sampled_from(Anchoring)))


def later(days):
    return START + timedelta(days=days)


@st.composite
def seat_events(draw):
    at = later(0) + timedelta(hours=draw(st.integers(0, 24 * 200)))
    recorded_at = draw(st.sampled_from([None, None, at + timedelta(days=40)]))
    count, delta = draw(st.sampled_from(Count)), draw(st.integers(-2, 3))
    return SeatsChanged(item="seat", at=at, recorded_at=recorded_at, count=count, delta=delta)


@st.composite
def contracts(draw):
    start = [SeatsSet(item="seat", at=START - timedelta(hours=1), count=count, number=20) for count in Count]
    events = [*start, *draw(st.lists(seat_events(), max_size=6))]
    interval = draw(intervals)
    plan = draw(plans(interval))
    if draw(st.booleans()):
        when, keep_anchor = draw(st.sampled_from(When)), draw(st.booleans())
        at = later(draw(st.integers(0, 90)))
        new_plan = draw(plans(interval))
        events.append(PlanChanged(item="seat", at=at, plan=new_plan, when=when, keep_anchor=keep_anchor))
    if draw(st.booleans()):
        events.append(
            Cancelled(item="seat", at=later(draw(st.integers(91, 180))), when=draw(st.sampled_from(When)))
        )
    trial_until = draw(st.sampled_from([None, date(2026, 2, 20)]))
    agreement = Agreement("seat", plan, trial_until=trial_until)
    return Contract("USD", draw(zones), (agreement,), tuple(events))


def lines_of(rating):
    return [line for invoice in rating.invoices for line in invoice.lines]


@settings(max_examples=20)
@given(contracts())
def test_billing_twice_adds_nothing(agreed):
    rating = rate_contract(agreed, through=LAST_DAY)
    for invoice in rating.invoices[-3:]:
        charged = [line for earlier in rating.invoices if earlier.on <= invoice.on for line in earlier.lines]
        (item,) = agreed.known_on(invoice.on)
        assert bill_item(item, on=invoice.on, charged=charged) == ()


@settings(max_examples=20)
@given(contracts(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(agreed, random):
    shuffled = replace(agreed, events=tuple(random.sample(agreed.events, len(agreed.events))))
    assert rate_contract(shuffled, through=LAST_DAY) == rate_contract(agreed, through=LAST_DAY)


@settings(max_examples=20)
@given(contracts(), st.dates(date(2026, 2, 1), LAST_DAY))
def test_a_preview_equals_the_invoice_if_nothing_more_happens(agreed, day):
    known = tuple(event for event in agreed.events if event.known_on(agreed.zone) <= day)
    agreed = replace(agreed, events=known)
    preview = rate_contract(agreed, through=day).preview
    assume(preview is not None)
    assert rate_contract(agreed, through=preview.on).invoices[-1] == preview


@settings(max_examples=20)
@given(contracts())
def test_every_line_can_be_worked_out_again(agreed):
    rating = rate_contract(agreed, through=LAST_DAY)
    lines = lines_of(rating)
    assert [work_out(line.item, line.rate, line.scale, line.shape) for line in lines] == lines
    assert all(invoice.total.amount_minor for invoice in rating.invoices)


@settings(max_examples=20)
@given(contracts())
def test_an_item_that_never_was_is_credited_to_the_last_cent(agreed):
    charged = lines_of(rate_contract(agreed, through=LAST_DAY))
    (item,) = agreed.known_on(LAST_DAY)
    credited = bill_item(item._replace(phases=()), on=LAST_DAY, charged=charged)
    assert sum(line.amount.amount_minor for line in [*charged, *credited]) == 0


@settings(max_examples=20)
@given(contracts())
def test_a_period_in_arrears_costs_what_counting_day_by_day_says(agreed):
    """Read the events once more, without step functions, and count each day of each period charged daily."""
    rating = rate_contract(agreed, through=LAST_DAY)
    charged = {}
    for line in lines_of(rating):
        by_line_and_day = line.rate.measure.rounded is Rounded.LINE and line.scale.day_count is DayCount.DAYS
        if isinstance(line.shape, Area) and by_line_and_day:
            charged.setdefault((line.rate, line.scale), []).append(line)
    (item,) = agreed.known_on(rating.invoices[-1].on if rating.invoices else LAST_DAY)
    daily = {phase.tariff.key for phase in item.phases if phase.tariff.counting is CountingRule.DAILY}
    assume(len({phase.tariff.policy.ending_day_billed for phase in item.phases}) == 1)
    known = [event for event in agreed.events if event.known_on(agreed.zone) <= rating_day(rating)]
    for (rate, scale), lines in charged.items():
        if daily != {rate.key}:
            continue
        (phase,) = [phase for phase in item.phases if phase.scale_of(scale.period) == scale][:1]
        total = sum(
            (
                Fraction(rate.amount(level))
                for step, level in naive_levels(lines[-1], known, agreed.zone, phase)
            ),
            Fraction(0),
        )
        billed = sum(line.amount.amount_minor for line in lines)
        assert billed == round_to_whole(total / scale.weight, rate.measure.rounding)


def rating_day(rating):
    return rating.invoices[-1].on if rating.invoices else LAST_DAY


def naive_levels(line, events, zone, phase):
    """Count each day that the line covers from the events themselves."""
    for stretch in line.shape.after:
        for step in range(stretch.start, stretch.end):
            day = line.scale.period.starts_on + timedelta(days=step)
            start, end = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
            values = [held_at(start, events)]
            values += [held_at(event.at, events) for event in events if start < event.at < end]
            yield step, max(values) if phase.tariff.policy.ending_day_billed else held_at(end_of(end), events)


def end_of(end):
    return end - timedelta(microseconds=1)


def held_at(instant, events):
    held = [event for event in events if getattr(event, "count", None) is Count.HELD and event.at <= instant]
    return sum(event.number if isinstance(event, SeatsSet) else event.delta for event in held)


@settings(max_examples=20)
@given(contracts(), st.dates(date(2026, 3, 1), LAST_DAY))
def test_settled_periods_may_be_left_out(agreed, since):
    """Nothing is recorded late here, so a period that ended is settled."""
    events = tuple(replace(event, recorded_at=None) for event in agreed.events)
    agreed = replace(agreed, events=events)
    rating = rate_contract(agreed, through=LAST_DAY)
    (item,) = agreed.known_on(LAST_DAY)
    recent = [line for line in lines_of(rating) if line.scale.period.ends_on > since]
    assert bill_item(item, on=LAST_DAY, charged=recent, since=since) == bill_item(
        item, on=LAST_DAY, charged=lines_of(rating)
    )
