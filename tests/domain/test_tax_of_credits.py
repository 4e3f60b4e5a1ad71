"""What a billing run takes back is taken back at the tax at which it was charged."""

import pytest

from charging import bill, given_vendor, noon
from seatledger.domain.invoices.actions import NewDetails, change_billing_details
from seatledger.domain.invoices.models import Document, Issue, TaxRule
from seatledger.domain.subscriptions.actions import PlanChoice, change_plan
from selling import MONTHLY, business, given_subscription
from support import STAFF, given_account

pytestmark = pytest.mark.django_db


def taxes_of(reference: str) -> list[tuple[str, str, int, int]]:
    document = Issue.objects.get(reference=reference).document
    return [(tax["kind"], tax["percent"], tax["net_minor"], tax["tax_minor"]) for tax in document.taxes]


@pytest.fixture
def upgraded():
    """Ten seats of Team for a month from 3 March at 20 %; Business instead from the 23rd, with ten days of 31 gone by."""
    seller = given_vendor(percent="20")
    account = given_account()
    subscription = given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    bill(account, "2026-03-03")
    return seller, account, subscription


def upgrade(subscription):
    change_plan(
        subscription=subscription, choice=PlanChoice(business(), MONTHLY), at=noon("2026-03-23"), by=STAFF
    )


def test_a_new_rate_does_not_reach_what_was_charged_at_the_old_one(upgraded):
    seller, account, subscription = upgraded
    TaxRule.objects.create(seller=seller, country="GB", percent="25", effective_on="2026-03-20")
    upgrade(subscription)
    bill(account, "2026-03-23")
    assert taxes_of("INV-1") == [("S", "20", 12000, 2400)]
    credited, charged = sorted(taxes_of("INV-2"))
    assert (credited[:2], charged[:2]) == (("S", "20"), ("S", "25"))
    assert credited[2] < 0 < charged[2]
    # 120.00 for 11 of 31 days, and its tax, come back as they were charged
    assert credited[2:] == (-4258, -852)


def test_who_became_exempt_gets_the_tax_back_that_was_paid(upgraded):
    _, account, subscription = upgraded
    change_billing_details(
        account=account,
        details=NewDetails(street="5th Avenue", city="New York", country="US"),
        at=noon("2026-03-10"),
        by=STAFF,
    )
    upgrade(subscription)
    bill(account, "2026-03-23")
    kinds = {tax[0]: tax[2:] for tax in taxes_of("INV-2")}
    assert kinds["S"] == (-4258, -852)
    assert kinds["G"][1] == 0
    document = Document.objects.get(issue__reference="INV-2")
    assert document.total_minor == document.net_minor - 852
