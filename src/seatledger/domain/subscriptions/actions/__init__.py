"""Every change to what was agreed. One file per subject."""

from seatledger.domain.subscriptions.actions.domains import (
    ask_for_domain,
    remove_all_domains,
    remove_domain,
    verify_domain,
)
from seatledger.domain.subscriptions.actions.due import apply_due_changes
from seatledger.domain.subscriptions.actions.ending import cancel_subscription, withdraw_change
from seatledger.domain.subscriptions.actions.joining import Joiner, join_account
from seatledger.domain.subscriptions.actions.numbers import schedule_quantity
from seatledger.domain.subscriptions.actions.plans import (
    PlanChoice,
    agree_prices,
    change_plan,
    start_paying,
)
from seatledger.domain.subscriptions.actions.preferences import NewUserRules, change_preferences
from seatledger.domain.subscriptions.actions.starting import (
    NewSubscription,
    open_subscribed_account,
    start_subscription,
)
from seatledger.domain.subscriptions.actions.trials import extend_trial

__all__ = [
    "Joiner",
    "NewSubscription",
    "NewUserRules",
    "PlanChoice",
    "agree_prices",
    "apply_due_changes",
    "ask_for_domain",
    "cancel_subscription",
    "change_plan",
    "change_preferences",
    "extend_trial",
    "join_account",
    "open_subscribed_account",
    "remove_all_domains",
    "remove_domain",
    "schedule_quantity",
    "start_paying",
    "start_subscription",
    "verify_domain",
    "withdraw_change",
]
