"""What is still to be sent."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from seatledger.domain.accounts.at_work import of_accounts_at_work
from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.models import Message
from seatledger.domain.notifications.patience import CLAIM_LASTS


def list_unsent_messages(account: Account) -> list[Message]:
    """Return what the account's people have not been sent yet, oldest first."""
    return list(Message.objects.filter(account=account, sent_at__isnull=True).order_by("queued_at", "id"))


def has_mail_to_send(account: Account) -> bool:
    """Say whether a message of the account waits for the mail server; one to a user who is gone never will be sent."""
    waiting = Message.objects.filter(account=account, sent_at__isnull=True, given_up_at__isnull=True)
    return waiting.filter(Q(user__isnull=True) | Q(user__is_active=True)).exists()


def list_to_send_for_operator(*, at: datetime, limit: int) -> list[UUID]:
    """Return the messages of all accounts that can be sent at `at` and that nobody has in hand, oldest first."""
    waiting = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True).filter(
        of_accounts_at_work()
    )
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
    ready = waiting.filter(Q(try_at__isnull=True) | Q(try_at__lte=at)).filter(free)
    return list(ready.order_by("queued_at").values_list("pk", flat=True)[:limit])
