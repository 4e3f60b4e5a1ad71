"""The end of a trial: the account is Expired, everything in it is kept, and it can still be bought."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from signing_in import page_of

from buying import TRANSFER, given_american_account, given_enterprise, given_method, given_seller
from reading import text_of
from seatledger.domain.licences.queries import get_account_type, today_of
from seatledger.domain.people.models import User
from support import administrator_of, given_user

pytestmark = pytest.mark.django_db

TRIAL_DAYS = 30


@pytest.fixture
def with_days_left(visit_as):
    """Return a way to have a trial of which so many days are still to come, today among them, and its administrator."""

    def begin(days_left):
        given_seller()
        account, now = given_american_account(), timezone.now()
        began_on = today_of(account, now) - timedelta(days=TRIAL_DAYS - days_left)
        noon = datetime.combine(began_on, time(12), ZoneInfo(account.time_zone))
        given_enterprise(account, trial=True, at=min(noon, now))
        given_method(account, TRANSFER)
        return visit_as(administrator_of(account)), account

    return begin


def notice_of(visitor, url="/"):
    return text_of(visitor.get(url), ".//aside[@aria-label='Notice']")


@pytest.mark.parametrize(
    ("days_left", "words"), [(30, "29 days are left"), (2, "1 day is left"), (1, "today is its last day")]
)
def test_every_page_says_how_many_days_are_left(with_days_left, days_left, words):  # A21
    visitor, _ = with_days_left(days_left)
    for url in ("/", "/users/", "/billing/", "/settings/", "/settings/export/"):
        assert words in notice_of(visitor, url)
        assert "Buy now" in notice_of(visitor, url)


def test_after_its_end_the_account_is_expired_with_everything_kept_and_can_be_bought(with_days_left):  # A10
    visitor, account = with_days_left(0)
    given_user(account, "Ben Okoro", at=timezone.now())
    assert get_account_type(account, timezone.now()) == "expired"
    assert "The trial of this account ended with" in notice_of(visitor)
    for url in ("/", "/users/", "/billing/", "/billing/summary/", "/settings/export/"):
        assert visitor.get(url).status_code == 200
    assert "Expired" in text_of(visitor.get("/billing/"))
    assert "Ben Okoro" in page_of(visitor.get("/users/"))
    assert User.objects.filter(account=account).count() == 2

    url = reverse("portal:buy_now")
    assert visitor.get("/billing/more").url == url
    chosen = {"plan": "enterprise.month", "when": "at_once"}
    page = page_of(visitor.get(url, chosen))
    expected = re.search(r'name="expected" value="([0-9a-f]{64})"', page).group(1)
    visitor.post(url, chosen | {"expected": expected})
    assert get_account_type(account, timezone.now()) == "active"
    assert "The trial of this account ended" not in page_of(visitor.get("/"))
