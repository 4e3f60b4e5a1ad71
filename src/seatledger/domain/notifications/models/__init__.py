"""What was told to whom, and what people chose to be told. One file per subject."""

from seatledger.domain.notifications.models.messages import KeptLetter, Message, MessageKind

__all__ = ["KeptLetter", "Message", "MessageKind"]
