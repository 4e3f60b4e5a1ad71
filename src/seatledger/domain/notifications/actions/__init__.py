"""Changes to messages: writing them, and keeping what happens to each while it is sent. One file per subject."""

from seatledger.domain.notifications.actions.sending import (
    CLAIM_LASTS,
    MOST_ATTEMPTS,
    claim_message,
    give_back_message,
    give_up_message,
    keep_letter,
    mark_sent,
)
from seatledger.domain.notifications.actions.writing import (
    store,
    subscribe,
    write_joining,
    write_messages,
    write_password_reset,
)

__all__ = [
    "CLAIM_LASTS",
    "MOST_ATTEMPTS",
    "claim_message",
    "give_back_message",
    "give_up_message",
    "keep_letter",
    "mark_sent",
    "store",
    "subscribe",
    "write_joining",
    "write_messages",
    "write_password_reset",
]
