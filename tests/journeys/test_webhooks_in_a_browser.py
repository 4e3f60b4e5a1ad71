"""An administrator has a program told what happens, and sees what came of it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from delivery import forget_the_jobs
from hooks import make_due
from receiving import receiver
from seatledger.domain.notifications.models import WebhookEndpoint
from seatledger.domain.notifications.webhooks.working_off import take_delivery
from seatledger.faces.jobs.webhooks import send_one
from support import administrator_of, given_account

pytestmark = pytest.mark.django_db(transaction=True)


def send_due() -> None:
    """Send what is due, as the job does: the worker's own loop cannot run beside the browser's."""
    endpoint = WebhookEndpoint.objects.get()
    while taken := take_delivery(endpoint_id=endpoint.pk, at=timezone.now()):
        send_one(taken)


def test_an_administrator_adds_an_endpoint_tests_it_and_sends_again(portal, theme):
    account = given_account("Northwind")
    forget_the_jobs()
    page = portal.visit_as(administrator_of(account))
    with receiver() as ours:
        page.goto("/settings/webhooks/")
        page.get_by_role("link", name="Add an endpoint").click()
        page.get_by_label("Address").fill("http://10.0.0.5/hooks")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(
            page.get_by_role("link", name="Address: This address is not of the public internet.")
        ).to_be_visible()
        page.get_by_label("Address").fill(ours.url)
        page.get_by_role("button", name="Add", exact=True).click()
        secret = page.locator("#secret").inner_text()
        page.get_by_role("link", name="I have kept it").click()
        expect(page.get_by_text(secret)).to_have_count(0)

        page.get_by_role("button", name="Test").click()
        expect(page.get_by_text("Not sent yet")).to_be_visible()
        delivery = page.url
        send_due()
        page.goto(delivery)
        expect(page.get_by_role("main").get_by_text("Delivered")).to_be_visible()
        assert ours.received[0].verified_by(secret)["type"] == "webhook.test"

        ours.status, ours.body = 500, b"out of order"
        page.get_by_role("button", name="Redeliver").click()
        send_due()
        page.goto(delivery)
        expect(page.get_by_text("To be tried again")).to_be_visible()
        page.get_by_text("Show").click()
        expect(page.get_by_text("out of order")).to_be_visible()

        ours.status = 204
        make_due(WebhookEndpoint.objects.get(account=account))
        page.get_by_role("button", name="Redeliver").click()
        send_due()
        page.goto(delivery)
        expect(page.get_by_role("main").get_by_text("Delivered")).to_be_visible()
    assert len({each.headers["webhook-id"] for each in ours.received}) == 1
