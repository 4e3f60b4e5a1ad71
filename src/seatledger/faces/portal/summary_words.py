"""The account summary in words: the plan, what it costs, what is paid in total, and what is to come."""

from collections.abc import Sequence
from typing import Final

from babel import Locale

from seatledger.domain.payments.queries.summary import AccountSummary, SummaryItem
from seatledger.engine.equivalents import monthly_equivalent, rounded
from seatledger.engine.periods import Interval, Unit
from seatledger.engine.prices import Exact
from seatledger.faces.ui import formats

_ADVERBS: Final = {
    Unit.DAY: "daily",
    Unit.WEEK: "weekly",
    Unit.MONTH: "monthly",
    Unit.QUARTER: "quarterly",
    Unit.YEAR: "annually",
}
_BILLINGS: Final = {**{unit: adverb.capitalize() for unit, adverb in _ADVERBS.items()}, Unit.YEAR: "Annual"}


def billing_name(interval: Interval) -> str:
    """Return how a plan is billed, as a name: `Annual`, `Monthly`, `Every 2 months`."""
    return _BILLINGS[interval.unit] if interval.count == 1 else f"Every {interval}"


def billed_how(interval: Interval) -> str:
    """Return how a plan is billed, within a sentence: `annually`, `monthly`, `every 2 months`."""
    return _ADVERBS[interval.unit] if interval.count == 1 else f"every {interval}"


def plan_sentence(summary: AccountSummary, *, locale: Locale) -> str:
    """Return which plan the account is on, and for what: the price of a year is said for a month."""
    agreement = summary.agreement
    plan = f"the {agreement.plan_name} plan"
    if agreement.is_over:
        return _ended(summary, locale)
    if agreement.trial_ends_on:
        last = formats.day_text(agreement.trial_ends_on, locale=locale, style="long")
        trying = f"You are currently trying {plan}, free of charge to the end of {last}."
        if not summary.priced:
            return trying
        then = "Then it is" if summary.is_bought else "You can buy it"
        return f"{trying} {then} {_terms(summary, locale)}."
    if not summary.priced:
        return f"You are currently on {plan}."
    return f"You are currently on {plan} {_terms(summary, locale)}."


def total_sentence(summary: AccountSummary, *, locale: Locale) -> str:
    """Return what is paid in total, and for how many subscriptions. Where nothing is paid it is empty."""
    priced = summary.priced
    if not priced or not summary.is_bought or summary.agreement.is_over:
        return ""
    amount = shown(sum(item.amount for item in priced), summary, locale=locale)
    held = [item for item in priced if item.number] or priced
    counted = [(formats.number_text(item.number, locale=locale), item) for item in held]
    whose = _listed([f"{number} {_called(item, summary)}" for number, item in counted])
    paying = "You will be paying" if summary.agreement.trial_ends_on else "You are currently paying"
    return f"{paying} a total of {amount} per {span_shown(summary.interval)} for {whose} subscriptions."


def exact_price(item: SummaryItem, summary: AccountSummary, *, locale: Locale) -> str:
    """Return what one costs for the period that is billed: `$200.00 per user per year`, named where there are several."""
    price = _price_in_words(item, summary, locale)
    return price if len(summary.priced) == 1 else f"{item.licence.name}: {price}"


def _price_in_words(item: SummaryItem, summary: AccountSummary, locale: Locale) -> str:
    each = f"per {item.held_by} per {summary.interval}"
    if item.is_average:
        money = rounded(item.unit_amount or 0, summary.currency)
        return f"{formats.money_text(money.amount_minor, money.currency, locale=locale)} {each} on average"
    return f"{formats.price_text(item.unit_amount or 0, summary.currency, locale=locale)} {each}"


def shown(amount: Exact, summary: AccountSummary, *, locale: Locale) -> str:
    """Return an amount of the billed interval as the sentences say it: for a month, where there is such a thing."""
    interval, currency = summary.interval, summary.currency
    money = monthly_equivalent(amount, currency, interval) or rounded(amount, currency)
    return formats.money_text(money.amount_minor, currency, locale=locale)


def span_shown(interval: Interval) -> str:
    """Return for how long the sentences say a price: a month, or the interval where a month has no fixed part."""
    return "month" if interval.months else str(interval)


def is_equivalent(interval: Interval) -> bool:
    """Say whether the price for a month is shown alone, and another one is billed."""
    return bool(interval.months) and interval != Interval(Unit.MONTH)


def _ended(summary: AccountSummary, locale: Locale) -> str:
    agreement = summary.agreement
    last = formats.day_text(agreement.ends_on, locale=locale, style="long") if agreement.ends_on else ""
    if summary.is_bought or not summary.priced:
        return f"Your subscription to the {agreement.plan_name} plan ended with {last}."
    return (
        f"Your trial of the {agreement.plan_name} plan ended with {last}. "
        f"You can buy it {_terms(summary, locale)}."
    )


def _terms(summary: AccountSummary, locale: Locale) -> str:
    """Return `for $16.67 per user per month, billed annually`."""
    prices = _listed([_price_of(item, summary, locale) for item in summary.priced])
    return f"for {prices} per {span_shown(summary.interval)}, billed {billed_how(summary.interval)}"


def _price_of(item: SummaryItem, summary: AccountSummary, locale: Locale) -> str:
    average = " on average" if item.is_average else ""
    return f"{shown(item.unit_amount or 0, summary, locale=locale)} per {_called(item, summary)}{average}"


def _called(item: SummaryItem, summary: AccountSummary) -> str:
    """Return `user` where there is one price, and the licences' own name where there are several."""
    return item.held_by if len(summary.priced) == 1 else item.licence.name


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
