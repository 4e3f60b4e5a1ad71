"""How full a pool was when somebody was last told."""

from django.db import models

from seatledger.shared.models import AccountRow


class PoolMark(AccountRow):
    """The highest level of use that was told for a pool and has not been fallen below since; 0 for none.

    `crossings` counts how often one was reached, so that each is told once.
    """

    pool = models.OneToOneField("licences.Pool", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=0)
    crossings = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.pool_id} at {self.level} %"
