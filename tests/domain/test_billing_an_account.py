"""Bill an account: exact figures, day by day."""

import pytest
from django.db import connection, transaction

from charging import bill, draft_of, given_vendor, noon, numbers_of
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.drafts import digest_of
from seatledger.domain.invoices.models import AccountBilling, BalanceEntry, Document, Issue
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.invoices.queries import preview_after, preview_next
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.limits import UnlikelyNumber
from seatledger.domain.licences.models import Pool
from seatledger.domain.subscriptions.actions import schedule_quantity
from seatledger.domain.subscriptions.models import SubscriptionItem
from seatledger.shared.boundary import bind_account, unbind
from selling import given_subscription
from support import STAFF, given_account

pytestmark = pytest.mark.django_db


def ten_seats_from_march():
    account = given_account()
    given_subscription(account, quantities={"professional-user": 10}, at=noon("2026-03-03"))
    return account


def buy(account, number, on):
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    change_total(pool=pool, total=number, reason="More people", at=noon(on), by=STAFF)


def fewer_at_renewal(account, number):
    item = SubscriptionItem.objects.select_related("subscription").get(account=account)
    schedule_quantity(
        subscription=item.subscription, item=item, quantity=number, at=noon("2026-03-10"), by=STAFF
    )


def newest_document(account):
    return Document.objects.filter(account=account).latest("issue__issued_at", "issue__number")


def test_ten_seats_and_two_more_on_the_21st():
    given_vendor()
    account = ten_seats_from_march()
    assert bill(account, "2026-03-03") == ["INV-1 on 2026-03-03: 120.00"]
    buy(account, 12, "2026-03-23")
    # 2 x 12.00 x 11/31
    assert bill(account, "2026-03-23") == ["INV-2 on 2026-03-23: 8.52"]
    assert bill(account, "2026-04-02") == []
    assert bill(account, "2026-04-03") == ["INV-3 on 2026-04-03: 144.00"]


def test_billing_again_changes_nothing():
    given_vendor()
    account = ten_seats_from_march()
    bill(account, "2026-03-03")
    buy(account, 12, "2026-03-23")
    bill(account, "2026-03-23")
    stored = [list(table.objects.values_list()) for table in (Document, Issue, BalanceEntry, AccountBilling)]
    for day in ("2026-03-23", "2026-03-03", "2026-03-30"):
        assert bill(account, day) == []
    assert stored == [
        list(table.objects.values_list()) for table in (Document, Issue, BalanceEntry, AccountBilling)
    ]


def test_catching_up_makes_the_documents_of_each_day():
    given_vendor()
    account = ten_seats_from_march()
    buy(account, 12, "2026-03-23")
    assert bill(account, "2026-05-10") == [
        "INV-1 on 2026-03-03: 120.00",
        "INV-2 on 2026-03-23: 8.52",
        "INV-3 on 2026-04-03: 144.00",
        "INV-4 on 2026-05-03: 144.00",
    ]
    assert numbers_of() == [1, 2, 3, 4]


def test_what_is_bought_after_the_days_billing_is_charged_on_the_same_day():
    given_vendor()
    account = ten_seats_from_march()
    bill(account, "2026-03-03")
    buy(account, 11, "2026-03-03")
    assert bill(account, "2026-03-10") == ["INV-2 on 2026-03-03: 12.00"]


def test_without_a_seller_nothing_is_billed():
    account = ten_seats_from_march()
    with pytest.raises(NoSeller):
        bill_account(account=account, at=noon("2026-03-03"), by=STAFF)


@pytest.mark.parametrize("role", ["seatledger_web", "seatledger_staff"])
def test_an_account_is_billed_behind_the_walls_as_well(role):
    given_vendor()
    account = ten_seats_from_march()
    with transaction.atomic():
        bind_account(account.pk)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
        assert bill(account, "2026-03-03") == ["INV-1 on 2026-03-03: 120.00"]
        unbind()


def test_the_preview_is_the_later_invoice():
    given_vendor(percent="20")
    account = ten_seats_from_march()
    bill(account, "2026-03-03")
    fewer_at_renewal(account, 7)
    preview = preview_next(account, at=noon("2026-03-15"))
    assert (preview.dated_on.isoformat(), preview.net_minor, preview.tax_minor) == ("2026-04-03", 8400, 1680)
    assert bill(account, "2026-04-05") == ["INV-2 on 2026-04-03: 84.00"]
    assert digest_of(preview) == digest_of(draft_of(newest_document(account)))


def test_a_purchase_is_priced_by_making_it_and_undoing_it():  # E11
    given_vendor()
    account = ten_seats_from_march()
    bill(account, "2026-03-03")
    at = noon("2026-03-23")
    preview = preview_after(account, lambda: buy(account, 12, "2026-03-23"), at=at)
    assert [draft.total_minor for draft in preview.due] == [852]
    assert (preview.following.dated_on.isoformat(), preview.following.total_minor) == ("2026-04-03", 14400)
    assert bill(account, "2026-03-23") == []
    buy(account, 12, "2026-03-23")
    bill(account, "2026-03-23")
    assert digest_of(preview.due[0]) == digest_of(draft_of(newest_document(account)))


def test_the_price_of_what_is_refused_is_the_refusal():
    given_vendor()
    account = ten_seats_from_march()
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    with pytest.raises(UnlikelyNumber):
        preview_after(
            account,
            lambda: change_total(pool=pool, total=10**9, at=noon("2026-03-23"), by=STAFF),
            at=noon("2026-03-23"),
        )
