"""What was told to whom, and what people chose to be told. One file per subject."""

from seatledger.domain.notifications.models.messages import KeptLetter, Message, MessageKind
from seatledger.domain.notifications.models.webhooks import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
    WhyDisabled,
)

__all__ = [
    "KeptLetter",
    "Message",
    "MessageKind",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
    "WhyDisabled",
]
