"""Questions about messages. One file per subject."""

from seatledger.domain.notifications.queries.messages import (
    has_mail_to_send,
    list_to_send_for_operator,
    list_unsent_messages,
)

__all__ = ["has_mail_to_send", "list_to_send_for_operator", "list_unsent_messages"]
