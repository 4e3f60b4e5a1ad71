"""What a letter is given to speak of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

from seatledger.domain.accounts.models import Account
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


def brand_of(account: Account) -> str:
    """Return whose letter it is: the account's provider's, else the seller's."""
    if account.provider_id and account.provider:
        return account.provider.name
    seller = Seller.objects.filter(is_default=True).first()
    return seller.name if seller else "Seatledger"
