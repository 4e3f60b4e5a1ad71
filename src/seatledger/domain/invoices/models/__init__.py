"""What accounts are charged, what is open of it, and who sells."""

from seatledger.domain.invoices.models.books import UNDOING, BalanceEntry, EntryKind, Settlement
from seatledger.domain.invoices.models.documents import (
    Document,
    DocumentFile,
    DocumentKind,
    FileKind,
    Issue,
    Line,
    NumberElsewhere,
    NumberSeries,
    Void,
)
from seatledger.domain.invoices.models.runs import AccountBilling, BillingRun, OneBill
from seatledger.domain.invoices.models.sellers import BillingDetails, Seller, SellerChange, TaxKind, TaxRule

__all__ = [
    "UNDOING",
    "AccountBilling",
    "BalanceEntry",
    "BillingDetails",
    "BillingRun",
    "Document",
    "DocumentFile",
    "DocumentKind",
    "EntryKind",
    "FileKind",
    "Issue",
    "Line",
    "NumberElsewhere",
    "NumberSeries",
    "OneBill",
    "Seller",
    "SellerChange",
    "Settlement",
    "TaxKind",
    "TaxRule",
    "Void",
]
