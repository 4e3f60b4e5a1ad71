"""A provider calls products by names of its own."""

import pytest

from seatledger.domain.accounts.actions import change_brand_words
from seatledger.domain.events.models import Event
from support import LATER, STAFF, given_provider, refreshed

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
