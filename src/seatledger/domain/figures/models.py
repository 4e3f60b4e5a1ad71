"""The figures of the business, month by month: worked out by a job from what the other rooms keep, and read by index.

Rows of a month that is over are never changed; those of the running month, and what is to come, are made anew each night.
Amounts are exact: a numerator over a denominator, in minor units, because a price by the year is a fraction a month.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from seatledger.shared.models import one_of


class Movement(models.TextChoices):
    """What an account's recurring revenue did in a month, from its beginning to its end."""

    NEW = "new", "New"
    REACTIVATION = "reactivation", "Came back"
    EXPANSION = "expansion", "Expansion"
    CONTRACTION = "contraction", "Contraction"
    CHURN = "churn", "Churn"
    NONE = "none", "Unchanged"


class Month(models.Model):
    """A month that was reckoned. While it is not over its figures are as of `reckoned_at`."""

    month = models.DateField(primary_key=True, help_text="Its first day.")
    reckoned_at = models.DateTimeField()
    is_over = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


def _exact() -> "models.DecimalField[Any, Any]":
    """Return a column for a whole number of any size."""
    return models.DecimalField(max_digits=60, decimal_places=0)


class AccountMonth(models.Model):
    """What an account's recurring revenue was at the beginning and at the end of a month, over one denominator.

    There is a row for every month at whose end the account was Active, or in which its revenue moved.
    """

    id = models.BigAutoField(primary_key=True)
    # Not `account`: its own people never see these rows.
    about = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    movement = models.CharField(max_length=16, choices=Movement)
    is_active = models.BooleanField(help_text="Whether the account was Active at the end of the month.")
    opening = _exact()
    closing = _exact()
    denominator = _exact()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "month"], name="an_account_has_one_row_a_month"),
            one_of("movement", Movement, name="movement_is_known"),
            models.CheckConstraint(name="revenue_is_over_a_denominator", condition=Q(denominator__gt=0)),
            models.CheckConstraint(
                name="an_account_that_is_not_active_has_no_revenue",
                condition=Q(is_active=True) | Q(closing=0),
            ),
            models.CheckConstraint(
                name="a_movement_says_what_moved",
                condition=Q(movement__in=[Movement.NEW, Movement.REACTIVATION], opening=0, closing__gt=0)
                | Q(movement=Movement.EXPANSION, opening__gt=0, closing__gt=F("opening"))
                | Q(movement=Movement.CONTRACTION, closing__gt=0, opening__gt=F("closing"))
                | Q(movement=Movement.CHURN, opening__gt=0, closing=0)
                | Q(movement=Movement.NONE, opening=F("closing")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about_id} in {self.month:%Y-%m}"


class MonthTotal(models.Model):
    """The sum of the accounts' rows of a month with one currency and one movement."""

    month = models.DateField()
    currency = models.CharField(max_length=3)
    movement = models.CharField(max_length=16, choices=Movement)
    accounts = models.PositiveIntegerField(help_text="Those that moved so.")
    active_accounts = models.PositiveIntegerField(help_text="Those of them that are Active.")
    opening = _exact()
    closing = _exact()
    denominator = _exact()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "currency", "movement"], name="one_total_of_a_movement"),
            one_of("movement", Movement, name="total_movement_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.movement} in {self.currency}, {self.month:%Y-%m}"


class LicenceMonth(models.Model):
    """How many licences of a type, of all accounts that are not expired, were paid for and used at the end of a month."""

    month = models.DateField()
    licence_type = models.ForeignKey("catalogue.LicenceType", models.PROTECT, related_name="+")
    accounts = models.PositiveIntegerField(help_text="Those that hold any.")
    sold = models.BigIntegerField(help_text="The totals of those that have one.")
    used = models.BigIntegerField()
    unlimited = models.PositiveIntegerField(help_text="How many of the accounts have no limit.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "licence_type"], name="one_count_of_a_licence_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.licence_type_id} in {self.month:%Y-%m}"


class Renewal(models.Model):
    """What an account is charged ahead on a day to come, if nothing more happens: a period that follows another one."""

    id = models.BigAutoField(primary_key=True)
    # Not `account`: its own people never see these rows.
    about = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(db_column="renews_on")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "on"], name="an_account_renews_once_a_day")]
        indexes = [models.Index(fields=["currency", "on", "about"], name="renewals_by_day")]

    def __str__(self) -> str:
        return f"{self.about_id} on {self.on}"


class RenewalTotal(models.Model):
    """What all accounts with one currency are charged ahead on a day to come."""

    on = models.DateField(db_column="renews_on")
    currency = models.CharField(max_length=3)
    accounts = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "currency"], name="one_total_of_renewals_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} on {self.on}"


class Ending(models.Model):
    """Licences that are paid for and simply end on a day to come: nothing renews them."""

    pool_id = models.UUIDField(primary_key=True)
    # Not `account`: its own people never see these rows.
    about = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", db_index=False)
    licence_type = models.ForeignKey(
        "catalogue.LicenceType", models.PROTECT, related_name="+", db_index=False
    )
    on = models.DateField(db_column="ends_on", help_text="Their last day, in the account's zone.")
    currency = models.CharField(max_length=3)
    sold = models.PositiveIntegerField(null=True, help_text="Null: no limit.")
    used = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["currency", "on", "pool_id"], name="endings_by_day")]

    def __str__(self) -> str:
        return f"{self.pool_id} on {self.on}"


class EndingTotal(models.Model):
    """The licences of all accounts with one currency that end on a day to come."""

    on = models.DateField(db_column="ends_on")
    currency = models.CharField(max_length=3)
    endings = models.PositiveIntegerField(help_text="An account's licences of one type are one.")
    sold = models.BigIntegerField(help_text="Of those that have a limit.")
    used = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "currency"], name="one_total_of_endings_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} on {self.on}"
