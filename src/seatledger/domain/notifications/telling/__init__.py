"""Who is told what an event says. One file per subject; `TELLERS` says which events anybody is told of."""

from collections.abc import Callable, Iterable
from typing import Final

from seatledger.domain.events.actions import Happening
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions.files import FilesMade
from seatledger.domain.licences.actions.endings import AccessEnded, LicencesEnded
from seatledger.domain.licences.actions.requests import LicencesRequested
from seatledger.domain.licences.storing import PoolChanged
from seatledger.domain.notifications.telling import (
    documents,
    endings,
    licences,
    payments,
    people,
    quotations,
    vendor,
    webhooks,
)
from seatledger.domain.notifications.telling.told import Told
from seatledger.domain.notifications.webhooks.happenings import WebhookEndpointDisabled
from seatledger.domain.payments import happenings as paying
from seatledger.domain.people.actions import MainContactChosen, SignedInFromNewDevice, UserInvited
from seatledger.domain.people.roster import AdministratorGiven
from seatledger.domain.subscriptions.happenings import DomainAsked

__all__ = ["TELLERS", "Told", "tell"]

TELLERS: Final[dict[type[Happening], Callable[[Event], Iterable[Told]]]] = {
    UserInvited: people.tell_invited,
    DomainAsked: people.tell_domain,
    AdministratorGiven: people.tell_of_administrator,
    SignedInFromNewDevice: people.tell_of_device,
    MainContactChosen: people.tell_main_contact,
    LicencesEnded: endings.tell_of_end,
    AccessEnded: endings.tell_of_access,
    LicencesRequested: vendor.tell_of_request,
    PoolChanged: licences.tell_of_change,
    FilesMade: documents.tell_of_files,
    paying.PaymentSucceeded: payments.tell_of_payment,
    paying.PaymentNeedsCustomer: payments.tell_of_waiting,
    paying.PaymentReversed: payments.tell_of_reversal,
    paying.RefundMade: payments.tell_of_refund,
    paying.DunningBegun: payments.tell_of_failure,
    paying.DunningStepped: payments.tell_of_step,
    paying.AccountLapsed: payments.tell_of_lapse,
    paying.AccountRestored: payments.tell_of_return,
    paying.CardExpiring: payments.tell_of_card,
    paying.OrderFailed: payments.tell_of_order,
    paying.QuotationSent: quotations.tell_of_quotation,
    paying.QuotationAccepted: quotations.tell_of_acceptance,
    paying.QuotationDeclined: quotations.tell_of_decline,
    paying.QuotationWithdrawn: quotations.tell_of_withdrawal,
    WebhookEndpointDisabled: webhooks.tell_of_endpoint,
}
_TELLER_OF: Final = {happening.kind(): teller for happening, teller in TELLERS.items()}


def tell(event: Event) -> list[Told]:
    """Return who is to be told of an event, each once."""
    return list(_TELLER_OF[event.kind](event))
