"""Why Stripe declined, as one of our reasons."""

from typing import Final

from seatledger.domain.payments.gateways import reasons

# Source: Stripe's pages "Decline codes" and "Error codes". A code that is not here is a plain decline.
_REASONS: Final = {
    code: reason
    for reason, codes in {
        reasons.INSUFFICIENT_FUNDS: (
            "insufficient_funds",
            "withdrawal_count_limit_exceeded",
            "card_velocity_exceeded",
        ),
        reasons.CARD_EXPIRED: ("expired_card", "invalid_expiry_year", "invalid_expiry_month"),
        reasons.AUTHENTICATION_NEEDED: ("authentication_required",),
        reasons.AUTHENTICATION_FAILED: (
            "payment_intent_authentication_failure",
            "setup_intent_authentication_failure",
            "authentication_not_handled",
        ),
        reasons.METHOD_GONE: (
            "lost_card",
            "stolen_card",
            "pickup_card",
            "incorrect_number",
            "invalid_number",
            "invalid_account",
            "new_account_information_available",
            "payment_method_detached",
            "payment_method_invalid_parameter",
            "payment_intent_mandate_invalid",
            "debit_not_authorized",
            "bank_account_restricted",
            "account_closed",
            "no_account",
        ),
        reasons.RETURNED: ("charge_exceeds_source_limit", "payment_method_bank_account_blocked"),
    }.items()
    for code in codes
}


def reason_of(*codes: str | None, direct_debit: bool = False) -> str:
    """Return the reason behind what Stripe says, most telling code first: the decline code, then the error's code."""
    for code in codes:
        if code and code in _REASONS:
            return _REASONS[code]
    return reasons.RETURNED if direct_debit else reasons.DECLINED
