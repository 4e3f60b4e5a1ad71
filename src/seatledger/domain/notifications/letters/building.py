"""Turn a message into the e-mail it stands for."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from seatledger.domain.notifications.letters import (
    closing,
    documents,
    licences,
    payments,
    people,
    quotations,
    renewals,
    signing_up,
    vendor,
    webhooks,
)
from seatledger.domain.notifications.letters.content import Content, Look, Reader, address_of, look_of
from seatledger.domain.notifications.letters.languages import Figures, language_of
from seatledger.domain.notifications.letters.setting import Sheet, set_html, set_text
from seatledger.domain.notifications.letters.words import word
from seatledger.domain.notifications.models import Language, Message, MessageChoice, MessageKind

CONTENTS: Final[dict[MessageKind, Callable[[Reader], Content]]] = {
    MessageKind.WELCOME: people.password_link,
    MessageKind.PASSWORD_RESET: people.password_link,
    MessageKind.JOINING: people.joining_link,
    MessageKind.SIGNUP: signing_up.proof_link,
    MessageKind.SIGNUP_KNOWN: signing_up.known,
    MessageKind.DOMAIN_CODE: people.domain_code,
    MessageKind.EXPORT_READY: people.export_ready,
    MessageKind.NEW_DEVICE: people.new_device,
    MessageKind.ADMINISTRATOR_GIVEN: people.administrator_given,
    MessageKind.MAIN_CONTACT_CHOSEN: people.main_contact_chosen,
    MessageKind.LICENCES_REQUESTED: vendor.licences_requested,
    MessageKind.CLOSURE_REQUESTED: closing.requested,
    MessageKind.CLOSURE_CONFIRMED: closing.dated,
    MessageKind.CLOSURE_WITHDRAWN: closing.dated,
    MessageKind.CLOSURE_ANNOUNCED: closing.dated,
    MessageKind.CLOSURE_DONE: closing.dated,
    MessageKind.LICENCES_CHANGED: licences.licences_changed,
    MessageKind.LICENCES_RUNNING_OUT: licences.licences_running_out,
    MessageKind.TRIAL_ENDING: renewals.trial_ending,
    MessageKind.LICENCES_EXPIRING: renewals.licences_expiring,
    MessageKind.TRIAL_ENDED: renewals.trial_ended,
    MessageKind.LICENCES_ENDED: renewals.licences_ended,
    MessageKind.RENEWAL_COMING: renewals.renewal_coming,
    MessageKind.INVOICE_ISSUED: documents.document_issued,
    MessageKind.CREDIT_NOTE_ISSUED: documents.document_issued,
    MessageKind.PAYMENT_RECEIVED: payments.payment_received,
    MessageKind.PAYMENT_NEEDS_YOU: payments.payment_needs_you,
    MessageKind.PAYMENT_REVERSED: payments.payment_reversed,
    MessageKind.PAYMENT_FAILED: payments.dunning,
    MessageKind.PAYMENT_OVERDUE: payments.dunning,
    MessageKind.REFUND_MADE: payments.refund_made,
    MessageKind.CARD_EXPIRING: payments.card_expiring,
    MessageKind.ACCOUNT_LAPSED: payments.account_standing,
    MessageKind.ACCOUNT_RESTORED: payments.account_standing,
    MessageKind.ORDER_FAILED: payments.order_failed,
    MessageKind.QUOTATION_SENT: quotations.quotation_sent,
    MessageKind.QUOTATION_ACCEPTED: quotations.quotation_answered,
    MessageKind.QUOTATION_DECLINED: quotations.quotation_answered,
    MessageKind.QUOTATION_WITHDRAWN: quotations.quotation_withdrawn,
    MessageKind.WEBHOOK_DISABLED: webhooks.webhook_disabled,
}


@dataclass(frozen=True)
class Letter:
    """A letter as it is sent."""

    subject: str
    text: str
    html: str
    mail: EmailMultiAlternatives


def build_letter(message: Message) -> Letter:
    """Return the e-mail of a message, in text and HTML, with a link made now when it carries one."""
    if message.user is not None:
        message.recipient = message.user.email
    reader = reader_of(message)
    content = CONTENTS[MessageKind(message.kind)](reader)
    look = look_of(reader.account)
    sheet = lay_out(reader, content, look)
    subject, text, html = sheet.wording.subject, set_text(sheet), set_html(sheet)
    mail = EmailMultiAlternatives(
        subject,
        text,
        from_email=formataddr((sheet.brand, settings.DEFAULT_FROM_EMAIL)),
        to=[message.recipient],
        reply_to=list(content.reply_to) or [look.reply_to],
        headers={"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    for attachment in content.attachments:
        mail.attach(attachment.name, attachment.content, attachment.content_type)
    return Letter(subject, text, html, mail)


def lay_out(reader: Reader, content: Content, look: Look) -> Sheet:
    """Return all that stands on a letter, in the reader's language."""
    message, account = reader.message, reader.account
    common = {
        "account": account.name,
        "reader": reader.name,
        "address": settings.SEATLEDGER_ADDRESS,
        "vendor_email": settings.SEATLEDGER_VENDOR_EMAIL,
        "signature": look.name,
        "answers_to": look.reply_to,
        "kind": message.kind,
        "topic": message.about.get("topic", ""),
        "copy": message.about.get("copy") == "yes",
        "choices_link": address_of(reverse("portal:message_choices")),
    }
    wording = word(message.kind, reader.language, common | content.values)
    foot = word("footer", reader.language, common)
    return Sheet(reader.language, look.name, wording, foot.blocks, look.accents)


def reader_of(message: Message) -> Reader:
    """Return who reads a message."""
    account = message.account or signing_up.account_to_be(message)
    chosen = (
        MessageChoice.objects.filter(user=message.user).values_list("language", flat=True).first()
        if message.user
        else ""
    )
    language = Language(chosen) if chosen else language_of(account.locale)
    figures = Figures.of(language, account_locale=account.locale, time_zone=account.time_zone)
    return Reader(message, account, language, figures)


def message_id_of(message: Message) -> str:
    """Return the Message-ID, the same each time a message is sent."""
    return f"<{message.pk}@{urlsplit(settings.SEATLEDGER_ADDRESS).hostname}>"
