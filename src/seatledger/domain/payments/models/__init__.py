"""How accounts pay, what they pay, and what goes back."""

from seatledger.domain.payments.models.dunning import Dunning, DunningEnd
from seatledger.domain.payments.models.methods import (
    GatewayCustomer,
    MethodKind,
    PaymentMethod,
    Setup,
    SetupState,
)
from seatledger.domain.payments.models.notices import GatewayNotice
from seatledger.domain.payments.models.orders import Order, OrderState
from seatledger.domain.payments.models.payments import (
    LIVE,
    PAID,
    Dispute,
    DisputeState,
    Payment,
    PaymentState,
    Refund,
    RefundState,
)
from seatledger.domain.payments.models.quotations import (
    QUOTATION_FILES,
    Quotation,
    QuotationFile,
    QuotationLine,
    QuotationState,
)
from seatledger.domain.payments.models.transfers import BankStatement, IncomingTransfer, TransferState

__all__ = [
    "LIVE",
    "PAID",
    "QUOTATION_FILES",
    "BankStatement",
    "Dispute",
    "DisputeState",
    "Dunning",
    "DunningEnd",
    "GatewayCustomer",
    "GatewayNotice",
    "IncomingTransfer",
    "MethodKind",
    "Order",
    "OrderState",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "Quotation",
    "QuotationFile",
    "QuotationLine",
    "QuotationState",
    "Refund",
    "RefundState",
    "Setup",
    "SetupState",
    "TransferState",
]
