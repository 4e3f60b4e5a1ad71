"""Every change to what was agreed. One file per subject."""

from seatledger.domain.subscriptions.actions.starting import NewSubscription, start_subscription

__all__ = ["NewSubscription", "start_subscription"]
