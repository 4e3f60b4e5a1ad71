"""Stripe's test cards and test bank accounts, as its documentation describes them."""

from dataclasses import dataclass

DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "lost_card": ("card_declined", "Your card was declined."),
    "stolen_card": ("card_declined", "Your card was declined."),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}
# Codes that Stripe gives as the error's code alone.
WITHOUT_DECLINE_CODE = {"expired_card", "incorrect_cvc", "processing_error"}


@dataclass(frozen=True)
class Card:
    """`asks`: when the bank wants to see the customer: never, on_session, unless_set_up, or always."""

    number: str
    brand: str = "visa"
    decline: str = ""
    decline_at_setup: bool = False
    asks: str = "never"
    disputed: str = ""
    refund: str = "succeeded"

    def must_ask(self, *, off_session: bool, set_up: bool) -> bool:
        if self.asks == "on_session":
            return not off_session
        if self.asks == "unless_set_up":
            return not (off_session and set_up)
        return self.asks == "always"


_CARDS = [
    Card("4242424242424242"),
    Card("5555555555554444", brand="mastercard"),
    Card("378282246310005", brand="amex"),
    Card("4000000000000002", decline="generic_decline", decline_at_setup=True),
    Card("4000000000009995", decline="insufficient_funds", decline_at_setup=True),
    Card("4000000000009987", decline="lost_card", decline_at_setup=True),
    Card("4000000000009979", decline="stolen_card", decline_at_setup=True),
    Card("4000000000000069", decline="expired_card", decline_at_setup=True),
    Card("4000000000000127", decline="incorrect_cvc", decline_at_setup=True),
    Card("4000000000000119", decline="processing_error", decline_at_setup=True),
    # Can be added, and declines every charge.
    Card("4000000000000341", decline="generic_decline"),
    Card("4000002500003155", asks="unless_set_up"),
    Card("4000002760003184", asks="always"),
    Card("4000003800000446", asks="on_session"),
    Card("4000008260003178", asks="unless_set_up", decline="insufficient_funds"),
    Card("4000008400001629", asks="always", decline="generic_decline"),
    Card("4000000000000259", disputed="fraudulent"),
    # The refund is pending and succeeds later; or has succeeded and fails later.
    Card("4000000000007726", refund="pending"),
    Card("4000000000005126", refund="fails_later"),
]
CARDS = {card.number: card for card in _CARDS}

# Names that stand for a card in requests, so that no number has to be sent.
TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_authenticationRequiredSetupForOffSession": "4000003800000446",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "pm_card_threeDSecureRequiredChargeDeclined": "4000008400001629",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}

# What becomes of a direct debit, once `settle` lets time pass.
IBANS = {
    "DE89370400440532013000": "succeeds",
    "AT611904300234573201": "succeeds",
    "DE62370400440532013001": "fails",
    "AT861904300235473202": "fails",
    "AT601904300000121212": "insufficient_funds",
    "DE35370400440532013002": "succeeds_then_disputed",
}
