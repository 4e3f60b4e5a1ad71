"""Questions about how an account pays, and what for."""

from seatledger.domain.payments.queries.collecting import list_unknown_for_staff
from seatledger.domain.payments.queries.methods import get_default_method, get_method, list_methods
from seatledger.domain.payments.queries.offers import Offer, list_offers
from seatledger.domain.payments.queries.summary import AccountSummary, SummaryItem, get_account_summary
from seatledger.domain.payments.queries.transfers import (
    get_transfer_for_operator,
    list_transfers_for_operator,
    propose_for_operator,
)
from seatledger.domain.payments.queries.truth import find_wrong_payments

__all__ = [
    "AccountSummary",
    "Offer",
    "SummaryItem",
    "find_wrong_payments",
    "get_account_summary",
    "get_default_method",
    "get_method",
    "get_transfer_for_operator",
    "list_methods",
    "list_offers",
    "list_transfers_for_operator",
    "list_unknown_for_staff",
    "propose_for_operator",
]
