"""Every change to what accounts are charged. One file per subject."""

from seatledger.domain.invoices.actions.billing import BillingParked, bill_account

__all__ = ["BillingParked", "bill_account"]
