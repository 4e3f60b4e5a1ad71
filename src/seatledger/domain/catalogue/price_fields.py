"""What a price can say, field by field: docs/rating.md is its page.

The same form is read in a catalogue file, in what is agreed with an account, and in a file to rate.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator
from pydantic.config import JsonDict, JsonValue

from seatledger.domain.catalogue.price_values import (
    Amount,
    Anchor,
    Day,
    Fields,
    Flag,
    Name,
    Quantity,
    Times,
    first_refusal,
    given_in_schema,
    naming,
)
from seatledger.engine.currencies import exponent_of
from seatledger.engine.money import Rounding
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
    Measure,
    Policy,
    Rounded,
)
from seatledger.engine.prices import Exact, Flat, Graduated, PerUnit, Price, Scheme, Tier, Volume, exact
from seatledger.engine.rates import Reduction
from seatledger.engine.targets import TrueUp, TrueUpCharge
from seatledger.engine.tariffs import Tariff


class TierFields(Fields):
    """The seats up to and including number `up_to`; the last tier leaves it out."""

    up_to: Annotated[Quantity, Field(ge=1)] | None = None
    unit_amount: Amount = Fraction(0)
    flat_amount: Amount = Fraction(0)


class DiscountFields(Fields):
    """What is taken off the price, percent first, and for how long: for ever unless `periods` or `until` is given."""

    model_config = ConfigDict(json_schema_extra={"not": given_in_schema("periods", "until")})

    percent: Amount = Fraction(0)
    amount: Amount = Fraction(0)
    periods: Times | None = None
    until: Day | None = None
    starts_on: Day | None = None


class TrueUpFields(Fields):
    """A look back, at the end of each window, at the most seats held at once in it."""

    every: Unit
    every_count: Times = 1
    charge: TrueUpCharge = TrueUpCharge.WINDOW

    def to_true_up(self) -> TrueUp:
        return TrueUp(Interval(self.every, self.every_count), self.charge)


class ProrationFields(Fields):
    """How parts of a period are measured, rounded and charged."""

    day_count: DayCount = DayCount.DAYS
    ending_day_billed: Flag = True
    increase: Increase = Increase.EACH
    increase_charge: IncreaseCharge = IncreaseCharge.PRORATED
    increase_from: IncreaseFrom = IncreaseFrom.NOW
    decrease: Decrease = Decrease.AT_RENEWAL
    rounded: Rounded = Rounded.LINE
    rounding: Rounding = Rounding.HALF_UP

    def to_policy(self) -> Policy:
        return Policy(
            measure=Measure(self.day_count, self.rounded, self.rounding),
            ending_day_billed=self.ending_day_billed,
            increase=self.increase,
            increase_charge=self.increase_charge,
            increase_from=self.increase_from,
            decrease=self.decrease,
        )


class Charging(NamedTuple):
    """What is known of a price besides its own fields. `key` names it on lines."""

    key: str
    currency: str
    interval: Unit
    charge_model: ChargeModel
    counting_rule: CountingRule


class PriceFields(Fields):
    """A price, and the rules by which parts of a period are charged."""

    interval_count: Times = 1
    anchor: Anchor = Anchoring.ANNIVERSARY
    unit_amount: Amount | None = None
    flat_amount: Amount | None = None
    tiers: (
        Annotated[tuple[TierFields, ...], Field(max_length=100, json_schema_extra={"minItems": 1})] | None
    ) = None
    tier_mode: Literal["graduated", "volume"] = "graduated"
    free_quantity: Quantity = 0
    minimum_quantity: Quantity = 0
    minimum_amount: Amount = Fraction(0)
    discounts: Annotated[tuple[DiscountFields, ...], Field(max_length=20)] = ()
    proration: ProrationFields = ProrationFields()
    true_up: TrueUpFields | None = None

    @model_validator(mode="after")
    def _require_one_price(self) -> Self:
        given = [price for price in (self.unit_amount, self.flat_amount, self.tiers) if price is not None]
        if len(given) > 1 or (not given and not self._may_be_included()):
            raise ValueError("Give one of unit_amount, flat_amount and tiers.")
        return self

    def _may_be_included(self) -> bool:
        """Say whether it may cost nothing by itself, because another item pays for it."""
        return False

    def to_plan(self, charging: Charging, *, field: str) -> Plan:
        """Return the plan. Raises FieldRefused, naming the part of `field`, when it contradicts itself."""
        scale = 10 ** exponent_of(charging.currency)
        with naming(f"{field}.proration"):
            policy = self.proration.to_policy()
        with naming(f"{field}.tiers"):
            price = self._price(scale)
        with naming(f"{field}.discounts"):
            grants = tuple(self._grant(discount, scale) for discount in self.discounts)
        with naming(field):
            tariff = Tariff(
                key=charging.key,
                currency=charging.currency,
                price=price,
                interval=Interval(charging.interval, self.interval_count),
                charge_model=charging.charge_model,
                counting=charging.counting_rule,
                policy=policy,
                true_up=self.true_up.to_true_up() if self.true_up else None,
            )
        return Plan(tariff, grants, self.anchor)

    def _price(self, scale: int) -> Price:
        return Price(
            self._scheme(scale), self.free_quantity, self.minimum_quantity, _minor(self.minimum_amount, scale)
        )

    def _scheme(self, scale: int) -> Scheme:
        if self.flat_amount is not None:
            return Flat(_minor(self.flat_amount, scale))
        if self.tiers is None:
            return PerUnit(_minor(self.unit_amount or Fraction(0), scale))
        tiers = tuple(
            Tier(tier.up_to, _minor(tier.unit_amount, scale), _minor(tier.flat_amount, scale))
            for tier in self.tiers
        )
        return Volume(tiers) if self.tier_mode == "volume" else Graduated(tiers)

    @staticmethod
    def _grant(discount: DiscountFields, scale: int) -> Grant:
        reduction = Reduction(exact(discount.percent), _minor(discount.amount, scale))
        return Grant(reduction, discount.periods, discount.until, discount.starts_on)


def read_price(values: Mapping[str, object]) -> PriceFields:
    """Return the price that the fields describe. Raises FieldRefused with one line that names the field."""
    try:
        return PriceFields.model_validate(values)
    except ValidationError as error:
        raise first_refusal(error, whole="price") from None


_PRICES: Final[list[JsonValue]] = [
    given_in_schema(field) for field in ("unit_amount", "flat_amount", "tiers")
]
# One of the prices; or none, where seats below a maximum are included in what another item costs.
_ONE_PRICE: Final[JsonDict] = {
    "oneOf": [
        *_PRICES,
        {
            "required": ["charge_model"],
            "properties": {"charge_model": {"const": ChargeModel.CAPPED.value}},
            "not": {"anyOf": _PRICES},
        },
    ]
}


class PlanFields(PriceFields):
    """A plan: its price, and the rules by which it is charged."""

    model_config = ConfigDict(json_schema_extra=_ONE_PRICE)

    plan: Name | None = None
    charge_model: ChargeModel = ChargeModel.PREPAID
    counting_rule: CountingRule = CountingRule.DAILY
    interval: Unit = Unit.MONTH

    def _may_be_included(self) -> bool:
        # Seats below a maximum may be included in what another item costs.
        return self.charge_model is ChargeModel.CAPPED

    def charging(self, currency: str, *, name: str) -> Charging:
        """Return what the plan says besides its price; it is called `name` unless it has a name of its own."""
        return Charging(self.plan or name, currency, self.interval, self.charge_model, self.counting_rule)


def _minor(major: Fraction, scale: int) -> Exact:
    return exact(major * scale)
