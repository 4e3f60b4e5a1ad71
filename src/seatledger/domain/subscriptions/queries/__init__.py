"""Questions about what was agreed. One file per subject."""

from seatledger.domain.subscriptions.queries.domains import (
    find_account_to_join,
    get_domain,
    list_domains,
)
from seatledger.domain.subscriptions.queries.operators import (
    accounts_with_changes_due_for_operator,
    agreed_items_for_operator,
)
from seatledger.domain.subscriptions.queries.pages import AgreedLicence, Agreement, get_agreement
from seatledger.domain.subscriptions.queries.prices import (
    OfferedPrice,
    PriceSpan,
    find_price_span,
    get_prices_kept,
    price_choice,
)
from seatledger.domain.subscriptions.queries.to_come import (
    ChangeToCome,
    Contradiction,
    Why,
    get_subscription,
    is_trial_bought,
    list_changes_to_come,
)

__all__ = [
    "AgreedLicence",
    "Agreement",
    "ChangeToCome",
    "Contradiction",
    "OfferedPrice",
    "PriceSpan",
    "Why",
    "accounts_with_changes_due_for_operator",
    "agreed_items_for_operator",
    "find_account_to_join",
    "find_price_span",
    "get_agreement",
    "get_domain",
    "get_prices_kept",
    "get_subscription",
    "is_trial_bought",
    "list_changes_to_come",
    "list_domains",
    "price_choice",
]
