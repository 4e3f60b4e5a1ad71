"""Every change to what accounts are charged. One file per subject."""

from seatledger.domain.invoices.actions.billing import BillingParked, bill_account
from seatledger.domain.invoices.actions.files import FilesMade, store_files
from seatledger.domain.invoices.actions.sellers import apply_seller

__all__ = ["BillingParked", "FilesMade", "apply_seller", "bill_account", "store_files"]
