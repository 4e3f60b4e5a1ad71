"""Amounts as Stripe counts them, which is not always as ISO 4217 does."""

from typing import Final

from seatledger.domain.payments.gateways.interface import GatewayRefused
from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Money

# Source: Stripe's list of supported currencies, "Zero-decimal currencies" and "Special cases".
# ISO 4217 gives the ariary two decimals, Stripe none.
_STRIPE_EXPONENTS: Final = {"MGA": 0, "ISK": 2, "UGX": 2}
# What an amount is a multiple of: whole krónur and shillings, though Stripe counts them in hundredths; and no
# thousandths, since not every partner of Stripe's can take them.
_MULTIPLES: Final = {"ISK": 100, "UGX": 100}
_MULTIPLE_OF_THREE_DECIMALS: Final = 10


def stripe_amount(amount: Money) -> int:
    """Return the number that says this amount to Stripe.

    Raises GatewayRefused for one that Stripe cannot take: 5.123 KWD, or half an ariary.
    """
    exact = _shift(amount.amount_minor, _stripe_exponent(amount.currency) - exponent_of(amount.currency))
    if exact is None or exact % _multiple(amount.currency):
        raise GatewayRefused(
            f"Stripe cannot take {amount}: it is finer than the smallest part of {amount.currency} it knows."
            " Pay it by bank transfer."
        )
    return exact


def money_of(number: int, currency: str) -> Money:
    """Return the amount that Stripe says with this number, in a currency as it writes it."""
    code = currency.upper()
    exact = _shift(number, exponent_of(code) - _stripe_exponent(code))
    assert exact is not None, f"Stripe says {number} of {code}, which there is no coin for"
    return Money(exact, code)


def _stripe_exponent(currency: str) -> int:
    return _STRIPE_EXPONENTS.get(currency, exponent_of(currency))


def _multiple(currency: str) -> int:
    default = _MULTIPLE_OF_THREE_DECIMALS if _stripe_exponent(currency) == 3 else 1
    return _MULTIPLES.get(currency, default)


def _shift(number: int, places: int) -> int | None:
    """Return the number with so many zeros more or fewer; None when a digit would be lost."""
    if places >= 0:
        return int(number * 10**places)
    whole, rest = divmod(number, 10**-places)
    return None if rest else whole
