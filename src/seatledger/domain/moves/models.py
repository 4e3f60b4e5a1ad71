"""How an account moves to another region: where the move stands, and where its people are sent afterwards."""

import uuid

from django.db import models
from django.db.models import Q

from seatledger.shared.models import one_of


class Direction(models.TextChoices):
    OUT = "out", "Leaves"
    IN = "in", "Arrives"


class MoveState(models.TextChoices):
    """Where a move stands. Each state is committed before the next step begins."""

    HELD = "held", "Nobody works on it"
    RECEIVED = "received", "All of it is in the other region"
    SWITCHED = "switched", "It goes on in the other region"
    ERASED = "erased", "Nothing of it is here any more"
    GIVEN_UP = "given_up", "Given up: it stays"
    ARRIVED = "arrived", "All of it is here"
    OPENED = "opened", "It goes on here"
    DROPPED = "dropped", "Given up: nothing of it is here"


# The account is neither quite here nor quite there.
UNDER_WAY = (MoveState.HELD, MoveState.RECEIVED, MoveState.SWITCHED, MoveState.ARRIVED)


class Move(models.Model):
    """One move of an account, as one of the two regions sees it.

    It outlives the account here, so it names nobody: the account's id, and of its serial number what only this
    installation can compare. `facts` are numbers of rows, digests and sums.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Not `account`: the account's own people never see these rows, and the rows outlive the account here.
    about_id = models.UUIDField(help_text="The account.")
    serial_mark = models.CharField(max_length=64, db_index=True)
    direction = models.CharField(max_length=8, choices=Direction)
    region = models.CharField(max_length=16, help_text="The other one.")
    state = models.CharField(max_length=16, choices=MoveState)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            one_of("direction", Direction, name="move_direction_is_known"),
            one_of("state", MoveState, name="move_state_is_known"),
            models.UniqueConstraint(
                fields=["about_id"],
                condition=Q(state__in=UNDER_WAY),
                name="an_account_moves_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about_id} {self.direction} {self.region}: {self.state}"


class Forwarding(models.Model):
    """Somebody who signed in here until his account moved: of his address what only this installation can compare."""

    address_mark = models.CharField(max_length=64, primary_key=True)
    region = models.CharField(max_length=16)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"to {self.region} until {self.until:%Y-%m-%d}"
