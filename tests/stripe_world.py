"""What tests of the Stripe gateway say in one line: a customer with a card, a charge of so much."""

from typing import Final
from uuid import UUID, uuid4

from seatledger.domain.payments.gateways.interface import (
    NewCharge,
    NewCustomer,
    NewRefund,
    NewSetup,
    StartedSetup,
)
from seatledger.domain.payments.gateways.stripe.gateway import StripeGateway
from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money
from stripe_server.client import StandIn

KEY: Final = "sk_test_stand_in"
SECRET: Final = "whsec_stand_in"  # noqa: S105 -- the stand-in's
# Enough for an answer on a busy machine; whoever tests that none comes is less patient.
PATIENCE_S: Final = 30.0

TWELVE: Final = Money(1200, "EUR")
FIVE: Final = Money(500, "EUR")

WORKS: Final = "4242424242424242"
DECLINES: Final = "4000000000000341"
ASKS_ALWAYS: Final = "4000002760003184"
PAYS: Final = "DE89370400440532013000"
RETURNS: Final = "DE62370400440532013001"


class World:
    """The stand-in, a gateway that asks it, and one customer."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stripe = stand_in
        self.gateway = self.open_gateway()
        self._customer = ""
        self._kinds: dict[str, MethodKind] = {}

    def open_gateway(self, *, key: str = KEY, patience_s: float = PATIENCE_S) -> StripeGateway:
        return StripeGateway(key, [SECRET], self.stripe.address, answer_within_s=patience_s)

    @property
    def customer(self) -> str:
        if not self._customer:
            new = NewCustomer(uuid4(), "Northwind", "SL-EU-1", "ann.lee@northwind.example")
            self._customer = self.gateway.open_customer(new)
        return self._customer

    def forget_customer(self) -> None:
        self._customer = ""

    def method(self, number: str = WORKS) -> str:
        """Return a card or a bank account that the customer entered some day."""
        named = {"number": number} if number.isdigit() else {"iban": number}
        made = self.stripe.command("methods", customer=self.customer, **named)
        self._kinds[made["id"]] = MethodKind.CARD if "card" in made else MethodKind.DIRECT_DEBIT
        return str(made["id"])

    def new_charge(
        self,
        token: str,
        amount: Money = TWELVE,
        *,
        present: bool = False,
        key: UUID | None = None,
    ) -> NewCharge:
        return NewCharge(
            key=key or uuid4(),
            customer=self.customer,
            token=token,
            kind=self._kinds.get(token, MethodKind.CARD),
            amount=amount,
            description="Invoice INV-1",
            customer_present=present,
            return_url="http://localhost:1/billing/back",
        )

    def new_refund(self, charge: str, amount: Money = FIVE) -> NewRefund:
        return NewRefund(key=uuid4(), charge=charge, amount=amount)

    def paid(self, amount: Money = TWELVE, number: str = WORKS) -> str:
        """Charge a card and return what Stripe calls the payment."""
        charge = self.new_charge(self.method(number), amount)
        reference = self.gateway.prepare_charge(charge)
        self.gateway.charge(charge, reference)
        return reference

    def begun_setup(self, kind: MethodKind = MethodKind.CARD) -> StartedSetup:
        new = NewSetup(uuid4(), self.customer, kind, "http://localhost:1/billing/methods/back")
        return self.gateway.begin_setup(new)
