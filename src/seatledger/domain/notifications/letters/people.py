"""What letters to single people speak of: links to sign in, and codes."""

from datetime import date

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from seatledger.domain.notifications.letters.content import Content, Reader, address_of, look_of
from seatledger.domain.people.models import KnownDevice, User
from seatledger.domain.subscriptions.domains import CODE_LASTS, LINK_LASTS, code_of, joining_token
from seatledger.domain.subscriptions.models import EmailDomain

_SECONDS_A_DAY = 86_400


def password_link(reader: Reader) -> Content:
    """Return a link with which to choose a password, made now: it works once."""
    user = reader.message.user
    assert user is not None, "a link to choose a password is a user's"
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user.pk.hex, "key": default_token_generator.make_token(user)},
    )
    days = settings.PASSWORD_RESET_TIMEOUT // _SECONDS_A_DAY
    door = look_of(reader.account).door
    return Content({"link": address_of(door + path), "days": days, "email": user.email})


def domain_code(reader: Reader) -> Content:
    """Return the code that proves a domain."""
    domain = EmailDomain.objects.get(account=reader.account, pk=reader.message.about["domain_id"])
    return Content({"domain": domain.domain, "code": code_of(domain), "days": CODE_LASTS.days})


def joining_link(reader: Reader) -> Content:
    """Return a link with which to join the organisation."""
    path = reverse("join", kwargs={"token": joining_token(reader.message.recipient)})
    return Content({"link": address_of(look_of(reader.account).door + path), "days": LINK_LASTS.days})


def administrator_given(reader: Reader) -> Content:
    """Return who became an administrator; the reader may be that person."""
    user = User.objects.get(account=reader.account, pk=reader.message.about["user_id"])
    return Content(
        {
            "name": user.full_name,
            "email": user.email,
            "own": user.pk == reader.message.user_id,
            "link": address_of(reverse("portal:user", args=[user.pk])),
        }
    )


def main_contact_chosen(reader: Reader) -> Content:
    """Return nothing but the way to what one gets; the words say the rest."""
    del reader
    return Content({"link": address_of(reverse("portal:message_choices"))})


def export_ready(reader: Reader) -> Content:
    """Return where the archive is downloaded, and the last day on which it is there."""
    until = date.fromisoformat(reader.message.about["until"])
    return Content({"link": address_of(reverse("portal:export")), "until": reader.figures.day(until)})


def new_device(reader: Reader) -> Content:
    """Return from what kind of device somebody signed in, and when."""
    device = KnownDevice.objects.get(account=reader.account, pk=reader.message.about["device_id"])
    return Content(
        {
            "device": device.label,
            "at": reader.figures.instant(device.first_seen_at),
            "link": address_of(reverse("account_reset_password")),
        }
    )
