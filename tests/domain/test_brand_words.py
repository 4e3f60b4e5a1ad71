"""A provider calls products by names of its own."""

import pytest

from seatledger.domain.accounts.actions import change_brand_words
from seatledger.domain.catalogue.models import Product
from seatledger.domain.events.models import Event
from seatledger.domain.licences.actions import assign_licence, change_total
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.refusals import NoLicenceAvailable
from support import (
    AT,
    LATER,
    STAFF,
    given_account,
    given_licence_type,
    given_pool,
    given_provider,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db


def test_a_provider_has_its_own_words_for_product_names():  # D10
    provider = given_provider()
    changed = change_brand_words(
        account=provider, brand_words={"UcClient": " HarbourTalk "}, at=LATER, by=STAFF
    )
    assert refreshed(provider).brand_words == {"UcClient": "HarbourTalk"} == changed.brand_words
    written = Event.objects.count()
    change_brand_words(account=provider, brand_words={"UcClient": "HarbourTalk"}, at=LATER, by=STAFF)
    assert Event.objects.count() == written


def test_a_customer_reads_its_providers_words_in_refusals_and_in_the_record():  # D10
    provider = given_provider()
    change_brand_words(account=provider, brand_words={"UcClient": "HarbourTalk"}, at=AT, by=STAFF)
    client = given_licence_type("client", name="{UcClient} Desktop")
    pool = given_pool(given_account(provider=refreshed(provider)), client, total_licences=0)
    with pytest.raises(NoLicenceAvailable, match="All 0 HarbourTalk Desktop licences are taken"):
        assign_licence(pool=pool, user=given_user(pool.account), at=LATER, by=STAFF)
    change_total(pool=pool, total=5, at=LATER, by=STAFF)
    names = LedgerEntry.objects.filter(pool=pool).values_list("licence_name", flat=True)
    assert set(names) == {"HarbourTalk Desktop"}


def test_without_a_provider_the_products_own_words_are_read():  # D10
    client = given_licence_type("client", name="{UcClient} Desktop")
    Product.objects.update(brand_words={"UcClient": "Converse"})
    pool = given_pool(licence_type=refreshed(client), total_licences=0)
    with pytest.raises(NoLicenceAvailable, match="All 0 Converse Desktop licences are taken"):
        assign_licence(pool=pool, user=given_user(pool.account), at=LATER, by=STAFF)
