"""Taking what is open of an issued invoice by the account's default method, once, without being asked."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.events.actions import Actor
from seatledger.domain.invoices.models import Document
from seatledger.domain.payments.actions.charges import NewPayment, intend_charge
from seatledger.domain.payments.models import Payment
from seatledger.domain.payments.queries.collecting import is_to_collect


@transaction.atomic
def collect_invoice(*, invoice: Document, at: datetime, by: Actor) -> Payment | None:
    """Intend to charge what is open of an invoice; None when there is nothing to collect of it any more.

    Two at once collect it once: the second finds the payment of the first under way.
    """
    account = lock_account(invoice.account)
    if not is_to_collect(account, invoice):
        return None
    return intend_charge(account=account, new=NewPayment(document=invoice), at=at, by=by)
