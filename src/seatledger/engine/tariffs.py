"""Tariffs: the price of an item, and the rules by which it is charged."""

from dataclasses import dataclass, field, replace
from datetime import date

from seatledger.engine.periods import Interval
from seatledger.engine.policies import DEFAULT_POLICY, ChargeModel, CountingRule, DayCount, Policy
from seatledger.engine.prices import Price
from seatledger.engine.rates import Discount, Rate
from seatledger.engine.targets import TrueUp


@dataclass(frozen=True, slots=True)
class Tariff:
    """The price of an item and the rules by which it is charged.

    `key` names the price on lines. Raises ValueError for rules that contradict each other.
    """

    key: str
    currency: str
    price: Price
    interval: Interval
    charge_model: ChargeModel = ChargeModel.PREPAID
    counting: CountingRule = CountingRule.DAILY
    policy: Policy = DEFAULT_POLICY
    discounts: tuple[Discount, ...] = ()
    true_up: TrueUp | None = None
    # The rate of every day without a discount, made once for all of them.
    full_rate: Rate = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Make the rate without discounts. Raises ValueError for rules that contradict each other."""
        rate = Rate(self.key, self.currency, self.price, self.policy.measure)
        object.__setattr__(self, "full_rate", rate)
        if self.policy.measure.day_count is DayCount.THIRTY_DAY_MONTH and not self.interval.months:
            raise ValueError(
                "Months of thirty days go with months, quarters and years, not with days or weeks."
            )
        unmeasured = self.policy.measure.day_count is DayCount.NONE
        if self.charge_model.in_arrears and self.true_up:
            raise ValueError(
                "A true-up goes with prepaid: seats charged in arrears are never below their peak."
            )
        if unmeasured and self.true_up:
            raise ValueError("A true-up charges a part of a period: day_count none does not measure it.")
        if unmeasured and self.charge_model.in_arrears and self.counting is CountingRule.DAILY:
            raise ValueError(
                "Counting daily charges parts of a period: day_count none does not measure them."
            )

    def rate_on(self, day: date) -> Rate:
        """Return the price in force on `day`, with the discounts of that day."""
        reductions = tuple(discount.reduction for discount in self.discounts if discount.applies_on(day))
        return replace(self.full_rate, reductions=reductions) if reductions else self.full_rate
