"""What was told to whom, what people chose to be told, and how full pools were when it was told. One file per subject."""

from seatledger.domain.notifications.models.choices import Language, MessageChoice, Topic
from seatledger.domain.notifications.models.marks import PoolMark
from seatledger.domain.notifications.models.messages import KeptLetter, Message, MessageKind, MessageState
from seatledger.domain.notifications.models.webhooks import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
    WhyDisabled,
)

__all__ = [
    "KeptLetter",
    "Language",
    "Message",
    "MessageChoice",
    "MessageKind",
    "MessageState",
    "PoolMark",
    "Topic",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
    "WhyDisabled",
]
