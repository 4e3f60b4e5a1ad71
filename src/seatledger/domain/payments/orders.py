"""What a customer can order, as values, and as data while an order waits for its payment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from seatledger.domain.catalogue.models import PlanVersion, PriceInterval
from seatledger.domain.subscriptions.actions import PlanChoice
from seatledger.domain.subscriptions.models import SubscriptionItem, TakesEffect
from seatledger.domain.subscriptions.queries import Agreement
from seatledger.shared.errors import NotFound


@dataclass(frozen=True)
class NumberOrder:
    """As many licences of an item as `number`: more at once, fewer from the renewal on."""

    item_id: UUID
    number: int


@dataclass(frozen=True)
class MoreOrder:
    """So many more licences of each item, at once: of several types in one order."""

    numbers: Mapping[UUID, int]


@dataclass(frozen=True)
class PlanOrder:
    """Another plan or interval, at once or from the end of the period on."""

    choice: PlanChoice
    takes_effect: TakesEffect = TakesEffect.AT_ONCE


@dataclass(frozen=True)
class TrialOrder:
    """A trial becomes paid, on its own plan unless another is chosen: at once, or when its days are over.

    `numbers` is how many licences there are to be on its own plan, by the key of the licence type; what is left out
    stays as it is. Another plan says its numbers in `choice`.
    """

    takes_effect: TakesEffect = TakesEffect.AT_ONCE
    choice: PlanChoice | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class EndOrder:
    """The subscription ends with the period."""


@dataclass(frozen=True)
class QuotedOrder:
    """What staff offered in a quotation: so many more licences of each item, at once, at prices agreed for their types.

    It is for the items and, by the keys of licence types, the prices that the quotation says; no customer makes one.
    """

    numbers: Mapping[UUID, int]
    agreed_prices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


Order = NumberOrder | MoreOrder | QuotedOrder | PlanOrder | TrialOrder | EndOrder


def write_order(order: Order) -> dict[str, Any]:
    """Return an order as data, from which `read_order` makes it again."""
    if isinstance(order, NumberOrder):
        return {"order": "number", "item": str(order.item_id), "number": order.number}
    if isinstance(order, MoreOrder):
        return {"order": "more", "numbers": {str(item_id): more for item_id, more in order.numbers.items()}}
    if isinstance(order, EndOrder):
        return {"order": "end"}
    assert not isinstance(order, QuotedOrder), "what a quotation offers is kept with it"
    said: dict[str, Any] = {"takes_effect": order.takes_effect, "choice": _write_choice(order.choice)}
    if isinstance(order, TrialOrder):
        return {"order": "trial", "numbers": dict(order.numbers), **said}
    return {"order": "plan", **said}


def read_order(data: Mapping[str, Any]) -> Order:
    """Return the order that was written as data. Raises NotFound when its plan is there no more."""
    kind = data["order"]
    if kind == "number":
        return NumberOrder(UUID(data["item"]), data["number"])
    if kind == "more":
        return MoreOrder({UUID(item_id): more for item_id, more in data["numbers"].items()})
    if kind == "end":
        return EndOrder()
    choice, when = _read_choice(data["choice"]), TakesEffect(data["takes_effect"])
    if kind == "trial":
        return TrialOrder(when, choice, data["numbers"])
    assert choice is not None, "an order of a plan names it"
    return PlanOrder(choice, when)


def quantities_of(agreement: Agreement, numbers: Mapping[str, int]) -> list[tuple[SubscriptionItem, int]]:
    """Return the items that numbers by licence type's key are for. Raises NotFound."""
    by_key = {licence.item.pool.licence_type.key: licence.item for licence in agreement.licences}
    if missing := [key for key in numbers if key not in by_key]:
        raise NotFound(f"licence type as {missing[0]} in this subscription", "")
    return [(by_key[key], number) for key, number in sorted(numbers.items())]


def _write_choice(choice: PlanChoice | None) -> dict[str, Any] | None:
    """Return a choice as data; what a customer orders has no prices of its own."""
    if choice is None:
        return None
    assert choice.agreed_prices is None, "a customer agrees on no prices by himself"
    return {
        "version": str(choice.version.pk),
        "interval": choice.interval,
        "quantities": dict(choice.quantities),
    }


def _read_choice(data: Mapping[str, Any] | None) -> PlanChoice | None:
    if data is None:
        return None
    version = PlanVersion.objects.select_related("plan").filter(pk=data["version"]).first()
    if version is None:
        raise NotFound("plan", "")
    return PlanChoice(version, PriceInterval(data["interval"]), data["quantities"])
