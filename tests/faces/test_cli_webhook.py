"""`seatledger webhook`: the vendor's own endpoints, told of all accounts."""

import re

import pytest

from commands import run_command
from delivery import jobs_named
from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint
from support import given_account

URL = "http://127.0.0.1:9/hooks"

pytestmark = pytest.mark.django_db


def test_the_vendor_adds_tests_rotates_and_removes_an_endpoint():
    code, said = run_command("webhook", "add", URL, "--event", "billing.parked", "--description", "ERP")
    assert code == 0
    [secret] = re.findall(r"whsec_\S+", said)
    endpoint = WebhookEndpoint.objects.get(account=None)
    assert (endpoint.url, endpoint.event_types) == (URL, ["billing.parked"])
    assert run_command("webhook", "list") == (0, f"{endpoint.pk}  active    {URL}\n")
    assert run_command("webhook", "test", endpoint.pk)[0] == 0
    delivery = WebhookDelivery.objects.get()
    shown = run_command("webhook", "show", endpoint.pk)[1]
    assert str(delivery.pk) in shown
    assert secret not in shown
    assert run_command("webhook", "redeliver", delivery.pk)[0] == 0
    assert jobs_named("send_webhooks")
    assert "whsec_" in run_command("webhook", "rotate", endpoint.pk)[1]
    assert run_command("webhook", "disable", endpoint.pk) == (0, "Disabled.\n")
    assert "switched off" in run_command("webhook", "test", endpoint.pk)[1]
    assert run_command("webhook", "enable", endpoint.pk) == (0, "Enabled.\n")
    assert run_command("webhook", "remove", endpoint.pk) == (0, "Removed.\n")
    assert run_command("webhook", "show", endpoint.pk)[0] == 2


def test_an_accounts_endpoint_is_named_with_its_account():
    account = given_account("Northwind")
    assert run_command("webhook", "add", URL, "--account", account.serial_number)[0] == 0
    assert run_command("webhook", "list") == (0, "")
    assert URL in run_command("webhook", "list", "--account", account.serial_number)[1]
    code, said = run_command(
        "webhook", "add", URL + "2", "--account", account.serial_number, "--event", "billing.parked"
    )
    assert (code, "no event type “billing.parked”" in said) == (2, True)
