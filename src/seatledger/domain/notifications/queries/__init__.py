"""Questions about messages. One file per subject."""

from seatledger.domain.notifications.queries.choices import Offers, TopicOffer, get_offers
from seatledger.domain.notifications.queries.fullness import Crossing, find_crossings_for_operator
from seatledger.domain.notifications.queries.messages import (
    has_mail_to_send,
    list_to_send_for_operator,
    list_unsent_messages,
)
from seatledger.domain.notifications.queries.reminders import Reminder, find_due_reminders_for_operator
from seatledger.domain.notifications.queries.sent import (
    SentFilter,
    find_letter_for_operator,
    get_message_for_operator,
    list_messages_for_operator,
)

__all__ = [
    "Crossing",
    "Offers",
    "Reminder",
    "SentFilter",
    "TopicOffer",
    "find_crossings_for_operator",
    "find_due_reminders_for_operator",
    "find_letter_for_operator",
    "get_message_for_operator",
    "get_offers",
    "has_mail_to_send",
    "list_messages_for_operator",
    "list_to_send_for_operator",
    "list_unsent_messages",
]
