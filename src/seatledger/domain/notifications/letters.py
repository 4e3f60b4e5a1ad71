"""Turn a message into the e-mail it stands for, and hand it to the mail server."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.licences.queries import brand_words_of, branded
from seatledger.domain.notifications.models import Message, MessageKind
from seatledger.domain.people.models import User
from seatledger.domain.subscriptions.domains import CODE_LASTS, LINK_LASTS, code_of, joining_token
from seatledger.domain.subscriptions.models import EmailDomain
from seatledger.shared.errors import Unreachable

SECONDS_A_DAY = 86_400


def build_letter(message: Message) -> EmailMultiAlternatives:
    """Return the e-mail of a message, in text and HTML, with a link made now when it carries one."""
    words: dict[str, object] = {
        "account": message.account,
        "vendor_email": settings.SEATLEDGER_VENDOR_EMAIL,
        "address": settings.SEATLEDGER_ADDRESS,
    }
    reply_to = [settings.SEATLEDGER_VENDOR_EMAIL]
    if message.kind == MessageKind.LICENCES_REQUESTED:
        more, reply_to = _request_words(message)
        words |= more
    elif message.kind == MessageKind.DOMAIN_CODE:
        domain = EmailDomain.objects.get(account=message.account, pk=message.about["domain_id"])
        words |= {"domain": domain.domain, "code": code_of(domain), "days": CODE_LASTS.days}
    elif message.kind == MessageKind.JOINING:
        path = reverse("join", kwargs={"token": joining_token(message.recipient)})
        words |= {"link": settings.SEATLEDGER_ADDRESS + path, "days": LINK_LASTS.days}
    else:
        assert message.user is not None, "the other messages are to users"
        message.recipient = message.user.email
        words |= _password_words(message.user)
    letter = EmailMultiAlternatives(
        _render(message, "subject.txt", words),
        _render(message, "body.txt", words),
        to=[message.recipient],
        reply_to=reply_to,
        headers={"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(_render(message, "body.html", words), "text/html")
    return letter


def post_letter(letter: EmailMultiAlternatives) -> None:
    """Hand an e-mail to the mail server. Raises Unreachable when it is not taken."""
    try:
        letter.send()
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"The mail server did not take the message: {error}") from error


def message_id_of(message: Message) -> str:
    """Return the Message-ID, the same each time a message is sent."""
    return f"<{message.pk}@{urlsplit(settings.SEATLEDGER_ADDRESS).hostname}>"


def _request_words(message: Message) -> tuple[dict[str, object], list[str]]:
    """Return what the vendor is told of a request, and whom it can answer."""
    request = LicenceRequest.objects.select_related("licence_type__product", "asked_by").get(
        account=message.account, pk=message.about["request_id"]
    )
    kind = request.licence_type
    name = branded(kind.name, kind.product.brand_words, brand_words_of(message.account))
    return {"request": request, "licence_name": name}, [request.asked_by.email] if request.asked_by else []


def _password_words(user: User) -> dict[str, object]:
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user.pk.hex, "key": default_token_generator.make_token(user)},
    )
    days = settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY
    return {"reader": user, "link": settings.SEATLEDGER_ADDRESS + path, "days": days}


def _render(message: Message, part: str, words: dict[str, object]) -> str:
    text = render_to_string(f"notifications/{message.kind}/{part}", words).strip()
    return " ".join(text.split()) if part == "subject.txt" else text + "\n"
