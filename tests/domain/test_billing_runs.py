"""The billing run: who is due, what fails, and what waits for a person."""

from datetime import date

import pytest

from charging import bill, documents_of, given_vendor, noon, numbers_of, run
from seatledger.domain.invoices.actions import (
    BillingWaits,
    NotParked,
    begin_run,
    bill_account,
    bill_chunk,
    discard_draft,
    release_billing,
)
from seatledger.domain.invoices.models import (
    AccountBilling,
    BillingDetails,
    BillingRun,
    Document,
    DocumentKind,
    NumberSeries,
    Seller,
    TaxRule,
)
from seatledger.domain.invoices.parties import NoSeller
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import Pool
from seatledger.domain.subscriptions.actions import cancel_subscription, schedule_quantity
from seatledger.domain.subscriptions.models import Change, Subscription, SubscriptionItem, TakesEffect
from selling import given_subscription
from support import STAFF, SYSTEM, given_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vendor():
    return given_vendor()


def subscribed(name, on="2026-03-03", *, seats=10, **said):
    account = given_account(name, **said)
    given_subscription(account, quantities={"professional-user": seats}, at=noon(on))
    return account


def buy(account, number, on):
    pool = Pool.objects.get(account=account, licence_type__key="professional-user")
    change_total(pool=pool, total=number, reason="More people", at=noon(on), by=STAFF)


def billing_of(account):
    return AccountBilling.objects.get(account=account)


def test_everyone_who_is_due_is_billed_and_nobody_else():
    north, south = subscribed("Northwind"), subscribed("Southwind", "2026-03-10")
    run("2026-03-05")
    assert (documents_of(north), documents_of(south)) == (["INV-1 on 2026-03-03: 120.00"], [])
    run("2026-03-12")
    assert documents_of(south) == ["INV-2 on 2026-03-10: 120.00"]
    run("2026-04-03")
    assert documents_of(north)[1:] == ["INV-3 on 2026-04-03: 120.00"]
    assert (billing_of(north).next_on, billing_of(south).next_on) == (date(2026, 5, 3), date(2026, 4, 10))


def test_a_run_says_what_became_of_it():
    subscribed("Northwind"), subscribed("Southwind")
    (chunk,) = run("2026-03-05")
    assert chunk.totals == {("invoice", "GBP"): 24000}
    row = BillingRun.objects.get()
    assert (row.accounts_billed, row.documents_issued, row.accounts_parked) == (2, 2, 0)
    assert (row.through_on, row.started_at, row.finished_at) == (date(2026, 3, 5), *[noon("2026-03-05")] * 2)


def test_running_again_changes_nothing():
    north = subscribed("Northwind")
    run("2026-03-05")
    assert run("2026-03-05") == []
    assert documents_of(north) == ["INV-1 on 2026-03-03: 120.00"]


def test_nobody_is_billed_before_his_day_begins_where_he_is():
    east = subscribed("Eastwind", time_zone="Pacific/Auckland")
    west = subscribed("Westwind", time_zone="America/Los_Angeles")
    run("2026-03-05")
    # Noon in UTC on 3 March was 4 March in Auckland already.
    assert [billing_of(account).next_on for account in (east, west)] == [date(2026, 4, 4), date(2026, 4, 3)]
    run("2026-04-03", hour=6)
    assert [len(documents_of(account)) for account in (east, west)] == [1, 1]
    run("2026-04-03", hour=7)
    assert [len(documents_of(account)) for account in (east, west)] == [1, 2]
    run("2026-04-03", hour=12)
    assert [len(documents_of(account)) for account in (east, west)] == [2, 2]


def test_through_a_day_leaves_what_is_due_later():
    north, south = subscribed("Northwind"), subscribed("Southwind", "2026-03-10")
    run("2026-03-20", through=date(2026, 3, 5))
    assert (len(documents_of(north)), len(documents_of(south))) == (1, 0)


def test_a_number_that_staff_raise_is_charged_the_same_day():
    north = subscribed("Northwind")
    run("2026-03-03")
    buy(north, 12, "2026-03-23")
    run("2026-03-23")
    assert documents_of(north)[1:] == ["INV-2 on 2026-03-23: 8.52"]
    assert billing_of(north).next_on == date(2026, 4, 3)


def test_what_was_scheduled_is_done_before_its_day_is_charged():
    north = subscribed("Northwind")
    run("2026-03-03")
    item = SubscriptionItem.objects.select_related("subscription").get(account=north)
    schedule_quantity(subscription=item.subscription, item=item, quantity=7, at=noon("2026-03-10"), by=STAFF)
    run("2026-04-06")
    assert documents_of(north)[1:] == ["INV-2 on 2026-04-03: 84.00"]


def test_an_end_is_done_on_its_day_though_nothing_is_charged_then():
    north = subscribed("Northwind")
    run("2026-03-03")
    cancel_subscription(
        subscription=Subscription.objects.get(account=north),
        takes_effect=TakesEffect.AT_PERIOD_END,
        at=noon("2026-03-10"),
        by=STAFF,
    )
    run("2026-04-02")
    run("2026-04-03")
    assert Change.objects.filter(account=north, applied_at__isnull=True).count() == 0
    assert len(documents_of(north)) == 1


