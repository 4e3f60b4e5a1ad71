"""Questions about how an account pays, and what for."""

from seatledger.domain.payments.queries.methods import get_default_method, get_method, list_methods
from seatledger.domain.payments.queries.summary import AccountSummary, SummaryItem, get_account_summary

__all__ = [
    "AccountSummary",
    "SummaryItem",
    "get_account_summary",
    "get_default_method",
    "get_method",
    "list_methods",
]
