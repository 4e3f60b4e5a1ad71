"""Do what has come to count."""

from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.subscriptions.following import apply_due_of
from seatledger.domain.subscriptions.models import Change


@transaction.atomic
def apply_due_changes(*, account: Account, at: datetime, by: Actor) -> list[Change]:
    """Apply the account's changes that count by `at` and have not been applied, in their order; returns them.

    A second run finds nothing to do, also at the same moment. What an end overtook is not applied: it is shown as
    contradicting the end until somebody withdraws it.
    """
    return apply_due_of(lock_account(account), at=at, by=by)
