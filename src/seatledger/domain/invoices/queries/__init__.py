"""Questions about what an account was charged and what it owes. One file per subject."""

from seatledger.domain.invoices.queries.documents import (
    get_document,
    list_corrections,
    list_lines,
    list_settlements,
    list_uses,
)
from seatledger.domain.invoices.queries.previews import Preview, preview_after, preview_next
from seatledger.domain.invoices.queries.sellers import list_rates_for_operator, list_sellers_for_operator
from seatledger.domain.invoices.queries.statements import Standing, get_standing, list_transactions

__all__ = [
    "Preview",
    "Standing",
    "get_document",
    "get_standing",
    "list_corrections",
    "list_lines",
    "list_rates_for_operator",
    "list_sellers_for_operator",
    "list_settlements",
    "list_transactions",
    "list_uses",
    "preview_after",
    "preview_next",
]
