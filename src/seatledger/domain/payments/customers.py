"""What gateways call our accounts: asked for once, kept for good."""

from datetime import datetime

from seatledger.domain.accounts.models import Account
from seatledger.domain.payments.gateways.interface import Gateway, NewCustomer
from seatledger.domain.payments.models import GatewayCustomer
from seatledger.domain.people.queries import find_main_contact


def customer_at(gateway: Gateway, account: Account, *, at: datetime) -> str:
    """Return what a gateway calls an account; the first time it is told of it. Called outside any transaction.

    Two at once are told the same, because the account's id is the key.
    """
    known = GatewayCustomer.objects.filter(account=account, gateway=gateway.name).first()
    if known:
        return known.reference
    contact = find_main_contact(account)
    told = NewCustomer(account.pk, account.name, account.serial_number, contact.email if contact else "")
    reference = gateway.open_customer(told)
    made, _ = GatewayCustomer.objects.get_or_create(
        account=account, gateway=gateway.name, defaults={"reference": reference, "made_at": at}
    )
    return made.reference
