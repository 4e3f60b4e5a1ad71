"""What a database says about itself."""

from django.db import models
from django.db.models import Q


class Cell(models.Model):
    """The region a database was made for: one row, written once. Nothing of an account leaves its cell."""

    id = models.BooleanField(primary_key=True, default=True)
    region = models.CharField(max_length=16)

    class Meta:
        db_table = "cell"
        constraints = [models.CheckConstraint(name="a_database_is_one_cell", condition=Q(id=True))]

    def __str__(self) -> str:
        return self.region


class Quiet(models.Model):
    """While this one row stands, the installation does nothing of its own accord; `shared.quiet` reads it."""

    id = models.BooleanField(primary_key=True, default=True)
    since = models.DateTimeField()
    why = models.CharField(max_length=200)

    class Meta:
        db_table = "quiet"
        constraints = [models.CheckConstraint(name="an_installation_is_quiet_or_not", condition=Q(id=True))]

    def __str__(self) -> str:
        return self.why
