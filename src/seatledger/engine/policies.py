"""Policies: how parts of a period are measured, rounded and charged."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from seatledger.engine.daily import DayRule
from seatledger.engine.money import Rounding


class DayCount(StrEnum):
    """What a part of a period is measured in."""

    DAYS = "days"  # days of the account's zone
    SECONDS = "seconds"
    THIRTY_DAY_MONTH = "thirty_day_month"  # 30/360: the 30th and the 31st are one day together, the last of February stands for those it lacks
    NONE = "none"  # not at all: any part of a period costs the full price


class Rounded(StrEnum):
    """What is rounded to a minor unit."""

    LINE = "line"  # the amount of the line
    SEAT = "seat"  # the amount of each seat; then they are added up
    UNIT = "unit"  # the price of one seat for one day; then it is multiplied


class Increase(StrEnum):
    """Which increases within a period are charged."""

    EACH = "each_increase"
    ABOVE_HIGHEST_PAID = "above_highest_paid"  # only beyond the most that was charged in the period


class IncreaseCharge(StrEnum):
    """What an increase within a period costs."""

    PRORATED = "prorated"  # its part of the period
    FULL = "full"  # the full period


class IncreaseFrom(StrEnum):
    """When an increase is charged."""

    NOW = "now"  # from its day, on an invoice of that day
    NEXT_INVOICE = "next_invoice"  # from its day, on whichever invoice comes next
    RENEWAL = "renewal"  # from the next period


class Decrease(StrEnum):
    """What a decrease within a period does."""

    AT_RENEWAL = "at_renewal"  # nothing before the next period
    CREDIT = "credit"  # the days left are credited
    REFUSED = "refused"  # it is not possible


class ChargeModel(StrEnum):
    """What is charged for, and when."""

    PREPAID = "prepaid"  # the number bought, in advance
    ACTIVE = "active"  # the number held, in arrears
    CAPPED = "capped"  # the number held below a maximum, in arrears

    @property
    def in_arrears(self) -> bool:
        return self is not ChargeModel.PREPAID


class CountingRule(StrEnum):
    """How the seats held in a period are counted when it is charged in arrears."""

    DAILY = "daily"  # each day what that day counts
    PEAK = "peak"  # the most held at once
    CLOSING = "closing"  # those held as the period ends
    EVER = "ever"  # everyone who held one at any time


@dataclass(frozen=True, slots=True)
class Measure:
    """How an amount is measured and rounded.

    Raises ValueError when the price of one second would be rounded.
    """

    day_count: DayCount = DayCount.DAYS
    rounded: Rounded = Rounded.LINE
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        if self.rounded is Rounded.UNIT and self.day_count is DayCount.SECONDS:
            raise ValueError("The price of one second cannot be rounded: choose line or seat.")


BY_THE_DAY: Final = Measure()


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens when the number of seats changes within a period.

    Raises ValueError for a combination that contradicts itself.
    """

    measure: Measure = BY_THE_DAY
    ending_day_billed: bool = True
    increase: Increase = Increase.EACH
    increase_charge: IncreaseCharge = IncreaseCharge.PRORATED
    increase_from: IncreaseFrom = IncreaseFrom.NOW
    decrease: Decrease = Decrease.AT_RENEWAL

    def __post_init__(self) -> None:
        if self.decrease is not Decrease.CREDIT:
            return
        if self.increase is Increase.ABOVE_HIGHEST_PAID:
            raise ValueError("What is credited is no longer paid: credit goes with each_increase.")
        if self.charges_in_full:
            raise ValueError("What is charged in full is not credited by the day: credit goes with prorated.")

    @property
    def charges_in_full(self) -> bool:
        return self.increase_charge is IncreaseCharge.FULL or self.measure.day_count is DayCount.NONE

    @property
    def day_rule(self) -> DayRule:
        return DayRule.ANY_MOMENT if self.ending_day_billed else DayRule.CLOSING


DEFAULT_POLICY: Final = Policy()
