"""What happens to payments, as the record keeps it: ids and amounts in minor units, nothing of a person."""

from dataclasses import dataclass
from uuid import UUID

from seatledger.domain.events.actions import Happening


@dataclass(frozen=True)
class PaymentIntended(Happening):
    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class PaymentNeedsCustomer(Happening):
    """The customer's bank wants him to agree to it; he is not at the page."""

    payment_id: UUID


@dataclass(frozen=True)
class PaymentPending(Happening):
    """The gateway took it on and tells later whether it succeeded."""

    payment_id: UUID


@dataclass(frozen=True)
class PaymentSucceeded(Happening):
    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class PaymentFailed(Happening):
    """`reason` is a code of the gateways'."""

    payment_id: UUID
    reason: str


@dataclass(frozen=True)
class PaymentGivenUp(Happening):
    """The customer did not finish with his bank what he had begun; nothing was charged, and nobody is dunned for it."""

    payment_id: UUID
    reason: str


@dataclass(frozen=True)
class PaymentReversed(Happening):
    """The bank took back what had succeeded: a lost dispute, or a returned direct debit."""

    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class RefundIntended(Happening):
    """Somebody asked for it; whether it was made is told later."""

    refund_id: UUID
    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class RefundMade(Happening):
    refund_id: UUID
    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class RefundFailed(Happening):
    refund_id: UUID
    payment_id: UUID
    reason: str


@dataclass(frozen=True)
class DisputeOpened(Happening):
    dispute_id: UUID
    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class DisputeEnded(Happening):
    dispute_id: UUID
    payment_id: UUID
    state: str


@dataclass(frozen=True)
class DunningBegun(Happening):
    dunning_id: UUID
    document_id: UUID


@dataclass(frozen=True)
class DunningStepped(Happening):
    """It was tried again and failed; `step` counts from 1."""

    dunning_id: UUID
    document_id: UUID
    step: int


@dataclass(frozen=True)
class DunningEnded(Happening):
    dunning_id: UUID
    document_id: UUID
    end: str


@dataclass(frozen=True)
class AccountLapsed(Happening):
    """The last step of dunning failed: the account is Expired until it pays."""

    document_id: UUID


@dataclass(frozen=True)
class AccountRestored(Happening):
    """What the account had lapsed for is paid."""

    document_id: UUID


@dataclass(frozen=True)
class CardExpiring(Happening):
    """The default card is good to the end of this month or the next; recorded once for each card and notice."""

    method_id: UUID
    days_left: int


@dataclass(frozen=True)
class OrderFailed(Happening):
    """An order was not done: its payment failed, or what it was told for had changed. What was paid goes back."""

    order_id: UUID
    reason: str


@dataclass(frozen=True)
class QuotationSent(Happening):
    """Staff offered the account licences in writing."""

    quotation_id: UUID


@dataclass(frozen=True)
class QuotationAccepted(Happening):
    """It was accepted: the licences are there, and `document_ids` were issued for them."""

    quotation_id: UUID
    document_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class QuotationDeclined(Happening):
    quotation_id: UUID


@dataclass(frozen=True)
class QuotationWithdrawn(Happening):
    """Staff took it back before it was accepted."""

    quotation_id: UUID
