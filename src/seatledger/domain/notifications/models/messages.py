"""What was told to whom."""

from django.db import models
from django.db.models import Q

from seatledger.shared.models import AccountRow, one_of


class MessageKind(models.TextChoices):
    """What a message says; its words are in the files of the same name."""

    WELCOME = "welcome", "Welcome, with a link to choose a password"
    PASSWORD_RESET = "password_reset", "A link to choose a new password"
    LICENCES_REQUESTED = "licences_requested", "A customer asks for more licences"
    DOMAIN_CODE = "domain_code", "The code that proves an e-mail domain"
    JOINING = "joining", "A link with which to join an organisation"
    CLOSURE_REQUESTED = "closure_requested", "A customer requests deletion of its account"
    CLOSURE_CONFIRMED = "closure_confirmed", "The request for deletion was received"
    CLOSURE_WITHDRAWN = "closure_withdrawn", "The request for deletion was withdrawn"
    CLOSURE_ANNOUNCED = "closure_announced", "The account is about to be closed"
    CLOSURE_DONE = "closure_done", "The account is closed"


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
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it could not be sent.")
    last_error = models.CharField(max_length=300, blank=True, help_text="Why not, the last time.")
    try_at = models.DateTimeField(null=True, help_text="Not before this; null: at once.")
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True, help_text="Since when nobody tries any more.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "recipient"], name="nobody_is_told_the_same_thing_twice"
            ),
            one_of("kind", MessageKind, name="message_kind_is_known"),
            models.CheckConstraint(
                name="what_is_sent_is_not_given_up",
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="messages_to_send",
            ),
            models.Index(fields=["-queued_at", "-id"], name="messages_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class KeptLetter(AccountRow):
    """A message as it was sent, for who looks at a demo. Elsewhere none is kept: some hold a link to sign in with."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="letter")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()

    def __str__(self) -> str:
        return self.subject
