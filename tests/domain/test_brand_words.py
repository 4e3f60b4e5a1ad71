"""A provider calls products by names of its own."""

import pytest

from seatledger.domain.catalogue.models import Product
from seatledger.domain.licences.actions import assign_licence, change_total
from seatledger.domain.licences.models import LedgerEntry
from seatledger.domain.licences.refusals import NoLicenceAvailable
from support import (
    LATER,
    STAFF,
    given_account,
    given_brand,
    given_licence_type,
    given_pool,
    given_provider,
    given_user,
    refreshed,
)

pytestmark = pytest.mark.django_db


def test_a_customer_reads_its_providers_words_in_refusals_and_in_the_record():  # D10
    provider = given_provider()
    given_brand(provider, words={"UcClient": "HarbourTalk"})
    client = given_licence_type("client", name="{UcClient} Desktop")
    pool = given_pool(given_account(provider=provider), client, total_licences=0)
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
