"""Every change to how an account pays, and everything that a customer buys."""

from seatledger.domain.payments.actions.methods import (
    DefaultMethodNeeded,
    NewMethod,
    TransferNotAgreed,
    UnfitCard,
    add_method,
    choose_default,
    remove_method,
)
from seatledger.domain.payments.actions.purchases import (
    EndOrder,
    NotSoldByNumber,
    NoWayToPay,
    NumberOrder,
    Order,
    OrderPlaced,
    PlanOrder,
    QuoteChanged,
    SoldByContract,
    TrialNotBought,
    TrialOrder,
    place_order,
    quote_order,
)

__all__ = [
    "DefaultMethodNeeded",
    "EndOrder",
    "NewMethod",
    "NoWayToPay",
    "NotSoldByNumber",
    "NumberOrder",
    "Order",
    "OrderPlaced",
    "PlanOrder",
    "QuoteChanged",
    "SoldByContract",
    "TransferNotAgreed",
    "TrialNotBought",
    "TrialOrder",
    "UnfitCard",
    "add_method",
    "choose_default",
    "place_order",
    "quote_order",
    "remove_method",
]
