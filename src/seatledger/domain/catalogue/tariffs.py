"""Prices of the catalogue, and those agreed with an account, as the engine charges them."""

from collections.abc import Mapping
from typing import Protocol

from seatledger.domain.catalogue.models import Price
from seatledger.domain.catalogue.price_fields import Charging, PriceFields, read_price
from seatledger.domain.catalogue.price_values import amount_to_decimal
from seatledger.engine.periods import Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import ChargeModel, CountingRule

# Of these a price has one, so a new one takes the place of whichever there is.
_AMOUNTS = frozenset({"unit_amount", "flat_amount", "tiers"})


class Charged(Protocol):
    """A licence type, as far as it says how it is charged."""

    @property
    def key(self) -> str: ...
    @property
    def charge_model(self) -> str: ...
    @property
    def counting_rule(self) -> str: ...


def plan_of(price: Price, kind: Charged, *, agreed: Mapping[str, object] | None = None) -> Plan:
    """Return the price as the engine charges it. What is `agreed` stands in place of it, field by field.

    `agreed` is in the form of docs/rating.md. Raises FieldRefused when it cannot be read, or goes together neither
    with the price nor with the way in which licences of this type are charged.
    """
    fields = fields_of(price)
    if agreed:
        fields = agree(fields, agreed)
    charging = charging_of(
        kind, key=price.item.version.plan.key, currency=price.currency, interval=price.interval
    )
    return fields.to_plan(charging, field=kind.key)


def charging_of(kind: Charged, *, key: str, currency: str, interval: str) -> Charging:
    """Return what a price of this licence type is charged by besides its own fields; `key` is the plan's."""
    return Charging(
        key=key,
        currency=currency,
        interval=Unit(interval),
        charge_model=ChargeModel(kind.charge_model),
        counting_rule=CountingRule(kind.counting_rule),
    )


def fields_of(price: Price) -> PriceFields:
    """Return what a stored price says."""
    columns: dict[str, object] = {"interval_count": price.interval_count}
    if price.unit_amount is not None:
        columns["unit_amount"] = price.unit_amount
    return read_price({**price.rules, **columns})


def columns_of(fields: PriceFields) -> dict[str, object]:
    """Return the columns that hold what a price says: `fields_of` a price with them gives `fields`."""
    amount = fields.unit_amount
    return {
        "interval_count": fields.interval_count,
        "unit_amount": None if amount is None else amount_to_decimal(amount),
        "rules": written(fields, leaving_out={"interval_count", "unit_amount"}),
    }


def written(fields: PriceFields, *, leaving_out: set[str] | None = None) -> dict[str, object]:
    """Return the fields as they are written in a file, those that say what is usual left out."""
    return fields.model_dump(mode="json", exclude_defaults=True, exclude=leaving_out)


def agree(fields: PriceFields, agreed: Mapping[str, object]) -> PriceFields:
    """Return the price with what was agreed in place of it, field by field. Raises FieldRefused."""
    left_out = set(agreed) | (set(_AMOUNTS) if _AMOUNTS & set(agreed) else set())
    kept = {name: value for name, value in written(fields).items() if name not in left_out}
    return read_price({**kept, **agreed})
