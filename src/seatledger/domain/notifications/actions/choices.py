"""Choose what one is told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seatledger.domain.accounts.actions import lock_account
from seatledger.domain.events.actions import Actor, Happening, record
from seatledger.domain.notifications.models import Language, MessageChoice, Topic
from seatledger.domain.notifications.telling.readers import PERMISSION_FOR
from seatledger.domain.people.models import User
from seatledger.domain.people.queries import permissions_of
from seatledger.shared.errors import Refused


@dataclass(frozen=True)
class MessagesChosen(Happening):
    user_id: UUID
    topics: tuple[str, ...]
    language: str


class TopicNotAllowed(Refused):
    """The user may not see what the topic is about."""

    code = "topic_not_allowed"


class UnknownTopic(Refused):
    """There is no such topic or language."""

    code = "unknown_topic"


@transaction.atomic
def choose_messages(
    *, user: User, topics: Collection[str], language: str, at: datetime, by: Actor
) -> MessageChoice:
    """Let a user be told these topics, in this language (empty: the account's).

    Raises UnknownTopic, and TopicNotAllowed for a new one that he may not see on the pages either. What is chosen and not
    allowed any more is not told.
    """
    if set(topics) - set(Topic.values) or language not in ["", *Language.values]:
        raise UnknownTopic("There is no such topic or language. Choose from those that the page shows.")
    account = lock_account(user.account)
    known = MessageChoice.objects.filter(user=user).values_list("topics", flat=True).first() or []
    allowed = permissions_of(user)
    for topic in sorted(set(topics) - set(known)):
        if PERMISSION_FOR[Topic(topic)] not in allowed:
            raise TopicNotAllowed(
                f"You may not see “{Topic(topic).label}”. Ask an administrator for the permission first."
            )
    chosen = tuple(topic for topic in Topic.values if topic in topics)
    choice, _ = MessageChoice.objects.update_or_create(
        user=user, defaults={"account": account, "topics": list(chosen), "language": language}
    )
    record(MessagesChosen(user_id=user.pk, topics=chosen, language=language), account=account, at=at, by=by)
    return choice
