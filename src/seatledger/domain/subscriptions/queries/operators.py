"""What was agreed with many accounts at once, for the billing run."""

from collections.abc import Collection
from uuid import UUID

from seatledger.domain.subscriptions.agreements import AgreedItem, load_agreed_items


def agreed_items_for_operator(account_ids: Collection[UUID]) -> dict[UUID, tuple[AgreedItem, ...]]:
    """Return what is charged for, by account, in four statements whatever the number of accounts.

    Accounts that are charged for nothing are left out, and so are licences that the plan includes. What ended is
    there too: its last period may still be charged, and its lines explained.
    """
    return load_agreed_items(account_ids)
