"""Add many users in one go: all of them or none, and every refusal told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.licences.actions.people import NewUser, add_user
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class RefusedUser:
    """Why the user at `index` of the list cannot be added."""

    index: int
    refusal: Refused


@dataclass(frozen=True)
class Batch:
    """What adding a list of users did, or would do. Nothing was added when anyone was refused."""

    added: int
    refused: tuple[RefusedUser, ...]


def add_users(
    *, account: Account, users: Sequence[NewUser], dry_run: bool = False, at: datetime, by: Actor
) -> Batch:
    """Add users in their order, each as `add_user` does. One refusal, or `dry_run`, and nothing is kept."""
    refused = []
    with transaction.atomic():
        for index, new in enumerate(users):
            try:
                add_user(account=account, new=new, at=at, by=by)
            except Refused as refusal:
                refused.append(RefusedUser(index, refusal))
        if refused or dry_run:
            transaction.set_rollback(True)
    return Batch(0 if refused else len(users), tuple(refused))
