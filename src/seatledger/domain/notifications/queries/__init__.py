"""Questions about messages. One file per subject."""

from seatledger.domain.notifications.queries.messages import list_to_send_for_operator, list_unsent_messages

__all__ = ["list_to_send_for_operator", "list_unsent_messages"]
