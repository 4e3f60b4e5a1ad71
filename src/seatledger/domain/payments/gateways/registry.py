"""Which gateways this installation has."""

from collections.abc import Callable

from django.conf import settings

from seatledger.domain.payments.gateways.interface import Gateway
from seatledger.domain.payments.gateways.sandbox.gateway import SandboxGateway
from seatledger.shared.errors import Refused
from seatledger.shared.quiet import refuse_while_quiet


def _make_stripe() -> Gateway:
    # Its library takes a second to load, which only those wait for who use it.
    from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway  # noqa: PLC0415 -- as said above

    assert settings.SEATLEDGER_STRIPE, "nobody asks for Stripe where there is no account at Stripe"
    return StripeGateway(**settings.SEATLEDGER_STRIPE)


_makers: dict[str, Callable[[], Gateway]] = {"sandbox": SandboxGateway, "stripe": _make_stripe}
_made: dict[str, Gateway] = {}


class NoGateway(Refused):
    """Nothing here can charge a card or a bank account."""

    code = "no_gateway"


def gateway_named(name: str) -> Gateway:
    """Return the gateway that holds a method or made a payment. Raises NoGateway when this installation has it no more.

    The sandbox charges nobody, so it is there only where it was chosen. Stripe is there where an account at Stripe is,
    also when it is not chosen any more: what was paid there is refunded there. Nobody asks a gateway for anything but by
    this function, so here stands what keeps a restored copy from charging: raises StaysQuiet.
    """
    if name not in gateway_names():
        raise NoGateway(f"This installation has no gateway {name!r}.")
    refuse_while_quiet()
    if name not in _made:
        _made[name] = _makers[name]()
    return _made[name]


def gateway_names() -> list[str]:
    """Return the gateways that can be asked here."""
    absent = set()
    if settings.SEATLEDGER_GATEWAY != "sandbox":
        absent.add("sandbox")
    if not settings.SEATLEDGER_STRIPE:
        absent.add("stripe")
    return [name for name in _makers if name not in absent]


def gateway_for_new_methods() -> Gateway:
    """Return the gateway at which customers add cards and bank accounts. Raises NoGateway where there is none."""
    return gateway_named(settings.SEATLEDGER_GATEWAY)


def use_gateway(gateway: Gateway) -> None:
    """Have this process ask `gateway` under its name from now on."""
    _makers.setdefault(gateway.name, lambda: gateway)
    _made[gateway.name] = gateway
