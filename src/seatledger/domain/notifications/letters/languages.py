"""In which language somebody is written to, and how days and amounts look there."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal

from seatledger.domain.notifications.models.choices import Language
from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Money

_HOME: Final = {Language.ENGLISH: "en_GB", Language.GERMAN: "de_DE"}


def language_of(locale: str) -> Language:
    """Return the language for an account's locale: its own when there are words in it, else English."""
    spoken = locale.partition("-")[0]
    return Language(spoken) if spoken in Language.values else Language.ENGLISH


@dataclass(frozen=True)
class Figures:
    """How a reader's days and amounts are written: in the language's own way, as in the account's country."""

    locale: Locale
    zone: ZoneInfo

    @classmethod
    def of(cls, language: Language, *, account_locale: str, time_zone: str) -> "Figures":
        return cls(_locale(language, account_locale), ZoneInfo(time_zone))

    def day(self, day: date) -> str:
        """Return a day in full: 31 March 2026."""
        return format_date(day, format="long", locale=self.locale)

    def instant(self, instant: datetime) -> str:
        """Return an instant as the account's clock shows it: 31 March 2026, 11:05 (Europe/London)."""
        local = instant.astimezone(self.zone)
        clock = format_time(local.time(), format="short", locale=self.locale)
        zone = get_timezone_name(local, width="short", locale=self.locale)
        return f"{self.day(local.date())}, {clock} ({zone})"

    def money(self, amount: Money) -> str:
        """Return an amount with its currency: £1,234.50. Digits follow ISO 4217, as on invoices."""
        exponent = exponent_of(amount.currency)
        pattern = self.locale.currency_formats["standard"].pattern.split(";")[0]
        pattern = pattern.replace(".00", f".{'0' * exponent}" if exponent else "")
        value = Decimal(amount.amount_minor).scaleb(-exponent)
        return format_currency(
            value, amount.currency, format=pattern, locale=self.locale, currency_digits=False
        )

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)


@lru_cache(maxsize=256)
def _locale(language: Language, account_locale: str) -> Locale:
    """Return the account's locale when it speaks the language, else the language as in the account's country."""
    territory = account_locale.partition("-")[2]
    try:
        return Locale.parse(f"{language}_{territory}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_HOME[language])
