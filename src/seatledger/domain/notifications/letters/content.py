"""What a letter is given to speak of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

from seatledger.domain.accounts.models import Account, Brand
from seatledger.domain.accounts.queries import find_look
from seatledger.domain.invoices.models import Seller
from seatledger.domain.notifications.letters.languages import Figures
from seatledger.domain.notifications.models import Language, Message


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Content:
    """The values for a letter's words, whom the reader can answer, and the files that go along."""

    values: dict[str, object]
    reply_to: Sequence[str] = ()
    attachments: Sequence[Attachment] = field(default=())


@dataclass(frozen=True)
class Reader:
    """Who reads a message: in which language, and how days and amounts look there.

    The account is one that is not stored while nobody has opened it yet.
    """

    message: Message
    account: Account
    language: Language
    figures: Figures

    @property
    def name(self) -> str:
        """The reader's name; empty where nobody knows who reads it."""
        return self.message.user.full_name if self.message.user else ""


def address_of(path: str) -> str:
    """Return the full address of a page."""
    return f"{settings.SEATLEDGER_ADDRESS}{path}"


@dataclass(frozen=True)
class Look:
    """Whose letter it is: the name it is sent under, whom to write to, and its colours on light and dark sheets.

    `door` is the beginning of the addresses at which the reader signs in.
    """

    name: str
    reply_to: str
    accents: tuple[str, str] | None = None
    door: str = ""


def look_of(account: Account) -> Look:
    """Return whose letter it is: the account's provider's, else the seller's."""
    if account.provider_id and account.provider:
        brand = find_look(account) or Brand()
        has_accents = brand.accent_on_light and brand.accent_on_dark
        return Look(
            brand.name or account.provider.name,
            brand.reply_to or settings.SEATLEDGER_VENDOR_EMAIL,
            (brand.accent_on_light, brand.accent_on_dark) if has_accents else None,
            f"/at/{brand.address}" if brand.address else "",
        )
    seller = Seller.objects.filter(is_default=True).first()
    return Look(seller.name if seller else "Seatledger", settings.SEATLEDGER_VENDOR_EMAIL)
