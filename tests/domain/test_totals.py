"""Several totals at once, and what a customer sees of its provider."""

import pytest
from django.db import transaction

from seatledger.domain.accounts.models import Account
from seatledger.domain.licences.actions import change_totals
from seatledger.domain.licences.queries import brand_words_of, branded, get_pool
from seatledger.domain.licences.refusals import TotalBelowUse
from seatledger.shared.boundary import bind_account, unbind
from seatledger.shared.errors import NotFound
from support import (
    LATER,
    STAFF,
    given_account,
    given_brand,
    given_device,
    given_device_type,
    given_pool,
    given_provider,
)

pytestmark = pytest.mark.django_db


def test_several_totals_change_together():  # D19, D21
    account = given_account()
    screens, seats = given_pool(account, given_device_type()), given_pool(account)
    changed = change_totals(account=account, totals={screens.pk: 12, seats.pk: 10}, at=LATER, by=STAFF)
    assert changed == 1
    assert get_pool(account, screens.pk).total_licences == 12


def test_none_changes_when_one_is_refused():
    account = given_account()
    screens, seats = given_pool(account, given_device_type()), given_pool(account)
    given_device(screens)
    with pytest.raises(TotalBelowUse):
        change_totals(account=account, totals={seats.pk: 20, screens.pk: 0}, at=LATER, by=STAFF)
    assert get_pool(account, seats.pk).total_licences == 10


def test_a_neighbours_pool_is_none_of_this_account():
    account, other = given_account("Northwind"), given_pool(given_account("Contoso"))
    with pytest.raises(NotFound):
        change_totals(account=account, totals={other.pk: 20}, at=LATER, by=STAFF)


def test_a_customer_sees_the_words_of_its_provider_and_no_other_account():  # D10
    provider = given_provider("Harbour Partners")
    given_brand(provider)
    customer = given_account("Northwind", provider=provider)
    given_account("Contoso", provider=provider)
    with transaction.atomic():
        bind_account(customer.pk)
        seen = Account.objects.get(pk=customer.pk)
        assert (
            branded("{UcClient} Desktop", {"UcClient": "Converse"}, brand_words_of(seen)) == "Parley Desktop"
        )
        assert {row.name for row in Account.objects.all()} == {"Northwind"}
        unbind()
