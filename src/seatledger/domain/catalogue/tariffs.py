"""Prices of the catalogue, and those agreed with an account, as the engine charges them."""

from collections.abc import Mapping

from pydantic import ValidationError

from seatledger.domain.catalogue.models import LicenceType, Price
from seatledger.domain.catalogue.price_fields import Offer, PriceFields
from seatledger.domain.catalogue.price_values import FieldRefused
from seatledger.engine.periods import Unit
from seatledger.engine.plans import Plan
from seatledger.engine.policies import ChargeModel, CountingRule

# Of these a price has one.
_AMOUNTS = ("unit_amount", "flat_amount", "tiers")


def plan_of(price: Price, kind: LicenceType, *, agreed: Mapping[str, object] | None = None) -> Plan:
    """Return the price as the engine charges it. What is `agreed` stands in place of it, field by field.

    `agreed` is in the form of docs/rating.md. Raises FieldRefused when it cannot be read, or goes together neither
    with the price nor with the way in which licences of this type are charged.
    """
    offer = Offer(
        key=price.item.version.plan.key,
        currency=price.currency,
        interval=Unit(price.interval),
        charge_model=ChargeModel(kind.charge_model),
        counting_rule=CountingRule(kind.counting_rule),
    )
    return _read({**_fields_of(price, agreed or {}), **(agreed or {})}).to_plan(offer, field=kind.key)


def _fields_of(price: Price, agreed: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of the catalogue's price, without its amount where another one was agreed."""
    if any(amount in agreed for amount in _AMOUNTS):
        return {}
    return {"unit_amount": f"{price.unit_amount:f}"}


def _read(values: Mapping[str, object]) -> PriceFields:
    try:
        return PriceFields.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in problem["loc"]) or "price"
        raise FieldRefused(field, problem["msg"].removeprefix("Value error, ")) from None
