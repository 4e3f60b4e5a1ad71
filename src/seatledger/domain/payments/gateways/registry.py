"""Which gateways this installation has."""

from functools import lru_cache

from django.conf import settings

from seatledger.domain.payments.gateways.interface import Gateway
from seatledger.shared.errors import Refused


class NoGateway(Refused):
    """Nothing here can charge a card or a bank account."""

    code = "no_gateway"


def gateway_named(name: str) -> Gateway:
    """Return the gateway that holds a method or made a payment. Raises NoGateway when this installation has it no more."""
    if name == "stripe" and settings.SEATLEDGER_STRIPE:
        return _stripe(**settings.SEATLEDGER_STRIPE)
    raise NoGateway(f"This installation has no gateway {name!r}.")


@lru_cache(maxsize=4)
def _stripe(key: str, webhook_secrets: tuple[str, ...], address: str | None) -> Gateway:
    # Its library takes a second to load, which only those wait for who use it.
    from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway  # noqa: PLC0415 -- as said above

    return StripeGateway(key, webhook_secrets, address)


def gateway_for_new_methods() -> Gateway:
    """Return the gateway at which customers add cards and bank accounts. Raises NoGateway where there is none."""
    return gateway_named(settings.SEATLEDGER_GATEWAY)
