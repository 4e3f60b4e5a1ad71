"""Settings > Webhooks: endpoints, their secrets, deliveries with every answer; for who may, and for nobody else."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delivery import jobs_named
from hooks import given_endpoint
from seatledger.domain.events.models import Event
from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint
from seatledger.domain.notifications.webhooks.actions import disable_endpoint, send_test
from seatledger.domain.notifications.webhooks.sending import Answer
from seatledger.domain.notifications.webhooks.working_off import note_answer, take_delivery
from seatledger.domain.people.permissions import Permission
from support import STAFF, administrator_of, given_account, given_role, given_user, refreshed

URL = "http://127.0.0.1:9/hooks"
PLACE = "/settings/webhooks/"


@pytest.fixture
def account(db):
    return given_account("Northwind")


@pytest.fixture
def visitor(account, visit_as):
    return visit_as(administrator_of(account))


def address_of(endpoint: WebhookEndpoint, part: str = "") -> str:
    return f"{PLACE}{endpoint.pk}/{part}"


def tried(endpoint: WebhookEndpoint, answer: Answer) -> WebhookDelivery:
    """Return a delivery that was sent once, with this answer."""
    delivery = send_test(endpoint=endpoint, at=timezone.now(), by=STAFF)
    taken = take_delivery(endpoint_id=endpoint.pk, at=timezone.now())
    assert taken is not None
    note_answer(taken=taken, answer=answer, at=timezone.now())
    return refreshed(delivery)


def test_an_endpoint_is_added_and_its_secret_shown_this_once(visitor, account):
    assert "No program is told yet" in visitor.get(PLACE).content.decode()
    answer = visitor.post(f"{PLACE}new", {"url": URL, "event_types": ["user.added"], "description": "CRM"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    [secret] = re.findall(r"whsec_[\w+/=]+", answer.content.decode())
    endpoint = WebhookEndpoint.objects.get(account=account)
    assert (endpoint.url, endpoint.event_types, endpoint.description) == (URL, ["user.added"], "CRM")
    for page in (PLACE, address_of(endpoint), address_of(endpoint, "edit")):
        assert secret not in visitor.get(page).content.decode()
    event = Event.objects.get(account=account, kind="webhook_endpoint_added")
    assert (event.actor_id, event.payload) == (
        administrator_of(account).pk,
        {"endpoint_id": str(endpoint.pk)},
    )


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"url": ""}, "This field is required."),
        ({"url": "ftp://example.com/"}, "The address must begin with https://."),
        ({"url": "http://10.0.0.5/"}, "This address is not of the public internet."),
        ({"url": "http://[::ffff:10.0.0.5]/"}, "This address is not of the public internet."),
        ({"url": "https://ann:secret@example.com/"}, "Leave out user names"),
        ({"url": "https://exa mple.com/"}, "This is no address."),
        ({"url": "https://[::1/"}, "This is no address."),
        (
            {"url": "https://example.com/", "event_types": ["billing.parked"]},
            "is not one of the available choices",
        ),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(visitor, said, refusal):
    answer = visitor.post(f"{PLACE}new", said)
    assert answer.status_code == 422
    assert refusal in answer.content.decode()
    assert WebhookEndpoint.objects.count() == 0


def test_an_address_is_told_once(visitor, account):
    given_endpoint(account, URL)
    answer = visitor.post(f"{PLACE}new", {"url": URL})
    assert (
        answer.status_code,
        "There is an endpoint with this address already." in answer.content.decode(),
    ) == (422, True)


def test_https_alone_is_taken_where_no_loopback_is(visitor, settings):
    settings.SEATLEDGER_WEBHOOKS_TO_LOOPBACK = False
    for url in ("http://example.com/", "https://localhost/", "https://127.0.0.1/", "https://intranet/"):
        assert visitor.post(f"{PLACE}new", {"url": url}).status_code == 422
    assert visitor.post(f"{PLACE}new", {"url": "https://example.com/hooks"}).status_code == 200


def test_test_sends_a_message_and_leads_to_it(visitor, account):
    endpoint, _ = given_endpoint(account, URL)
    answer = visitor.post(address_of(endpoint, "test"))
    delivery = WebhookDelivery.objects.get(endpoint=endpoint)
    assert answer["Location"] == f"{PLACE}deliveries/{delivery.pk}/"
    assert [job.args for job in jobs_named("send_webhooks")][-1:] == [{"endpoint_id": str(endpoint.pk)}]
    page = visitor.get(answer["Location"])
    assert page["Refresh"] == "3"
    assert "Not sent yet" in page.content.decode()


def test_a_delivery_shows_what_was_sent_and_every_answer_and_can_be_sent_again(visitor, account):
    endpoint, _ = given_endpoint(account, URL)
    delivery = tried(endpoint, Answer(12, 500, "<script>no</script>"))
    page = visitor.get(f"{PLACE}deliveries/{delivery.pk}/").content.decode()
    assert f"msg_{delivery.pk.hex}" in page
    assert "&lt;script&gt;no&lt;/script&gt;" in page
    assert "&quot;type&quot;: &quot;webhook.test&quot;" in page
    assert "12 ms" in page
    assert visitor.post(f"{PLACE}deliveries/{delivery.pk}/redeliver").status_code == 302
    assert (refreshed(delivery).tries, refreshed(delivery).state) == (0, "waiting")


def test_an_endpoint_that_fails_and_one_that_is_off_say_so(visitor, account):
    endpoint, _ = given_endpoint(account, URL)
    for _ in range(3):
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(probe_at=None)
        tried(endpoint, Answer(12, problem="refused"))
    page = visitor.get(address_of(endpoint)).content.decode()
    assert "It has failed 3 times in a row" in page
    assert "What waits is held back." in page
    visitor.post(address_of(endpoint, "disable"))
    page = visitor.get(address_of(endpoint)).content.decode()
    assert "Switched off by hand" in page
    assert visitor.post(address_of(endpoint, "test")).status_code == 422
    visitor.post(address_of(endpoint, "enable"))
    assert refreshed(endpoint).state == "active"


def test_rotating_shows_the_new_secret_and_that_both_sign(visitor, account):
    endpoint, old = given_endpoint(account, URL)
    answer = visitor.post(address_of(endpoint, "secret")).content.decode()
    [new] = re.findall(r"whsec_[\w+/=]+", answer)
    assert new != old
    assert (
        "The one before the newest signs as well until" in visitor.get(address_of(endpoint)).content.decode()
    )
    for _ in range(3):
        visitor.post(address_of(endpoint, "secret"))
    assert visitor.post(address_of(endpoint, "secret")).status_code == 422


def test_an_endpoint_is_changed_and_removed(visitor, account):
    endpoint, _ = given_endpoint(account, URL)
    visitor.post(address_of(endpoint, "edit"), {"url": URL + "2", "event_types": ["invoice.issued"]})
    assert (refreshed(endpoint).url, refreshed(endpoint).event_types) == (URL + "2", ["invoice.issued"])
    assert "Remove this endpoint?" in visitor.get(address_of(endpoint, "remove")).content.decode()
    visitor.post(address_of(endpoint, "remove"))
    assert visitor.get(address_of(endpoint)).status_code == 404
    assert refreshed(endpoint).secrets.count() == 0
    assert visitor.post(f"{PLACE}new", {"url": URL + "2"}).status_code == 200


def test_deliveries_are_read_by_key_and_in_as_many_questions_for_one_as_for_many(visitor, account):
    endpoint, _ = given_endpoint(account, URL)
    send_test(endpoint=endpoint, at=timezone.now(), by=STAFF)
    with CaptureQueriesContext(connection) as few:
        visitor.get(address_of(endpoint))
    for _ in range(60):
        send_test(endpoint=endpoint, at=timezone.now(), by=STAFF)
    with CaptureQueriesContext(connection) as many:
        first = visitor.get(address_of(endpoint)).content.decode()
    assert len(many) == len(few)
    [following] = re.findall(r'href="(\?after=[^"]+)"', first)
    second = visitor.get(address_of(endpoint) + following).content.decode()
    shown = re.findall(r"/settings/webhooks/deliveries/([0-9a-f-]{36})/", first + second)
    assert (len(shown), len(set(shown))) == (61, 61)
    assert visitor.get(address_of(endpoint) + "?after=nonsense").status_code == 400


def test_nobody_sees_a_neighbours_endpoint_nor_the_vendors(visitor, account, visit_as):
    southwind = given_account("Southwind")
    for endpoint, _ in (given_endpoint(southwind, URL), given_endpoint(None, URL)):
        delivery = send_test(endpoint=endpoint, at=timezone.now(), by=STAFF)
        assert visitor.get(address_of(endpoint)).status_code == 404
        assert visitor.get(f"{PLACE}deliveries/{delivery.pk}/").status_code == 404
        for part in ("edit", "remove", "test", "secret", "disable", "enable"):
            assert visitor.post(address_of(endpoint, part), {"url": URL}).status_code == 404
        assert visitor.post(f"{PLACE}deliveries/{delivery.pk}/redeliver").status_code == 404
    assert "No program is told yet" in visitor.get(PLACE).content.decode()
    assert visitor.get(f"{PLACE}{uuid4()}/").status_code == 404


def test_without_the_permission_there_is_no_page_and_no_tab(account, visit_as):
    clerk = visit_as(
        given_user(account, roles=[given_role(account, permissions=[Permission.SETTINGS_MANAGE])])
    )
    assert clerk.get(PLACE).status_code == 403
    assert PLACE not in clerk.get("/settings/").content.decode()
    endpoint, _ = given_endpoint(account, URL)
    assert clerk.post(address_of(endpoint, "secret")).status_code == 403
    other = visit_as(
        given_user(
            account,
            "Eve Hook",
            roles=[given_role(account, "Hooks", permissions=[Permission.WEBHOOKS_MANAGE])],
        )
    )
    assert other.get(PLACE).status_code == 200
    disable_endpoint(endpoint=endpoint, at=timezone.now(), by=STAFF)
    assert "Switched off" in other.get(PLACE).content.decode()
