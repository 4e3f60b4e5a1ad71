"""Who is told what happened to people: those whom it happened to."""

from collections.abc import Iterator

from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import MessageKind
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
