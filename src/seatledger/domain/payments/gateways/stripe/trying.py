"""Whether Stripe can be asked, for `seatledger doctor`."""

from collections.abc import Sequence

from seatledger.domain.payments.gateways.stripe.calls import asking_stripe, open_client


def try_stripe(key: str, webhook_secrets: Sequence[str], address: str | None) -> None:
    """Ask Stripe for a list that is thrown away: it reads and changes nothing.

    Raises OutcomeUnknown, with what Stripe says, when it does not answer or does not accept the key.
    """
    del webhook_secrets  # only Stripe can tell whether they are right
    with asking_stripe():
        open_client(key, address).v1.payment_intents.list({"limit": 1})
