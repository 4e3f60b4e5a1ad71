"""Write to people who sign up, and forget those who never follow the link."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from seatledger.domain.accounts.models import Account
from seatledger.domain.events.actions import Actor
from seatledger.domain.notifications.models import KeptLetter, Message, MessageKind
from seatledger.domain.people.models import User
from seatledger.domain.signups.actions import FORGOTTEN_AFTER, forget_signups
from seatledger.domain.signups.queries import find_signup


def write_signup(*, signup_id: UUID, request_id: UUID, at: datetime) -> Message | None:
    """Write the message with the link that opens an account; to who is a user already, that he is.

    Returns None when nothing waits for it any more, and when this request's message is sent already.
    """
    signup = find_signup(signup_id)
    if signup is None:
        return None
    user = User.objects.find_by_email(signup.email)
    about: dict[str, object]
    if user is None:
        about = {"kind": MessageKind.SIGNUP, "about": {"signup_id": str(signup.pk)}}
    else:
        # A deactivated user is told too, and not as the reader: nothing is sent to those.
        about = {
            "kind": MessageKind.SIGNUP_KNOWN,
            "account_id": user.account_id,
            "user": user if user.is_active else None,
        }
    message, _ = Message.objects.get_or_create(
        cause=f"signup:{request_id}", recipient=signup.email, defaults={"queued_at": at, **about}
    )
    return None if message.sent_at else message


@transaction.atomic
def tidy_signups(*, at: datetime, by: Actor) -> int:
    """Give the letters of accounts that were opened to them, and forget who never followed the link; returns how many."""
    opened = Message.objects.filter(account__isnull=True).alias(
        signup=Cast(KT("about__signup_id"), UUIDField())
    )
    for message in opened.filter(signup__in=Account.objects.values("pk")):
        account_id = UUID(message.about["signup_id"])
        Message.objects.filter(pk=message.pk).update(account_id=account_id)
        KeptLetter.objects.filter(message=message).update(account_id=account_id)
    forgotten = forget_signups(at=at, by=by)
    Message.objects.filter(account__isnull=True, queued_at__lt=at - FORGOTTEN_AFTER).delete()
    return forgotten
