"""Prices in plain words, shown wherever a price is: what it comes to, how it is charged, and what is unusual about it."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from seatledger.domain.catalogue.price_values import amount_to_decimal
from seatledger.domain.catalogue.words import charged_in_words
from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Money, Rounding
from seatledger.engine.periods import Interval
from seatledger.engine.plans import Anchoring, Grant, Plan
from seatledger.engine.policies import (
    DayCount,
    Decrease,
    Increase,
    IncreaseCharge,
    IncreaseFrom,
    Policy,
    Rounded,
)
from seatledger.engine.prices import Exact, Flat, Graduated, PerUnit, Price, Tier, Volume
from seatledger.engine.rates import Discount, Reduction
from seatledger.engine.targets import TrueUp, TrueUpCharge
from seatledger.engine.tariffs import Tariff
from seatledger.engine.words import days_in_words

_MEASURED: Final = {
    DayCount.SECONDS: "Parts of a period are charged by the second.",
    DayCount.THIRTY_DAY_MONTH: "Parts of a period are charged by the day, and every month has 30 days.",
    DayCount.NONE: "Any part of a period costs the full price.",
}
_ROUNDED: Final = {
    Rounded.SEAT: "Each licence is rounded by itself.",
    Rounded.UNIT: "The price of one licence for one day is rounded, then multiplied.",
}
_ADDED_FROM: Final = {
    IncreaseFrom.NEXT_INVOICE: "Licences added are charged from their day, on the next invoice.",
    IncreaseFrom.RENEWAL: "Licences added are charged from the next period.",
}
_TAKEN_AWAY: Final = {
    Decrease.CREDIT: "Licences taken away are credited for the days left.",
    Decrease.REFUSED: "The number of licences cannot fall within a period.",
}


def price_in_words(plan: Plan) -> tuple[str, ...]:
    """Return all there is to know of a price, in sentences: the amount, how it is charged, and what is unusual."""
    tariff = plan.tariff
    charged = charged_in_words(tariff.charge_model, tariff.counting)
    return (f"{amount_in_words(tariff)}.", f"{charged}.", *conditions_in_words(plan))


def amount_in_words(tariff: Tariff) -> str:
    """Return what a period costs, without a full stop: `24.00 USD per licence per year`."""
    scheme, each = tariff.price.scheme, _each(tariff.interval)
    match scheme:
        case PerUnit(unit_amount=0) | Flat(flat_amount=0):
            return "Free of charge"
        case PerUnit(unit_amount=amount):
            return f"{_amount(amount, tariff)} {_per_licence(tariff.interval)}"
        case Flat(flat_amount=amount):
            return f"{_amount(amount, tariff)} {each}, whatever the number of licences"
        case Graduated(tiers=tiers):
            return f"{_capital(each)}, each licence by its own tier: {_tiers(tiers, tariff)}"
        case Volume(tiers=tiers):
            return f"{_capital(each)}, all licences by the tier of the last one: {_tiers(tiers, tariff)}"
    raise AssertionError(f"{scheme!r} has no words.")


def agreed_in_words(tariff: Tariff, on: date) -> str:
    """Return what a period costs from a day on, with the discounts in force then: `12.00 GBP per licence per month, 10 % off`."""
    in_force = [discount for discount in tariff.discounts if discount.applies_on(on)]
    return ", ".join([amount_in_words(tariff), *(_discount(discount, tariff) for discount in in_force)])


def offered_in_words(plan: Plan) -> str:
    """Return what a period of a plan costs, with its discounts: `12.00 GBP per licence per month, 10 % off`."""
    return ", ".join([amount_in_words(plan.tariff), *(_grant(grant, plan.tariff) for grant in plan.grants)])


def conditions_in_words(plan: Plan) -> tuple[str, ...]:
    """Return what else belongs to a price, in sentences; none for a price that has only what is usual."""
    tariff = plan.tariff
    return (
        *_bounds(tariff.price, tariff),
        *(f"{_grant(grant, tariff)}." for grant in plan.grants),
        *_anchor(plan),
        *_parts(tariff.policy, prepaid=not tariff.charge_model.in_arrears),
        *([_true_up(tariff.true_up)] if tariff.true_up else []),
    )


def _tiers(tiers: tuple[Tier, ...], tariff: Tariff) -> str:
    ends = (0, *(tier.up_to for tier in tiers))
    return "; ".join(
        f"{_numbers((below or 0) + 1, last)}, {_tier_amount(tier, tariff)}"
        for (below, last), tier in zip(pairwise(ends), tiers, strict=True)
    )


def _numbers(first: int, last: int | None) -> str:
    if last is None:
        return f"from {first} on" if first > 1 else "any number"
    return f"{first}" if first == last else f"{first} to {last}"


def _tier_amount(tier: Tier, tariff: Tariff) -> str:
    if not tier.flat_amount:
        return f"{_amount(tier.unit_amount, tariff)} each" if tier.unit_amount else "free of charge"
    flat = _amount(tier.flat_amount, tariff)
    return f"{flat} and {_amount(tier.unit_amount, tariff)} each" if tier.unit_amount else f"{flat} in all"


def _bounds(price: Price, tariff: Tariff) -> Iterator[str]:
    free, least = price.free_quantity, price.minimum_quantity
    if free:
        yield "The first licence is free." if free == 1 else f"The first {free} licences are free."
    if least:
        among = ", free ones among them" if free else ""
        yield f"At least {'1 licence is' if least == 1 else f'{least} licences are'} counted{among}."
    if price.minimum_amount:
        yield f"At least {_amount(price.minimum_amount, tariff)} {_each(tariff.interval)}."


def _grant(grant: Grant, tariff: Tariff) -> str:
    """Return what a discount takes off and when, such as `10 % off for the first 3 months`."""
    words = [_reduction(grant.reduction, tariff)]
    if grant.starts_on:
        words.append(f"from {days_in_words(grant.starts_on, grant.starts_on)}")
    if grant.until:
        last_day = grant.until - timedelta(days=1)
        words.append(f"up to and including {days_in_words(last_day, last_day)}")
    if grant.periods:
        words.append(
            f"for {_first_periods(grant.periods, tariff.interval, later=grant.starts_on is not None)}"
        )
    return " ".join(words)


def _discount(discount: Discount, tariff: Tariff) -> str:
    words = _reduction(discount.reduction, tariff)
    if discount.ends_on:
        last_day = discount.ends_on - timedelta(days=1)
        return f"{words} up to and including {days_in_words(last_day, last_day)}"
    return words


def _reduction(reduction: Reduction, tariff: Tariff) -> str:
    parts = [f"{amount_to_decimal(Fraction(reduction.percent)):f} %"] if reduction.percent else []
    parts += [f"{_amount(reduction.amount, tariff)} {_each(tariff.interval)}"] if reduction.amount else []
    return f"{' and then '.join(parts) or 'Nothing'} off"


def _first_periods(periods: int, interval: Interval, *, later: bool) -> str:
    unit = str(interval.unit) if interval.count == 1 else "period"
    number = unit if periods == 1 else f"{periods} {unit}s"
    if later:
        return f"1 {unit}" if periods == 1 else number
    return f"the first {number}"


def _anchor(plan: Plan) -> Iterator[str]:
    if plan.anchor is Anchoring.CALENDAR:
        yield "Periods are those of the calendar; a part of one is charged as its part."
    elif not isinstance(plan.anchor, Anchoring):
        yield f"Periods are counted from {days_in_words(plan.anchor, plan.anchor)}."


def _parts(policy: Policy, *, prepaid: bool) -> Iterator[str]:
    """Yield how parts of a period are charged, as far as it is not the usual way."""
    measure = policy.measure
    if measure.day_count in _MEASURED:
        yield _MEASURED[measure.day_count]
    if not policy.ending_day_billed:
        yield "The day on which a licence ends is not charged."
    if prepaid:
        yield from _changes(policy)
    if measure.rounded in _ROUNDED:
        yield _ROUNDED[measure.rounded]
    if measure.rounding is Rounding.TRUNCATE:
        yield "What is less than the smallest coin is dropped."


def _changes(policy: Policy) -> Iterator[str]:
    if policy.increase is Increase.ABOVE_HIGHEST_PAID:
        yield "Licences added are charged as far as they exceed the most that was paid for in the period."
    if policy.increase_charge is IncreaseCharge.FULL:
        yield "Licences added are charged for the full period."
    if policy.increase_from in _ADDED_FROM:
        yield _ADDED_FROM[policy.increase_from]
    if policy.decrease in _TAKEN_AWAY:
        yield _TAKEN_AWAY[policy.decrease]


def _true_up(true_up: TrueUp) -> str:
    window = f"each {true_up.every}" if true_up.every.count == 1 else f"every {true_up.every}"
    charged = "that time" if true_up.charge is TrueUpCharge.WINDOW else "the rest of the period"
    return f"At the end of {window}, the most licences held at once beyond those paid for are charged for {charged}."


def _per_licence(interval: Interval) -> str:
    return f"per licence {_each(interval)}"


def _each(interval: Interval) -> str:
    return f"per {interval}" if interval.count == 1 else f"every {interval}"


def _amount(minor: Exact, tariff: Tariff) -> str:
    """Return an exact amount in major units with all its decimals: `24.00 USD`, `0.00125 USD`."""
    currency = tariff.currency
    if minor.denominator == 1:
        return str(Money(minor.numerator, currency))
    return f"{amount_to_decimal(Fraction(minor) / 10 ** exponent_of(currency)):f} {currency}"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
