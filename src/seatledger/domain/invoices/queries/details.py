"""Whom an account's documents are made out to."""

from seatledger.domain.accounts.models import Account
from seatledger.domain.invoices.models import BillingDetails


def get_billing_details(account: Account) -> BillingDetails:
    """Return the account's billing details, empty ones while it has given none."""
    found = BillingDetails.objects.filter(account=account).select_related("seller").first()
    return found or BillingDetails(account=account)
