"""Who asked to open an account, and has not followed the link yet."""

import uuid

from django.db import models
from django.db.models.functions import Lower


class Signup(models.Model):
    """An account that is to be: it gets this row's id when somebody proves the address, and the row is gone.

    The web sees it only while it is bound to that id, as it will see the account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.CharField(max_length=200)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    email = models.EmailField(max_length=254)
    password = models.CharField(max_length=128, help_text="Hashed, as a user's is.")
    plan = models.ForeignKey("catalogue.Plan", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64)
    locale = models.CharField(max_length=16)
    asked_at = models.DateTimeField(help_text="When the link was asked for the last time.")

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="signups_by_time"),
            models.Index(Lower("email"), name="signups_by_address"),
        ]

    def __str__(self) -> str:
        return self.organisation
