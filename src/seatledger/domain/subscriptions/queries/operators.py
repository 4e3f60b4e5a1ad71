"""What was agreed with many accounts at once, for the billing run and for the job that does what is due."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from seatledger.domain.accounts.models import Account
from seatledger.domain.subscriptions.agreements import AgreedItem, load_agreed_items
from seatledger.domain.subscriptions.models import Change, ChangeKind


def agreed_items_for_operator(account_ids: Collection[UUID]) -> dict[UUID, tuple[AgreedItem, ...]]:
    """Return what is charged for, by account, in four statements whatever the number of accounts.

    Accounts that are charged for nothing are left out, and so are licences that the plan includes. What ended is
    there too: its last period may still be charged, and its lines explained.
    """
    return load_agreed_items(account_ids)


def accounts_with_changes_due_for_operator(at: datetime) -> list[Account]:
    """Return the accounts of which a change counts by `at` and is not applied, those an end overtook left out."""
    overtaken = Q(subscription__ended_at__lte=F("effective_at")) & ~Q(kind=ChangeKind.END)
    due = Change.objects.filter(applied_at__isnull=True, effective_at__lte=at).exclude(overtaken)
    return list(Account.objects.filter(pk__in=due.values("account")).order_by("pk"))
