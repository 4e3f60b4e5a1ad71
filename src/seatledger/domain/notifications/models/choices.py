"""What people chose to be told, and in which language."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from seatledger.shared.models import AccountRow


class Topic(models.TextChoices):
    """What an account's people are told about. The main contact is told of all."""

    ACCOUNT = "account", "Administrators and the main contact"
    LICENCES = "licences", "Licences that were changed, or are nearly used up"
    RENEWALS = "renewals", "Renewals, expiry dates and the end of a trial"
    BILLING = "billing", "Invoices and payments"


class Language(models.TextChoices):
    """The languages that there are words in."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"


class MessageChoice(AccountRow):
    """What one user wants to be told beyond what concerns him alone."""

    user = models.OneToOneField("people.User", models.PROTECT, related_name="+")
    topics = ArrayField(models.CharField(max_length=16, choices=Topic), default=list, blank=True)
    language = models.CharField(
        max_length=8, choices=Language, blank=True, help_text="Empty: the account's, or English."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="topics_are_known", condition=Q(topics__contained_by=Topic.values)),
            models.CheckConstraint(
                name="language_of_messages_is_known", condition=Q(language__in=["", *Language.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.topics)}"
