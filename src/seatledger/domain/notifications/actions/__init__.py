"""Changes to messages: writing them, and keeping what happens to each while it is sent. One file per subject."""

from seatledger.domain.notifications.actions.choices import (
    MessagesChosen,
    TopicNotAllowed,
    UnknownTopic,
    choose_messages,
)
from seatledger.domain.notifications.actions.reminders import note_crossing, write_reminder
from seatledger.domain.notifications.actions.sending import (
    claim_message,
    give_back_message,
    give_up_all_waiting,
    give_up_message,
    keep_letter,
    mark_sent,
    try_again,
)
from seatledger.domain.notifications.actions.signing_up import tidy_signups, write_signup
from seatledger.domain.notifications.actions.writing import (
    store,
    subscribe,
    write_joining,
    write_messages,
    write_password_reset,
)

__all__ = [
    "MessagesChosen",
    "TopicNotAllowed",
    "UnknownTopic",
    "choose_messages",
    "claim_message",
    "give_back_message",
    "give_up_all_waiting",
    "give_up_message",
    "keep_letter",
    "mark_sent",
    "note_crossing",
    "store",
    "subscribe",
    "tidy_signups",
    "try_again",
    "write_joining",
    "write_messages",
    "write_password_reset",
    "write_reminder",
    "write_signup",
]
