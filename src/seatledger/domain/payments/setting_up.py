"""How a gateway is asked for its page, and for what was entered there: between transactions, never inside one."""

from datetime import timedelta
from typing import Final

from seatledger.domain.events.actions import Actor
from seatledger.domain.payments.actions.setups import fail_setup, finish_setup, store_setup_page
from seatledger.domain.payments.charging import Clock
from seatledger.domain.payments.customers import customer_at
from seatledger.domain.payments.gateways import reasons
from seatledger.domain.payments.gateways.interface import GatewayRefused, NewSetup, Outcome
from seatledger.domain.payments.gateways.registry import gateway_named
from seatledger.domain.payments.models import MethodKind, Setup, SetupState
from seatledger.shared.quiet import refuse_while_quiet

# So long a customer may take on the page before we forget that he went there.
CUSTOMER_MAY_TAKE: Final = timedelta(hours=24)


def open_setup(setup: Setup, *, clock: Clock) -> None:
    """Ask the gateway for its page and keep the address; a second call finds it there. Raises OutcomeUnknown."""
    refuse_while_quiet()
    if setup.state != SetupState.OPEN or setup.reference:
        return
    gateway = gateway_named(setup.gateway)
    try:
        customer = customer_at(gateway, setup.account, at=clock())
        new = NewSetup(setup.pk, customer, MethodKind(setup.kind), setup.return_url)
        started = gateway.begin_setup(new)
    except GatewayRefused:
        fail_setup(setup=setup, reason=reasons.REFUSED, at=clock(), by=Actor.system())
        return
    store_setup_page(setup=setup, started=started, at=clock(), by=Actor.system())


def resolve_setup(setup: Setup, *, clock: Clock) -> None:
    """Ask the gateway what became of a setup and store it. Raises OutcomeUnknown."""
    refuse_while_quiet()
    if setup.state != SetupState.OPEN:
        return
    if not setup.reference:
        open_setup(setup, clock=clock)
        return
    answer = gateway_named(setup.gateway).look_up_setup(setup.reference)
    if answer.outcome is Outcome.SUCCEEDED and answer.method:
        finish_setup(setup=setup, entered=answer.method, at=clock(), by=Actor.system())
    elif answer.outcome is Outcome.FAILED:
        fail_setup(setup=setup, reason=answer.reason or reasons.REFUSED, at=clock(), by=Actor.system())
    elif clock() - setup.begun_at > CUSTOMER_MAY_TAKE:
        fail_setup(setup=setup, reason=reasons.CANCELLED, at=clock(), by=Actor.system())
