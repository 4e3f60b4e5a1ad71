"""What was told to whom."""

from django.db import models

from seatledger.shared.models import AccountRow, one_of


class MessageKind(models.TextChoices):
    """What a message says; its words are in the templates of the same name."""

    WELCOME = "welcome", "Welcome, with a link to choose a password"
    PASSWORD_RESET = "password_reset", "A link to choose a new password"
    LICENCES_REQUESTED = "licences_requested", "A customer asks for more licences"
    DOMAIN_CODE = "domain_code", "The code that proves an e-mail domain"
    JOINING = "joining", "A link with which to join an organisation"


class Message(AccountRow):
    """One e-mail: written once for its cause and recipient, sent by a job, its words made as it is sent."""

    kind = models.CharField(max_length=32, choices=MessageKind)
    cause = models.CharField(max_length=100, help_text="What it is about, once: `event:42`.")
    recipient = models.EmailField(max_length=254)
    user = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", help_text="Who reads it, if a user does."
    )
    about = models.JSONField(default=dict, blank=True, help_text="Ids of what it speaks of.")
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, help_text="Since when a job has had it in hand.")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "recipient"], name="nobody_is_told_the_same_thing_twice"
            ),
            one_of("kind", MessageKind, name="message_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"
