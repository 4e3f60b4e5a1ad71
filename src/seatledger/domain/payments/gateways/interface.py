"""What a gateway can do for us, in terms of our own.

A gateway is asked outside any transaction, after what is wanted was committed, with the row's id as idempotency key.
Every call is safe to repeat with the same key. It raises OutcomeUnknown when nobody can say whether it took effect (a
time-out, a dropped connection, an answer of 5xx) and GatewayRefused when it certainly did not and never will.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from seatledger.domain.payments.models import MethodKind
from seatledger.engine.money import Money
from seatledger.shared.errors import Refused, Unreachable

# How long a gateway may take to answer, in all.
ANSWER_WITHIN_S = 15


class OutcomeUnknown(Unreachable):
    """The gateway may or may not have done it. It is asked later; nothing is tried again blindly."""


class GatewayRefused(Refused):
    """The gateway does not accept what we asked: nothing happened, and nothing will."""

    code = "gateway_refused"


class ForgedNotice(Refused):
    """A webhook is not signed by the gateway, or too old."""

    code = "forged_notice"


class Outcome(StrEnum):
    """What became of a charge or a refund."""

    NOT_BEGUN = "not_begun"  # the gateway knows nothing of it: it may be asked for again, with the same key
    NEEDS_CUSTOMER = "needs_customer"  # he has to agree to it, at `next_url`
    PENDING = "pending"  # accepted; the gateway tells later whether it succeeded
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Answer:
    """What the gateway says now. `reason` is a code of `reasons`, for what failed."""

    outcome: Outcome
    reference: str = ""
    reason: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class NewCustomer:
    """An account as the gateway gets to know it. `key` is the account's id."""

    key: UUID
    name: str
    serial_number: str
    email: str


@dataclass(frozen=True)
class NewSetup:
    """A card or a bank account is to be entered on a page of the gateway, which sends the customer back afterwards."""

    key: UUID
    customer: str
    kind: MethodKind
    return_url: str


@dataclass(frozen=True)
class StartedSetup:
    reference: str
    url: str


@dataclass(frozen=True)
class EnteredMethod:
    """A method as a receipt shows it. `expires` is year and month."""

    kind: MethodKind
    token: str
    brand: str = ""
    last_four: str = ""
    expires: tuple[int, int] | None = None


@dataclass(frozen=True)
class SetupAnswer:
    """`outcome` is PENDING while the customer has not finished; `method` is there once it SUCCEEDED."""

    outcome: Outcome
    method: EnteredMethod | None = None
    reason: str = ""


@dataclass(frozen=True)
class NewCharge:
    """Money to be taken. `key` is the payment's id; `customer_present`: he waits for the answer and may be sent on."""

    key: UUID
    customer: str
    token: str
    kind: MethodKind
    amount: Money
    description: str
    customer_present: bool
    return_url: str


@dataclass(frozen=True)
class NewRefund:
    """Money to be given back. `key` is the refund's id, `charge` what the gateway calls the payment."""

    key: UUID
    charge: str
    amount: Money


class About(StrEnum):
    """What a webhook speaks of."""

    PAYMENT = "payment"
    SETUP = "setup"
    REFUND = "refund"
    DISPUTE = "dispute"
    NOTHING = "nothing"  # signed, and of no interest


@dataclass(frozen=True)
class Notice:
    """A webhook: which object to look up, and nothing that is believed of itself."""

    event_id: str
    about: About
    reference: str


@dataclass(frozen=True)
class DisputeAnswer:
    """A dispute as the gateway tells it. `outcome`: PENDING while open, SUCCEEDED when we keep the money, else FAILED.

    `answer_by` is until when it has to be answered at the gateway, where it says so.
    """

    outcome: Outcome
    charge: str
    amount: Money
    reason: str = ""
    answer_by: datetime | None = None


class Gateway(Protocol):
    """One provider of payments."""

    name: str
    kinds: frozenset[MethodKind]

    def open_customer(self, customer: NewCustomer) -> str:
        """Return what the gateway calls the account. Nothing is charged."""

    def begin_setup(self, setup: NewSetup) -> StartedSetup:
        """Return the page on which the customer enters a card or a bank account."""

    def look_up_setup(self, reference: str) -> SetupAnswer:
        """Return what became of a setup."""

    def prepare_charge(self, charge: NewCharge) -> str:
        """Return what the gateway calls the payment. Nothing is charged yet; the reference is stored before it is."""

    def charge(self, charge: NewCharge, reference: str) -> Answer:
        """Take the money of a prepared charge."""

    def look_up_charge(self, reference: str) -> Answer:
        """Return what became of a prepared charge."""

    def cancel_charge(self, reference: str) -> Answer:
        """Have a charge that was not finished never succeed, and return what became of it: it may have."""

    def refund(self, refund: NewRefund) -> Answer:
        """Give money back."""

    def look_up_refund(self, refund: NewRefund, reference: str) -> Answer:
        """Return what became of a refund, by what the gateway calls it or, where that is not known, by its key."""

    def look_up_dispute(self, reference: str) -> DisputeAnswer:
        """Return where a dispute stands."""

    def detach(self, token: str) -> None:
        """Forget a method. One that is forgotten already is no error."""

    def forget_customer(self, reference: str) -> None:
        """Forget an account, with every method it has. One that is forgotten already is no error."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Return what a webhook speaks of. Raises ForgedNotice."""
