"""Questions about messages."""

from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.models import Message


def list_unsent_messages(account: Account) -> list[Message]:
    """Return what the account's people have not been sent yet, oldest first."""
    return list(Message.objects.filter(account=account, sent_at__isnull=True).order_by("queued_at", "id"))
