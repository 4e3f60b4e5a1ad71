"""Bill accounts: one that something was just bought for, or all that are due."""

from datetime import date, datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.billing import bill_held
from seatledger.domain.invoices.models import AccountBilling, Document
from seatledger.shared.errors import Refused


class BillingWaits(Refused):
    """The account's billing waits for a person."""

    code = "billing_waits"


@transaction.atomic
def bill_account(*, account: Account, through: date | None = None, at: datetime, by: Actor) -> list[Document]:
    """Issue everything that is due up to and including `through` (None: the account's today), oldest first.

    What its provider is billed for is left to the billing run, and all that is due of the account with it.
    Billing again changes nothing. A day that has not come is not billed. Raises BillingWaits while the account waits
    for a person, and NoSeller and TaxRuleMissing when it is not known who sells or at which tax.
    """
    issued = [row.id for row in bill_held([hold_billing(account)], through=through, at=at, by=by)]
    rows = Document.objects.select_related("issue").in_bulk(issued)
    return [rows[document_id] for document_id in issued]


def hold_billing(account: Account) -> AccountBilling:
    """Hold an account and return how far it is billed. Raises BillingWaits while it waits for a person."""
    account = lock_account(account)
    billing, _ = AccountBilling.objects.get_or_create(account=account)
    billing.account = account
    if billing.parked_at:
        raise BillingWaits(
            f"The billing of {account.serial_number} waits for a person: {billing.parked_because}"
        )
    return billing
