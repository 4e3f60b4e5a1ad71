"""What every tenant table has: an id that tells nothing, and the account it belongs to."""

import uuid

from django.db import models


class AccountRow(models.Model):
    """A row that belongs to one account. The database shows it to that account alone (see `walls`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def one_of(field: str, choices: type[models.TextChoices], *, name: str) -> models.CheckConstraint:
    """Return the constraint that keeps `field` to the stored values of `choices`."""
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__in": choices.values}))
