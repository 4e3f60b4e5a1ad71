"""Stripe, as the gateway it is to us."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import stripe
from django.conf import settings

from seatledger.domain.payments.gateways.interface import (
    ANSWER_WITHIN_S,
    Answer,
    DisputeAnswer,
    GatewayRefused,
    NewCharge,
    NewCustomer,
    NewRefund,
    NewSetup,
    Notice,
    Outcome,
    SetupAnswer,
    StartedSetup,
)
from seatledger.domain.payments.gateways.stripe.answers import (
    KIND_AT_STRIPE,
    answer_of_dispute,
    answer_of_payment,
    answer_of_refund,
    answer_of_setup,
)
from seatledger.domain.payments.gateways.stripe.calls import (
    asking_stripe,
    insist,
    open_client,
)
from seatledger.domain.payments.gateways.stripe.currencies import stripe_amount
from seatledger.domain.payments.gateways.stripe.declines import reason_of
from seatledger.domain.payments.gateways.stripe.notices import read_signed_notice
from seatledger.domain.payments.models import MethodKind

if TYPE_CHECKING:
    from stripe.params import PaymentIntentConfirmParams

# Under which name our ids stand in Stripe's objects.
_PAYMENT_ID: Final = "seatledger_payment"
_REFUND_ID: Final = "seatledger_refund"


class StripeGateway:
    """One account at Stripe. Several secrets: while one takes over from another, both sign."""

    name = "stripe"
    kinds = frozenset(KIND_AT_STRIPE)

    def __init__(
        self,
        key: str,
        webhook_secrets: Sequence[str],
        address: str | None = None,
        *,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self._stripe = open_client(key, address, within_s=answer_within_s).v1
        self._webhook_secrets = tuple(webhook_secrets)

    def open_customer(self, customer: NewCustomer) -> str:
        def ask(key: str) -> str:
            with asking_stripe():
                made = self._stripe.customers.create(
                    {
                        "name": customer.name,
                        "email": customer.email,
                        "description": customer.serial_number,
                        "metadata": {"seatledger_account": str(customer.key)},
                    },
                    {"idempotency_key": key},
                )
            return made.id

        # A name that changed since the last try: a second customer without payments hurts nobody.
        return insist(ask, f"{customer.key}:customer", found=lambda: None)

    def begin_setup(self, setup: NewSetup) -> StartedSetup:
        def ask(key: str) -> StartedSetup:
            with asking_stripe():
                session = self._stripe.checkout.sessions.create(
                    {
                        "mode": "setup",
                        "customer": setup.customer,
                        "allowed_payment_method_types": [KIND_AT_STRIPE[setup.kind]],
                        "success_url": _whole(setup.return_url),
                        "cancel_url": _whole(setup.return_url),
                        "client_reference_id": str(setup.key),
                    },
                    {"idempotency_key": key},
                )
            return StartedSetup(reference=session.id, url=session.url or "")

        return insist(ask, f"{setup.key}:setup", found=lambda: None)

    def look_up_setup(self, reference: str) -> SetupAnswer:
        with asking_stripe():
            session = self._stripe.checkout.sessions.retrieve(
                reference, {"expand": ["setup_intent.payment_method"]}
            )
        return answer_of_setup(session)

    def prepare_charge(self, charge: NewCharge) -> str:
        amount = stripe_amount(charge.amount)

        def ask(key: str) -> str:
            with asking_stripe():
                intent = self._stripe.payment_intents.create(
                    {
                        "amount": amount,
                        "currency": charge.amount.currency.lower(),
                        "customer": charge.customer,
                        "payment_method": charge.token,
                        "allowed_payment_method_types": [KIND_AT_STRIPE[charge.kind]],
                        "description": charge.description,
                        "metadata": {_PAYMENT_ID: str(charge.key)},
                    },
                    {"idempotency_key": key},
                )
            return intent.id

        # One that was made before and is forgotten is never confirmed, so it charges nothing.
        return insist(ask, f"{charge.key}:prepare", found=lambda: None)

    def charge(self, charge: NewCharge, reference: str) -> Answer:
        """Confirm the payment intent. How far it is guards it against a second time, also when keys are forgotten."""
        stated: PaymentIntentConfirmParams = {"off_session": True}
        # A debit of a bank account has its mandate; only a card's bank may want to see the customer.
        if charge.customer_present and charge.kind is MethodKind.CARD:
            stated = {"return_url": _whole(charge.return_url)}

        def ask(key: str) -> Answer:
            with asking_stripe():
                # A card that is declined is an answer, not an error.
                try:
                    intent = self._stripe.payment_intents.confirm(reference, stated, {"idempotency_key": key})
                except stripe.CardError as declined:
                    return _declined(declined, reference)
            return answer_of_payment(intent)

        try:
            return insist(ask, f"{charge.key}:confirm", found=lambda: self._begun(reference))
        except GatewayRefused:
            # Somebody was quicker, perhaps a day ago, so that the key is forgotten.
            begun = self._begun(reference)
            if begun is None:
                raise
            return begun

    def _begun(self, reference: str) -> Answer | None:
        answer = self.look_up_charge(reference)
        return None if answer.outcome is Outcome.NOT_BEGUN else answer

    def look_up_charge(self, reference: str) -> Answer:
        with asking_stripe():
            return answer_of_payment(self._stripe.payment_intents.retrieve(reference))

    def cancel_charge(self, reference: str) -> Answer:
        try:
            with asking_stripe():
                # Cancelling twice is refused by the state, so it needs no key that could be remembered.
                return answer_of_payment(self._stripe.payment_intents.cancel(reference))
        except GatewayRefused:  # it cannot be given up any more
            return self.look_up_charge(reference)

    def refund(self, refund: NewRefund) -> Answer:
        """Give money back, unless it was: a payment may be refunded in parts, so no state of Stripe's guards it."""
        amount = stripe_amount(refund.amount)

        def ask(key: str) -> Answer:
            with asking_stripe():
                made = self._stripe.refunds.create(
                    {
                        "payment_intent": refund.charge,
                        "amount": amount,
                        "metadata": {_REFUND_ID: str(refund.key)},
                    },
                    {"idempotency_key": key},
                )
            return answer_of_refund(made)

        return self._find_refund(refund) or insist(
            ask, f"{refund.key}:refund", found=lambda: self._find_refund(refund)
        )

    def look_up_refund(self, refund: NewRefund, reference: str) -> Answer:
        if not reference:
            return self._find_refund(refund) or Answer(Outcome.NOT_BEGUN)
        with asking_stripe():
            return answer_of_refund(self._stripe.refunds.retrieve(reference))

    def _find_refund(self, refund: NewRefund) -> Answer | None:
        with asking_stripe():
            listed = self._stripe.refunds.list({"payment_intent": refund.charge, "limit": 100})
            for made in listed.auto_paging_iter():
                if getattr(made.metadata, _REFUND_ID, None) == str(refund.key):
                    return answer_of_refund(made)
        return None

    def look_up_dispute(self, reference: str) -> DisputeAnswer:
        with asking_stripe():
            return answer_of_dispute(self._stripe.disputes.retrieve(reference))

    def detach(self, token: str) -> None:
        try:
            with asking_stripe():
                self._stripe.payment_methods.detach(token)
        except GatewayRefused:
            if self._is_attached(token):
                raise

    def _is_attached(self, token: str) -> bool:
        try:
            with asking_stripe():
                return self._stripe.payment_methods.retrieve(token).customer is not None
        except GatewayRefused:
            return False  # there is none of that name

    def forget_customer(self, reference: str) -> None:
        try:
            with asking_stripe():
                self._stripe.customers.delete(reference)
        except GatewayRefused:
            if self._is_known(reference):
                raise

    def _is_known(self, reference: str) -> bool:
        try:
            with asking_stripe():
                return not getattr(self._stripe.customers.retrieve(reference), "deleted", False)
        except GatewayRefused:
            return False  # there is none of that name

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        return read_signed_notice(body, headers, self._webhook_secrets)


def _whole(address: str) -> str:
    """Return an address that leads back from elsewhere: a path is one of ours."""
    return urljoin(f"{settings.SEATLEDGER_ADDRESS}/", address)


def _declined(error: stripe.CardError, reference: str) -> Answer:
    said = error.error
    reason = reason_of(said.decline_code if said else None, error.code)
    return Answer(Outcome.FAILED, reference=reference, reason=reason)
