"""What somebody is told, and what he could be."""

from dataclasses import dataclass

from seatledger.domain.notifications.models import MessageChoice, Topic
from seatledger.domain.notifications.telling.readers import PERMISSION_FOR
from seatledger.domain.people.models import MainContact, User
from seatledger.domain.people.queries import permissions_of


@dataclass(frozen=True)
class TopicOffer:
    """One topic for one user. The main contact gets all; what somebody may not see he cannot choose."""

    topic: Topic
    is_told: bool
    is_fixed: bool
    is_allowed: bool


@dataclass(frozen=True)
class Offers:
    """All that one user is told beside what concerns him alone. `chosen` is what he chose, whoever he is now."""

    topics: tuple[TopicOffer, ...]
    chosen: tuple[str, ...]
    language: str
    is_main_contact: bool


def get_offers(user: User) -> Offers:
    """Return what a user is told and can choose."""
    choice = MessageChoice.objects.filter(user=user).first() or MessageChoice(user=user)
    is_contact = MainContact.objects.filter(account=user.account_id, user=user).exists()
    permissions = permissions_of(user)
    topics = tuple(
        TopicOffer(
            topic=topic,
            is_told=is_contact or (topic in choice.topics and PERMISSION_FOR[topic] in permissions),
            is_fixed=is_contact,
            is_allowed=PERMISSION_FOR[topic] in permissions,
        )
        for topic in Topic
    )
    return Offers(topics, tuple(choice.topics), choice.language, is_contact)
