"""Every change to what was agreed. One file per subject."""

from seatledger.domain.subscriptions.actions.due import apply_due_changes
from seatledger.domain.subscriptions.actions.ending import cancel_subscription, withdraw_change
from seatledger.domain.subscriptions.actions.numbers import schedule_quantity
from seatledger.domain.subscriptions.actions.plans import PlanChoice, change_plan, start_paying
from seatledger.domain.subscriptions.actions.preferences import NewUserRules, change_preferences
from seatledger.domain.subscriptions.actions.starting import NewSubscription, start_subscription

__all__ = [
    "NewSubscription",
    "NewUserRules",
    "PlanChoice",
    "apply_due_changes",
    "cancel_subscription",
    "change_plan",
    "change_preferences",
    "schedule_quantity",
    "start_paying",
    "start_subscription",
    "withdraw_change",
]
