"""The overview shows the next invoice, which is what is charged later if nothing changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from buying import MONTH, given_american_account, given_enterprise
from reading import rows_of, text_of
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.licences.actions import change_total
from seatledger.domain.people.permissions import Permission
from seatledger.faces.portal.next_invoice import next_invoice_of
from support import STAFF, administrator_of, given_role, given_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def ten(at):
    subscription = given_enterprise(given_american_account(), number=10, interval=MONTH, at=at)
    bill_account(account=subscription.account, at=at, by=STAFF)
    return subscription.account, subscription.items.get().pool


def test_the_next_invoice_is_shown_with_its_working(visit_as):
    account, _ = ten(timezone.now())
    page = visit_as(administrator_of(account)).get("/")
    assert "Next invoice" in text_of(page, "#next-invoice")
    [line] = rows_of(page, "next-lines")
    assert line[1] == "$200.00"
    assert line[0].startswith("Enterprise User 10 seats, ")
    assert "counted to the end of the period: 200.00." in line[0]


def test_the_preview_is_the_later_invoice():
    account, pool = ten(NOON)
    change_total(pool=pool, total=12, at=NOON + timedelta(days=9), by=STAFF)
    bill_account(account=account, at=NOON + timedelta(days=9), by=STAFF)
    told = next_invoice_of(account, at=NOON + timedelta(days=20))
    assert bill_account(account=account, at=NOON + timedelta(days=30), by=STAFF) == []
    [invoice] = bill_account(account=account, at=NOON + timedelta(days=31), by=STAFF)
    assert (told.on, told.total_minor, told.currency) == (invoice.dated_on, invoice.total_minor, "USD")
    assert [line.amount_minor for line in told.lines] == [24000]


def test_who_does_not_see_billing_sees_no_invoice(visit_as):
    account, _ = ten(timezone.now())
    role = given_role(account, permissions=[Permission.LICENCES_VIEW])
    later = timezone.now() + timedelta(seconds=1)
    page = visit_as(given_user(account, roles=[role], at=later)).get("/")
    assert "Next invoice" not in text_of(page)


def test_an_account_without_a_subscription_has_no_next_invoice():
    assert next_invoice_of(given_american_account(), at=NOON) is None


def test_the_day_of_renewal_is_among_the_coming_dates(visit_as):
    account, _ = ten(timezone.now())
    page = visit_as(administrator_of(account)).get("/")
    assert "Enterprise Subscription renews" in text_of(page, "#coming")
    # A month is 28 to 31 days.
    assert "Renews in" in text_of(page, "#coming")
