"""What of payments is refused, each with a sentence that says what to do."""

import pytest
from django.conf import LazySettings

from paying import given_debtor, pay
from seatledger.domain.invoices.entries import unsettle
from seatledger.domain.invoices.models import EntryKind
from seatledger.domain.invoices.refusals import MoreThanIsSettled
from seatledger.domain.payments.actions.setups import KindNotOffered, SetupWish, begin_setup
from seatledger.domain.payments.gateways.registry import NoGateway, gateway_for_new_methods, gateway_named
from seatledger.domain.payments.models import MethodKind
from support import AT, LATER, STAFF, given_account

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_gateway_that_is_not_here_charges_nobody(settings: LazySettings):
    with pytest.raises(NoGateway, match="unheard-of"):
        gateway_named("unheard-of")
    settings.SEATLEDGER_GATEWAY = "none"
    with pytest.raises(NoGateway):
        gateway_for_new_methods()


def test_a_transfer_is_not_added_at_a_gateway():
    with pytest.raises(KindNotOffered):
        begin_setup(
            account=given_account(), wish=SetupWish(MethodKind.TRANSFER, "/billing/"), at=AT, by=STAFF
        )


def test_no_more_is_undone_than_a_payment_settled():
    _, invoice = given_debtor()
    payment = pay(invoice)
    with pytest.raises(MoreThanIsSettled):
        unsettle(invoice, EntryKind.REVERSAL, 12001, payment_id=payment.pk, at=LATER)
