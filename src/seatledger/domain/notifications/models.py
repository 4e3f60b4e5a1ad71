"""What was told to whom."""

from django.db import models

from seatledger.shared.models import AccountRow


class Message(AccountRow):
    """One e-mail: written in the transaction that causes it, sent by a job, never twice for one cause."""

    cause = models.CharField(max_length=100, help_text="What it is about, once: `event:42:welcome`.")
    recipient = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause", "recipient"], name="nobody_is_told_the_same_thing_twice")
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"
