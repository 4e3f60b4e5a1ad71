"""Which gateways this installation has."""

from django.conf import settings

from seatledger.domain.payments.gateways.interface import Gateway
from seatledger.shared.errors import Refused


class NoGateway(Refused):
    """Nothing here can charge a card or a bank account."""

    code = "no_gateway"


def gateway_named(name: str) -> Gateway:
    """Return the gateway that holds a method or made a payment. Raises NoGateway when this installation has it no more."""
    raise NoGateway(f"This installation has no gateway {name!r}.")


def gateway_for_new_methods() -> Gateway:
    """Return the gateway at which customers add cards and bank accounts. Raises NoGateway where there is none."""
    return gateway_named(settings.SEATLEDGER_GATEWAY)
