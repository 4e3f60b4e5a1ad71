"""How Seatledger writes amounts, days and instants: one function each, in the reader's language."""

import copy
import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.numbers import NumberPattern, format_decimal
from django.utils.translation import get_language, to_locale

from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import round_to_whole

NOTHING: Final = "\u2013"  # an en dash
HOUSE_LOCALE: Final = "en_GB"
_PLACES_OF_PRICES: Final = 8
_BETWEEN_CODE_AND_DIGITS: Final = re.compile(r"(?<=[A-Z])(?=[0-9])|(?<=[0-9])(?=[A-Z])")


def reader_locale() -> Locale:
    """Return the locale of the language that is active for this request.

    English of no country is written as in Britain; "en-us", activated, writes dates and amounts as there.
    """
    language = get_language() or "en"
    return _locale_named(HOUSE_LOCALE if language == "en" else to_locale(language))


@lru_cache(maxsize=4096)
def money_text(amount_minor: int, currency: str, *, locale: Locale) -> str:
    """Return whole minor units as people of `locale` write them: 1667 USD -> $16.67."""
    exponent = exponent_of(currency)
    pattern = _currency_pattern(locale, exponent)
    amount = Decimal(amount_minor).scaleb(-exponent)
    text: str = pattern.apply(amount, locale, currency=currency, currency_digits=False)
    # Source: CLDR, currency spacing: letters do not touch the digits. Babel leaves the space out.
    return _BETWEEN_CODE_AND_DIGITS.sub("\u00a0", text)


def price_text(amount: int | Fraction, currency: str, *, locale: Locale) -> str:
    """Return an exact number of minor units as a price: 1200 GBP -> £12.00, 1/8 of a cent -> US$0.00125.

    Prices are known to eight places, so what is finer still, as after a discount, is rounded there.
    """
    pattern = copy.copy(_currency_pattern(locale, exponent_of(currency)))
    pattern.frac_prec = (exponent_of(currency), _PLACES_OF_PRICES)
    units = round_to_whole(amount * 10 ** (_PLACES_OF_PRICES - exponent_of(currency)))
    number = Decimal(units).scaleb(-_PLACES_OF_PRICES)
    text: str = pattern.apply(number, locale, currency=currency, currency_digits=False)
    return _BETWEEN_CODE_AND_DIGITS.sub("\u00a0", text)


@lru_cache(maxsize=4096)
def number_text(number: int, *, locale: Locale) -> str:
    """Return a whole number with the locale's grouping: 12345 -> 12,345."""
    return format_decimal(number, locale=locale)


@lru_cache(maxsize=4096)
def day_text(day: date, *, locale: Locale, style: str = "medium") -> str:
    """Return a day as people of `locale` write it: 31 Mar 2026; `style` long: 31 March 2026."""
    return format_date(day, format=style, locale=locale)


def day_of_year_text(day: date, *, locale: Locale) -> str:
    """Return a day without its year, for a short row of days, as people of `locale` write it: 31 Mar, 3月31日."""
    # Source: CLDR, available formats: a skeleton says what is shown, each language in which order and with what between.
    text: str = format_skeleton("MMMd", day, locale=locale)
    return text


def instant_text(instant: datetime, *, zone: tzinfo, locale: Locale) -> str:
    """Return an instant as the clock in `zone` shows it: 31 Mar 2026, 11:05."""
    local = _in_zone(instant, zone)
    clock = _clock_text(local.hour, local.minute, locale=locale)
    return f"{day_text(local.date(), locale=locale)}, {clock}"


def full_instant_text(instant: datetime, *, zone: tzinfo, locale: Locale) -> str:
    """Return an instant with its weekday and zone: Tuesday, 31 March 2026, 11:05 British Summer Time."""
    local = _in_zone(instant, zone)
    day = day_text(local.date(), locale=locale, style="full")
    clock = _clock_text(local.hour, local.minute, locale=locale)
    return f"{day}, {clock} {_zone_text(zone, summer=bool(local.dst()), locale=locale)}"


def zone_named(zone: str | tzinfo) -> tzinfo:
    """Return the time zone for its IANA name, or the zone itself."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _in_zone(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:
        # The last hours there are have no clock east of Greenwich.
        return instant


# A list shows the same few days, times of day and prices again and again, and Babel takes its time over each.
@lru_cache(maxsize=4096)
def _clock_text(hour: int, minute: int, *, locale: Locale) -> str:
    return format_time(time(hour, minute), format="short", locale=locale)


@lru_cache(maxsize=512)
def _zone_text(zone: tzinfo, *, summer: bool, locale: Locale) -> str:
    variant: Literal["daylight", "standard"] = "daylight" if summer else "standard"
    return get_timezone_name(zone, zone_variant=variant, locale=locale)


@lru_cache(maxsize=64)
def _locale_named(name: str) -> Locale:
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(HOUSE_LOCALE)


@lru_cache(maxsize=256)
def _currency_pattern(locale: Locale, exponent: int) -> NumberPattern:
    # Babel's own digits follow everyday use (no fils, no öre); an invoice follows ISO 4217.
    pattern: NumberPattern = copy.copy(locale.currency_formats["standard"])
    pattern.frac_prec = (exponent, exponent)
    return pattern
