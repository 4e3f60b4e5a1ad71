"""How an account pays: methods are added, chosen and removed, and shown masked."""

from datetime import date
from uuid import uuid4

import pytest

from seatledger.domain.events.models import Event
from seatledger.domain.payments.actions import (
    DefaultMethodNeeded,
    NewMethod,
    TransferNotAgreed,
    UnfitCard,
    add_method,
    choose_default,
    remove_method,
)
from seatledger.domain.payments.models import MethodKind, PaymentMethod
from seatledger.domain.payments.queries import get_default_method, list_methods
from seatledger.shared.errors import NotFound
from support import LATER, NEXT_DAY, STAFF, actor_of, administrator_of, given_account, refreshed

pytestmark = pytest.mark.django_db

CARD = NewMethod(MethodKind.CARD, "sandbox", "tok_1", "Visa", "4242", (2027, 5))
OTHER_CARD = NewMethod(MethodKind.CARD, "sandbox", "tok_2", "Mastercard", "4444", (2028, 1))
TRANSFER = NewMethod(MethodKind.TRANSFER)


def add(account, new):
    return add_method(account=account, new=new, at=LATER, by=STAFF)


def test_a_card_is_shown_by_its_last_digits():  # E16
    method = add(given_account(), CARD)
    assert method.masked == "Visa •••• 4242"
    assert get_default_method(method.account) == method


def test_a_transfer_is_shown_in_words():  # E4
    assert add(given_account(), TRANSFER).masked == "Invoice with bank transfer"


def test_a_card_is_good_to_the_end_of_its_month():
    method = add(given_account(), CARD)
    assert not method.is_expired(date(2027, 5, 31))
    assert method.is_expired(date(2027, 6, 1))
    assert not add(given_account("Contoso"), TRANSFER).is_expired(date(2999, 1, 1))


def test_the_first_method_is_the_default_until_another_is_chosen():  # E17
    account = given_account()
    first, second = add(account, CARD), add(account, OTHER_CARD)
    assert list_methods(account) == [first, second]
    assert choose_default(account=account, method_id=second.pk, at=NEXT_DAY, by=STAFF)
    assert not choose_default(account=account, method_id=second.pk, at=NEXT_DAY, by=STAFF)
    assert list_methods(account) == [second, first]


def test_a_customer_does_not_give_himself_credit():
    account = given_account()
    with pytest.raises(TransferNotAgreed):
        add_method(account=account, new=TRANSFER, at=LATER, by=actor_of(administrator_of(account)))
    assert list_methods(account) == []


def test_a_transfer_is_agreed_once():
    account = given_account()
    assert add(account, TRANSFER) == add(account, TRANSFER)
    assert PaymentMethod.objects.filter(account=account).count() == 1


@pytest.mark.parametrize(
    "card",
    [
        NewMethod(MethodKind.CARD, last_four="42", expires=(2027, 5)),
        NewMethod(MethodKind.CARD, last_four="42a2", expires=(2027, 5)),
        NewMethod(MethodKind.CARD, last_four="4242", expires=(2027, 13)),
        NewMethod(MethodKind.CARD, last_four="4242", expires=(27, 5)),
        NewMethod(MethodKind.CARD, last_four="4242"),
    ],
)
def test_a_card_without_digits_or_date_is_refused(card):
    with pytest.raises(UnfitCard):
        add(given_account(), card)


def test_the_default_is_removed_last_and_its_token_is_forgotten():
    account = given_account()
    first, second = add(account, CARD), add(account, OTHER_CARD)
    with pytest.raises(DefaultMethodNeeded):
        remove_method(account=account, method_id=first.pk, at=NEXT_DAY, by=STAFF)
    remove_method(account=account, method_id=second.pk, at=NEXT_DAY, by=STAFF)
    remove_method(account=account, method_id=first.pk, at=NEXT_DAY, by=STAFF)
    assert get_default_method(account) is None
    assert (refreshed(first).token, refreshed(first).removed_at) == ("", NEXT_DAY)


def test_a_neighbours_method_is_none():
    neighbour = given_account("Contoso")
    theirs = add(neighbour, CARD)
    account = given_account()
    for method_id in (theirs.pk, uuid4()):
        with pytest.raises(NotFound):
            choose_default(account=account, method_id=method_id, at=NEXT_DAY, by=STAFF)
        with pytest.raises(NotFound):
            remove_method(account=account, method_id=method_id, at=NEXT_DAY, by=STAFF)
    assert list_methods(account) == []


def test_every_change_is_told_without_digits():
    account = given_account()
    first, second = add(account, CARD), add(account, OTHER_CARD)
    choose_default(account=account, method_id=second.pk, at=NEXT_DAY, by=STAFF)
    remove_method(account=account, method_id=first.pk, at=NEXT_DAY, by=STAFF)
    told = Event.objects.filter(account=account, kind__startswith="payment_method").order_by("sequence")
    assert [event.kind for event in told] == [
        "payment_method_added",
        "payment_method_added",
        "payment_method_chosen",
        "payment_method_removed",
    ]
    assert not any("4242" in str(event.payload) for event in told)
