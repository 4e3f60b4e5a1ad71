"""Who may open what: every route of the portal, as nobody, without a role, and with another account's ids."""

import pytest
from django.urls import reverse

from billing_rows import given_document, given_quotation, given_rows_of_payments
from buying import given_method
from exporting import given_ready_export
from hooks import given_rows_of_webhooks
from seatledger.domain.accounts.models import AccountKind
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.notifications.models import WebhookDelivery, WebhookEndpoint
from seatledger.domain.payments.models import Order, Payment, Setup
from seatledger.domain.people.models import Role, User
from seatledger.domain.subscriptions.models import Change, EmailDomain
from seatledger.faces.portal.urls import urlpatterns
from selling import given_subscription
from support import (
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_device,
    given_device_type,
    given_pool,
    given_provider,
    given_role,
    given_user,
)

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in urlpatterns}
WITH_IDS = [name for name, route in ROUTES.items() if route.pattern.converters]


@pytest.fixture
def ids():
    """Return one thing of each kind, all of an account that nobody here may see."""
    provider = given_provider("Other Harbour")
    account = given_account("Contoso", provider=provider)
    pool = given_pool(account)
    user = given_user(account, "Mallory Nosy")
    role = given_role(account, "Spies")
    device = given_device(given_pool(account, given_device_type()))
    invoice = given_document(account)
    given_rows_of_payments(account, invoice)
    given_rows_of_webhooks(account)
    assignment = assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    item = given_subscription(account, at=LATER).items.get()
    return {
        "account_id": account.pk,
        "customer_id": account.pk,
        "pool_id": pool.pk,
        "user_id": user.pk,
        "role_id": role.pk,
        "model_id": role.pk,
        "device_id": device.pk,
        "document_id": invoice.pk,
        "endpoint_id": WebhookEndpoint.objects.get(account=account).pk,
        "delivery_id": WebhookDelivery.objects.get(account=account).pk,
        "order_id": Order.objects.get(account=account).pk,
        "payment_id": Payment.objects.get(account=account).pk,
        "setup_id": Setup.objects.get(account=account).pk,
        "kind": "pdf",
        "item_id": item.pk,
        "quotation_id": given_quotation(account, item).pk,
        "change_id": Change.objects.get(account=account).pk,
        "method_id": given_method(account).pk,
        "assignment_id": assignment.pk,
        "export_id": given_ready_export(account).pk,
        "domain_id": EmailDomain.objects.create(account=account, domain="contoso.example", asked_at=LATER).pk,
    }


def address_of(name, ids):
    return reverse(f"portal:{name}", kwargs={key: ids[key] for key in ROUTES[name].pattern.converters})


@pytest.mark.parametrize("name", ROUTES)
def test_who_is_not_signed_in_is_asked_to(anyone, ids, name):
    for answer in (anyone.get(address_of(name, ids)), anyone.post(address_of(name, ids))):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", [name for name in ROUTES if ROUTES[name].callback.required_permission])
def test_who_has_no_role_is_refused(visit_as, ids, name):
    visitor = visit_as(given_user(given_account(), "Bob Ray"))
    assert visitor.get(address_of(name, ids)).status_code == 403
    assert visitor.post(address_of(name, ids)).status_code == 403


@pytest.mark.parametrize("kind", AccountKind)
@pytest.mark.parametrize("name", WITH_IDS)
def test_another_accounts_ids_answer_like_none(visit_as, ids, name, kind):
    visitor = visit_as(administrator_of(given_account("Northwind", kind=kind)))
    before = [User.objects.order_by("pk").values_list(), Role.objects.order_by("pk").values_list()]
    stored = [list(rows) for rows in before]
    for answer in (visitor.get(address_of(name, ids)), visitor.post(address_of(name, ids))):
        assert answer.status_code in (404, 405)
    assert [list(rows.all()) for rows in before] == stored
