"""What every tenant table has: an id that tells nothing, and the account it belongs to."""

import uuid
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class AccountRow(models.Model):
    """A row that belongs to one account. The database shows it to that account alone (see `walls`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ReadInThousands(models.Model):
    """A row that is read with thousands of others: what was read becomes its values as it is.

    Django's way asks each column whether it was read and tells listeners of every row; that takes four times as long.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_how: object
    ) -> Self:
        """Return the row of these columns; another one is read when somebody asks for it, as always."""
        row, state = cls.__new__(cls), ModelState()
        state.adding, state.db = False, db
        row.__dict__.update(zip(field_names, values, strict=True), _state=state)
        return row


def one_of(field: str, choices: type[models.TextChoices], *, name: str) -> models.CheckConstraint:
    """Return the constraint that keeps `field` to the stored values of `choices`."""
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__in": choices.values}))
