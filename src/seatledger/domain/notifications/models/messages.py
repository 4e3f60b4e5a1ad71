"""What was told to whom."""

import uuid

from django.db import models
from django.db.models import Q

from seatledger.shared.models import one_of


class PerhapsAccountRow(models.Model):
    """A row that belongs to one account, or to none yet: then it is about a sign-up, and no account sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class MessageKind(models.TextChoices):
    """What a message says; its words are in the files of the same name."""

    WELCOME = "welcome", "Welcome, with a link to choose a password"
    PASSWORD_RESET = "password_reset", "A link to choose a new password"
    LICENCES_REQUESTED = "licences_requested", "A customer asks for more licences"
    DOMAIN_CODE = "domain_code", "The code that proves an e-mail domain"
    SIGNUP = "signup", "A link with which to open an account"
    SIGNUP_KNOWN = "signup_known", "Who signs up has an account already"
    JOINING = "joining", "A link with which to join an organisation"
    CLOSURE_REQUESTED = "closure_requested", "A customer requests deletion of its account"
    CLOSURE_CONFIRMED = "closure_confirmed", "The request for deletion was received"
    CLOSURE_WITHDRAWN = "closure_withdrawn", "The request for deletion was withdrawn"
    CLOSURE_ANNOUNCED = "closure_announced", "The account is about to be closed"
    CLOSURE_DONE = "closure_done", "The account is closed"
    EXPORT_READY = "export_ready", "An archive can be downloaded"
    NEW_DEVICE = "new_device", "A sign-in from a new device"
    ADMINISTRATOR_GIVEN = "administrator_given", "Somebody became an administrator"
    MAIN_CONTACT_CHOSEN = "main_contact_chosen", "Somebody became the main contact"
    LICENCES_CHANGED = "licences_changed", "Licences were changed for the account"
    LICENCES_RUNNING_OUT = "licences_running_out", "Licences are nearly or all used up"
    TRIAL_ENDING = "trial_ending", "A trial ends soon"
    LICENCES_EXPIRING = "licences_expiring", "Licences expire soon"
    TRIAL_ENDED = "trial_ended", "A trial has ended"
    LICENCES_ENDED = "licences_ended", "Licences have ended"
    RENEWAL_COMING = "renewal_coming", "A subscription renews soon"
    INVOICE_ISSUED = "invoice_issued", "An invoice"
    CREDIT_NOTE_ISSUED = "credit_note_issued", "A credit note"
    PAYMENT_RECEIVED = "payment_received", "A payment was received"
    PAYMENT_FAILED = "payment_failed", "A payment failed"
    PAYMENT_NEEDS_YOU = "payment_needs_you", "A payment waits for the customer's bank"
    PAYMENT_REVERSED = "payment_reversed", "A payment was taken back"
    REFUND_MADE = "refund_made", "A refund was made"
    CARD_EXPIRING = "card_expiring", "A card expires soon"
    PAYMENT_OVERDUE = "payment_overdue", "A payment failed again"
    ACCOUNT_LAPSED = "account_lapsed", "An account expired for want of payment"
    ACCOUNT_RESTORED = "account_restored", "An account is active again"
    ORDER_FAILED = "order_failed", "An order was not done"
    QUOTATION_SENT = "quotation_sent", "A quotation"
    QUOTATION_ACCEPTED = "quotation_accepted", "A customer accepted a quotation"
    QUOTATION_DECLINED = "quotation_declined", "A customer declined a quotation"
    QUOTATION_WITHDRAWN = "quotation_withdrawn", "A quotation was withdrawn"
    WEBHOOK_DISABLED = "webhook_disabled", "A webhook endpoint was switched off"


class MessageState(models.TextChoices):
    """Where a message stands; worked out from its times, never stored."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    GIVEN_UP = "given_up", "Given up"


class Message(PerhapsAccountRow):
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
            models.CheckConstraint(
                name="a_message_is_an_accounts_or_about_a_sign_up",
                condition=Q(account__isnull=False) | Q(kind="signup"),
            ),
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

    @property
    def state(self) -> MessageState:
        if self.sent_at:
            return MessageState.SENT
        return MessageState.GIVEN_UP if self.given_up_at else MessageState.WAITING


class KeptLetter(PerhapsAccountRow):
    """A message as it was sent, for who looks at a demo. Elsewhere none is kept: some hold a link to sign in with."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="letter")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()

    def __str__(self) -> str:
        return self.subject
