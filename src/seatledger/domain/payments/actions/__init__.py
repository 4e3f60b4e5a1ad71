"""Every change to how an account pays."""

from seatledger.domain.payments.actions.methods import (
    DefaultMethodNeeded,
    NewMethod,
    TransferNotAgreed,
    UnfitCard,
    add_method,
    choose_default,
    remove_method,
)

__all__ = [
    "DefaultMethodNeeded",
    "NewMethod",
    "TransferNotAgreed",
    "UnfitCard",
    "add_method",
    "choose_default",
    "remove_method",
]
