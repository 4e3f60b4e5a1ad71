"""Whom of an account a topic is told: the main contact first, then whoever chose it and may see such things."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from seatledger.domain.notifications.models import MessageChoice, MessageKind, Topic
from seatledger.domain.notifications.telling.told import Told
from seatledger.domain.people.models import BuiltInRole, MainContact, User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.people.queries import permissions_of

# What somebody has to be allowed to see to choose a topic. The main contact needs none of it.
PERMISSION_FOR: Final = {
    Topic.ACCOUNT: Permission.USERS_VIEW,
    Topic.LICENCES: Permission.LICENCES_VIEW,
    Topic.RENEWALS: Permission.BILLING_VIEW,
    Topic.BILLING: Permission.BILLING_VIEW,
}


def readers_of(account_id: UUID, topic: Topic) -> list[User]:
    """Return whom of an account a topic is told; its administrators where there is no active main contact."""
    contact = (
        MainContact.objects.filter(account=account_id, user__is_active=True).select_related("user").first()
    )
    first = [contact.user] if contact else _administrators(account_id)
    chosen = MessageChoice.objects.filter(
        account=account_id, topics__contains=[topic.value], user__is_active=True
    )
    others = [choice.user for choice in chosen.select_related("user").order_by("user_id")]
    allowed = [user for user in others if PERMISSION_FOR[topic] in permissions_of(user)]
    return list({user.pk: user for user in [*first, *allowed]}.values())


def tell_readers(
    account_id: UUID, topic: Topic, kind: MessageKind, *, about: dict[str, str], cause: str = ""
) -> Iterator[Told]:
    """Tell everybody whom a topic is told."""
    for user in readers_of(account_id, topic):
        yield Told(kind, user.email, user, about | {"topic": topic.value}, cause)


def _administrators(account_id: UUID) -> list[User]:
    rows = User.objects.filter(
        account=account_id, is_active=True, grants__role__built_in=BuiltInRole.ADMINISTRATOR
    )
    return list(rows.order_by("added_at", "last_name", "first_name", "pk").distinct())
