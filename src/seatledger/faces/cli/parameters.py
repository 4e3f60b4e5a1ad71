"""Kinds of values that operators type: days, days or never, accounts by serial number."""

from datetime import date

import click

from seatledger.domain.accounts.models import Account
from seatledger.domain.accounts.queries import get_account_for_operator
from seatledger.domain.catalogue.models import PriceInterval


class Day(click.ParamType[date]):
    """A day such as 2026-11-21."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no day. Write it as 2026-11-21.", param, ctx)


class SerialNumber(click.ParamType[Account]):
    """The serial number of an account; the command receives the account."""

    name = "serial"

    def convert(
        self, value: str | Account, param: click.Parameter | None, ctx: click.Context | None
    ) -> Account:
        del param, ctx  # a serial number of no account is refused like any other unknown thing
        return value if isinstance(value, Account) else get_account_for_operator(value)


DAY = Day()
ACCOUNT = SerialNumber()
NEVER = "never"


class DayOrNever(click.ParamType[date | str]):
    """A day, or the word `never`, which the command receives as it is."""

    name = "date|never"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | str:
        return NEVER if value == NEVER else DAY.convert(value, param, ctx)


DAY_OR_NEVER = DayOrNever()

INTERVAL = click.Choice(PriceInterval.values)


class Quantity(click.ParamType[tuple[str, int]]):
    """A licence type's key and how many: `on-demand=5`."""

    name = "type=number"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        key, _, number = value.partition("=")
        if not (key and number.isdecimal() and number.isascii() and len(number) < 10):
            self.fail(f"“{value}” is no licence type and number. Write it as on-demand=5.", param, ctx)
        return key, int(number)


QUANTITY = Quantity()
