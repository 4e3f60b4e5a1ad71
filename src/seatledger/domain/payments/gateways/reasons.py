"""Why a payment fails, in one list of codes for every gateway, with what to tell the customer."""

from typing import Final

INSUFFICIENT_FUNDS: Final = "insufficient_funds"
CARD_EXPIRED: Final = "card_expired"
DECLINED: Final = "declined"
AUTHENTICATION_NEEDED: Final = "authentication_needed"
AUTHENTICATION_FAILED: Final = "authentication_failed"
METHOD_GONE: Final = "method_gone"
RETURNED: Final = "returned"
CANCELLED: Final = "cancelled"
REFUSED: Final = "refused"

_SENTENCES: Final = {
    INSUFFICIENT_FUNDS: "There is not enough money on it. Try again later, or use another payment method.",
    CARD_EXPIRED: "The card has expired. Add another payment method.",
    DECLINED: "The bank declined it and does not say why. Ask your bank, or use another payment method.",
    AUTHENTICATION_NEEDED: "Your bank wants you to confirm it. Open Billing and pay it there.",
    AUTHENTICATION_FAILED: "It was not confirmed with your bank. Try again, or use another payment method.",
    METHOD_GONE: "The payment method is not valid any more. Add another one.",
    RETURNED: "Your bank returned the direct debit. Use another payment method.",
    CANCELLED: "It was given up before anything was charged.",
    REFUSED: "The payment provider did not accept it. Use another payment method, or contact us.",
}


def sentence_of(reason: str) -> str:
    """Return what to tell the customer about a code; an unknown one is a plain decline."""
    return _SENTENCES.get(reason, _SENTENCES[DECLINED])
