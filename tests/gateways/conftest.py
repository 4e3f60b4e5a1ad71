"""The gateways of this installation, each with a world of its own: what is the same for all is asked of all."""

from collections.abc import Iterator
from typing import Protocol
from uuid import UUID, uuid4

import pytest

from seatledger.domain.payments.gateways.interface import Gateway, NewCharge, NewCustomer, NewRefund
from seatledger.domain.payments.gateways.sandbox import world
from seatledger.domain.payments.gateways.sandbox.gateway import SandboxGateway, charged_by_key
from seatledger.domain.payments.gateways.sandbox.models import SandboxCharge
from seatledger.domain.payments.gateways.sandbox.numbers import find_number
from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money
from stripe_server.client import StandIn
from stripe_world import FIVE, TWELVE
from stripe_world import World as StripesWorld

RETURN_URL = "http://localhost:1/billing/back"


class World(Protocol):
    """A gateway, one customer of it, and its own books. Numbers of cards mean the same in every world."""

    gateway: Gateway
    customer: str

    def method(self, number: str) -> str: ...
    def new_charge(
        self, token: str, amount: Money = TWELVE, *, present: bool = False, key: UUID | None = None
    ) -> NewCharge: ...
    def new_refund(self, charge: str, amount: Money = FIVE) -> NewRefund: ...
    def agree(self, reference: str) -> None: ...
    def taken(self) -> list[tuple[str, int]]: ...


class SandboxWorld:
    """The sandbox, whose customers do what they are told."""

    def __init__(self) -> None:
        self.gateway = SandboxGateway()
        told = NewCustomer(uuid4(), "Northwind", "SL-EU-1", "ann.lee@northwind.example")
        self.customer = self.gateway.open_customer(told)

    def method(self, number: str) -> str:
        found = find_number(number, MethodKind.CARD)
        assert found is not None
        return world.keep_number(self.customer, found, (2099, 12)).token

    def new_charge(
        self, token: str, amount: Money = TWELVE, *, present: bool = False, key: UUID | None = None
    ) -> NewCharge:
        return NewCharge(
            key or uuid4(), self.customer, token, MethodKind.CARD, amount, "INV-1", present, RETURN_URL
        )

    def new_refund(self, charge: str, amount: Money = FIVE) -> NewRefund:
        return NewRefund(uuid4(), charge, amount)

    def agree(self, reference: str) -> None:
        world.answer_bank(SandboxCharge.objects.get(reference=reference), confirms=True)

    def taken(self) -> list[tuple[str, int]]:
        return [(str(key), amount) for key, amount in charged_by_key().items()]


class StripeWorld(StripesWorld):
    """Stripe's stand-in, over HTTP."""

    def agree(self, reference: str) -> None:
        self.stripe.command("bank", intent=reference)

    def taken(self) -> list[tuple[str, int]]:
        return self.stripe.charged()


@pytest.fixture(scope="session")
def any_stand_in() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture(params=["sandbox", "stripe"])
def any_world(request: pytest.FixtureRequest, transactional_db: None, any_stand_in: StandIn) -> World:
    """Each gateway in turn, with empty books."""
    if request.param == "sandbox":
        return SandboxWorld()
    any_stand_in.command("reset")
    return StripeWorld(any_stand_in)
