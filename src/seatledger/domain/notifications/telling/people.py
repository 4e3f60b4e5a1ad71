"""Who is told what happened to people: those whom it happened to."""

from collections.abc import Iterator

from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import MessageKind, Topic
from seatledger.domain.notifications.telling.readers import tell_readers
from seatledger.domain.notifications.telling.told import Told
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.models import EmailDomain


def tell_invited(event: Event) -> Iterator[Told]:
    """Welcome who was invited and may sign in."""
    user = User.objects.get(pk=event.payload["user_id"])
    if user.is_active:
        yield Told(MessageKind.WELCOME, user.email, user)


def tell_domain(event: Event) -> Iterator[Told]:
    """Send the code to whoever runs the domain, unless it was proved meanwhile."""
    domain = EmailDomain.objects.filter(pk=event.payload["domain_id"], verified_at__isnull=True).first()
    if domain is not None:
        about = {"domain_id": str(domain.pk)}
        yield Told(MessageKind.DOMAIN_CODE, f"{domain.mailbox}@{domain.domain}", about=about)


def tell_of_administrator(event: Event) -> Iterator[Told]:
    """Tell who became an administrator, and those who look after the account.

    Who begins as one is welcomed instead; the others are told of him too, unless the account begins with him.
    """
    user = User.objects.select_related("account").get(pk=event.payload["user_id"])
    if user.account.opened_at == event.at:
        return
    about = {"user_id": str(user.pk)}
    if user.is_active and user.added_at != event.at:
        yield Told(MessageKind.ADMINISTRATOR_GIVEN, user.email, user, about)
    for told in tell_readers(event.account_id, Topic.ACCOUNT, MessageKind.ADMINISTRATOR_GIVEN, about=about):
        if told.user != user:
            yield told


def tell_main_contact(event: Event) -> Iterator[Told]:
    """Tell the new main contact what to expect, unless he chose himself or the account begins with him."""
    user = User.objects.select_related("account").get(pk=event.payload["user_id"])
    if user.is_active and event.actor_id != user.pk and user.account.opened_at != event.at:
        yield Told(MessageKind.MAIN_CONTACT_CHOSEN, user.email, user, {"user_id": str(user.pk)})


def tell_of_device(event: Event) -> Iterator[Told]:
    """Tell whoever's password was used on a device that was not known."""
    user = User.objects.get(pk=event.payload["user_id"])
    if user.is_active:
        yield Told(MessageKind.NEW_DEVICE, user.email, user, {"device_id": event.payload["device_id"]})
