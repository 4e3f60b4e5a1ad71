"""What an endpoint of webhooks is refused for, each with a sentence that says what to do."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from seatledger.domain.notifications.webhooks.actions import (
    MOST_ENDPOINTS,
    AddressIsTold,
    EndpointDetails,
    EndpointDisabled,
    TooManyEndpoints,
    TooManySecrets,
    UnfitUrl,
    UnknownEventType,
    add_endpoint,
    disable_endpoint,
    rotate_secret,
    send_test,
)
from seatledger.domain.notifications.webhooks.schedule import MOST_SECRETS
from support import AT, LATER, NEXT_DAY, STAFF, given_account

pytestmark = pytest.mark.django_db
URL = "https://northwind.example/hooks"


def add(account, url=URL, *event_types):
    endpoint, _ = add_endpoint(
        account=account, details=EndpointDetails(url, "", event_types), at=AT, by=STAFF
    )
    return endpoint


@pytest.mark.parametrize(
    "url",
    [
        "http://northwind.example/hooks",
        "https://",
        "https://ann:secret@northwind.example/",
        "https://localhost/hooks",
        "https://10.0.0.1/hooks",
        "https://[::1]/hooks",
        "https://northwind.example:99999/",
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused(settings: LazySettings, url):
    settings.SEATLEDGER_WEBHOOKS_TO_LOOPBACK = False
    with pytest.raises(UnfitUrl):
        add(given_account(), url)


def test_an_address_is_told_once():
    account = given_account()
    add(account)
    with pytest.raises(AddressIsTold):
        add(account)


def test_an_event_type_that_is_not_there_is_refused():
    with pytest.raises(UnknownEventType):
        add(given_account(), URL, "licence.stolen")


def test_there_is_an_end_to_endpoints():
    account = given_account()
    for number in range(MOST_ENDPOINTS):
        add(account, f"{URL}/{number}")
    with pytest.raises(TooManyEndpoints):
        add(account)


def test_a_secret_is_not_rotated_all_day_long():
    endpoint = add(given_account())
    for _ in range(MOST_SECRETS - 1):
        rotate_secret(endpoint=endpoint, at=LATER, by=STAFF)
    with pytest.raises(TooManySecrets):
        rotate_secret(endpoint=endpoint, at=LATER, by=STAFF)
    assert rotate_secret(endpoint=endpoint, at=NEXT_DAY + timedelta(days=1), by=STAFF)


def test_nothing_is_tried_at_an_endpoint_that_is_switched_off():
    endpoint = add(given_account())
    disable_endpoint(endpoint=endpoint, at=LATER, by=STAFF)
    with pytest.raises(EndpointDisabled):
        send_test(endpoint=endpoint, at=LATER, by=STAFF)
