"""What letters to people who sign up speak of."""

from typing import Final
from uuid import UUID

from django.urls import reverse

from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.letters.content import Content, Reader, address_of
from seatledger.domain.notifications.models import Message
from seatledger.domain.signups.links import LINK_LASTS, proof_of
from seatledger.domain.signups.models import Signup

_SECONDS_AN_HOUR: Final = 3_600


def account_to_be(message: Message) -> Account:
    """Return the account that a message speaks of before there is one: not stored, for its name and its language."""
    signup = Signup.objects.get(pk=message.about["signup_id"])
    return Account(id=signup.pk, name=signup.organisation, time_zone=signup.time_zone, locale=signup.locale)


def proof_link(reader: Reader) -> Content:
    """Return the link that opens the account, made now."""
    token = proof_of(UUID(reader.message.about["signup_id"]))
    path = reverse("signup_confirm", kwargs={"token": token})
    hours = int(LINK_LASTS.total_seconds()) // _SECONDS_AN_HOUR
    return Content({"link": address_of(path), "hours": hours, "email": reader.message.recipient})


def known(reader: Reader) -> Content:
    """Return where somebody signs in who has an account already, and chooses a new password."""
    return Content(
        {
            "email": reader.message.recipient,
            "link": address_of(reverse("account_login")),
            "password_link": address_of(reverse("account_reset_password")),
        }
    )