def test_a_dry_run_says_the_same_and_leaves_nothing():
    north = subscribed("Northwind")
    begin_run(at=noon("2026-03-03"), by=SYSTEM)
    before = list(AccountBilling.objects.values_list())
    dry = bill_chunk(at=noon("2026-03-03"), by=SYSTEM, dry_run=True)
    assert dry.totals == {("invoice", "GBP"): 12000}
    assert (documents_of(north), numbers_of(), list(AccountBilling.objects.values_list())) == ([], [], before)
    assert bill_chunk(at=noon("2026-03-03"), by=SYSTEM).totals == dry.totals


def test_without_a_seller_no_run_begins(vendor):
    vendor.series.all().delete()
    vendor.tax_rules.all().delete()
    vendor.delete()
    with pytest.raises(NoSeller):
        begin_run(at=noon("2026-03-03"), by=SYSTEM)


def test_an_account_that_fails_is_parked_with_its_reason_and_the_others_go_on():
    accounts = [subscribed(f"Northwind {number}") for number in range(5)]
    failing = accounts[2]
    sold_by_another(failing)
    (chunk,) = run("2026-03-03")
    ((serial, because),) = chunk.outcome.parked
    assert (serial, because.split(" on ")[0]) == (failing.serial_number, "No rate of tax is known for FR")
    assert [len(documents_of(account)) for account in accounts] == [1, 1, 0, 1, 1]
    assert numbers_of() == [1, 2, 3, 4]
    with pytest.raises(BillingWaits):
        bill_account(account=failing, at=noon("2026-03-03"), by=STAFF)


def sold_by_another(account):
    """Let an account be sold to by someone of whom no rate of tax is known."""
    address = {"street": "Rue de la Paix 1", "city": "Paris", "country": "FR", "vat_number": "FR40303265045"}
    other = Seller.objects.create(key="other", name="Other SARL", email="billing@other.example", **address)
    for kind, prefix in ((DocumentKind.INVOICE, "FR-"), (DocumentKind.CREDIT_NOTE, "FRCN-")):
        NumberSeries.objects.create(seller=other, kind=kind, prefix=prefix)
    BillingDetails.objects.create(account=account, seller=other)
    return other


def test_what_was_parked_is_billed_once_it_is_released():
    north = subscribed("Northwind")
    other = sold_by_another(north)
    run("2026-03-03")
    assert run("2026-03-04") == []
    TaxRule.objects.create(seller=other, country="FR", percent=20, effective_on=date(2020, 1, 1))
    assert release_billing(account=north, at=noon("2026-03-05"), by=STAFF) is None
    run("2026-03-05")
    assert documents_of(north) == ["FR-1 on 2026-03-03: 120.00"]
    with pytest.raises(NotParked):
        release_billing(account=north, at=noon("2026-03-05"), by=STAFF)


def test_what_is_out_of_proportion_waits_for_a_person_and_is_issued_when_released():
    north = subscribed("Northwind")
    run("2026-03-03")
    buy(north, 10_000, "2026-03-23")
    (chunk,) = run("2026-03-23")
    assert [serial for serial, _ in chunk.outcome.parked] == [north.serial_number]
    assert "42538.06 GBP" in billing_of(north).parked_because
    assert (len(documents_of(north)), numbers_of()) == (1, [1])
    assert run("2026-04-06") == []
    document = release_billing(account=north, at=noon("2026-04-06"), by=STAFF)
    assert (document.issue.reference, document.net_minor) == ("INV-2", 4253806)
    run("2026-04-06")
    assert documents_of(north) == [
        "INV-1 on 2026-03-03: 120.00",
        "INV-2 on 2026-03-23: 42538.06",
        "INV-3 on 2026-04-03: 120000.00",
    ]


def test_a_draft_that_is_discarded_is_made_again_as_things_are_then():
    north = subscribed("Northwind")
    run("2026-03-03")
    buy(north, 10_000, "2026-03-23")
    run("2026-03-23")
    discard_draft(account=north, at=noon("2026-03-24"), by=STAFF)
    assert Document.objects.filter(issue__isnull=True).count() == 0
    (chunk,) = run("2026-03-24")
    assert [serial for serial, _ in chunk.outcome.parked] == [north.serial_number]
    assert Document.objects.filter(issue__isnull=True).count() == 1


def test_the_first_document_of_an_account_has_a_bound_of_its_own():
    small, large = subscribed("Northwind", seats=4_000), subscribed("Southwind", seats=5_000)
    run("2026-03-03")
    assert (documents_of(small), documents_of(large)) == (["INV-1 on 2026-03-03: 48000.00"], [])
    assert "60000.00 GBP" in billing_of(large).parked_because


def test_what_a_person_buys_is_not_bounded():
    north = subscribed("Northwind")
    run("2026-03-03")
    buy(north, 10_000, "2026-03-23")
    assert bill(north, "2026-03-23") == ["INV-2 on 2026-03-23: 42538.06"]
