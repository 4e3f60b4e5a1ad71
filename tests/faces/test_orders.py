"""Buying and changing: a number, a plan, a trial, the end; what it costs is read before it is confirmed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buying import (
    CARD,
    MONTH,
    TRANSFER,
    YEAR,
    given_american_account,
    given_enterprise,
    given_method,
    given_plan_in_dollars,
    given_seller,
)
from reading import rows_of, text_of
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import AccountBilling, Document
from seatledger.domain.invoices.queries import preview_next
from seatledger.domain.licences.actions import change_total
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.domain.subscriptions.models import Change, SoldBy
from seatledger.faces.ui import formats
from support import STAFF, administrator_of, given_device_type, given_role, given_user, refreshed

pytestmark = pytest.mark.django_db
LOCALE = "en-US"
SUMMARY, MORE = "/billing/summary/", "/billing/more/buy"


@pytest.fixture
def ten(visit_as):
    """Ten licences at 20.00 a month since today, billed; paid by invoice and transfer."""
    return subscribed(visit_as)


def subscribed(visit_as, *, sold_by=SoldBy.ONLINE, interval=MONTH, method=TRANSFER, trial=False):
    now, account = timezone.now(), given_american_account()
    subscription = given_enterprise(
        account, number=10, interval=interval, sold_by=sold_by, trial=trial, at=now
    )
    bill_account(account=account, at=now, by=STAFF)
    if method:
        given_method(account, method)
    return visit_as(administrator_of(account)), subscription


def number_url(subscription):
    return reverse("portal:change_number", args=[subscription.items.get().pk])


def expected_of(page):
    return re.search(r'name="expected" value="([0-9a-f]{64})"', page.content.decode()).group(1)


def dollars(amount_minor):
    return formats.money_text(amount_minor, "USD", locale=formats.Locale.parse("en_US"))


def day(on):
    return formats.day_text(on, locale=formats.Locale.parse("en_US"), style="long")


def test_more_are_chosen_told_and_bought(ten):  # A19, E11, E12
    visitor, subscription = ten
    url, pool = number_url(subscription), subscription.items.get().pool
    assert url in visitor.get(SUMMARY).content.decode()
    assert "You have 10, of which 0 are in use." in text_of(visitor.get(url))
    page = visitor.get(url, {"number": "12"})
    following = preview_next(subscription.account, at=timezone.now())
    # Bought on the first day of the period, two cost what they cost for all of it.
    assert text_of(page, ".//*[@id='quote']//p[@class='statement']") == (
        f"You add 2 licences: $40.00 now, $240.00 from {day(following.dated_on)}."
    )
    assert rows_of(page, "now")[0][1] == "$40.00"
    assert "Plus, counted to the end of the period: 40.00." in rows_of(page, "now")[0][0]
    assert rows_of(page, "next")[0][1] == "$240.00"
    answer = visitor.post(url, {"number": "12", "expected": expected_of(page)}, follow=True)
    assert text_of(answer, "#messages").startswith(
        "Added 2 subscriptions. Invoice INV-2 over $40.00 is in your billing history."
    )
    assert refreshed(pool).total_licences == 12
    assert rows_of(answer, "subscriptions")[0][2] == "12"


def test_what_changed_meanwhile_is_shown_and_nothing_is_bought(ten):  # E11
    visitor, subscription = ten
    url, pool = number_url(subscription), subscription.items.get().pool
    expected = expected_of(visitor.get(url, {"number": "12"}))
    change_total(pool=pool, total=11, reason="Another tab", at=timezone.now(), by=STAFF)
    answer = visitor.post(url, {"number": "12", "expected": expected})
    assert answer.status_code == 422
    assert "Nothing was bought Something changed since these figures were shown." in text_of(
        answer, "#changed"
    )
    assert "You add 1 licence: $20.00 now" in text_of(answer, "#quote")
    assert "What is due today without this is on the same invoice" in text_of(answer, "#quote")
    assert refreshed(pool).total_licences == 11
    assert Document.objects.count() == 1
    again = visitor.post(url, {"number": "12", "expected": expected_of(answer)}, follow=True)
    assert "Added 1 subscription." in text_of(again)


def test_fewer_are_agreed_for_the_renewal_and_withdrawn(ten):
    visitor, subscription = ten
    url = number_url(subscription)
    page = visitor.get(url, {"number": "8"})
    following = preview_next(subscription.account, at=timezone.now()).dated_on
    assert text_of(page, ".//*[@id='quote']//p[@class='statement']") == (
        f"You have 8 licences from {day(following)} on: nothing now, $160.00 from {day(following)}."
    )
    answer = visitor.post(url, {"number": "8", "expected": expected_of(page)}, follow=True)
    assert text_of(answer, "#changes") == (
        f"Changes to come 8 Enterprise User subscriptions From {day(following)} . "
        "Withdraw : 8 Enterprise User subscriptions"
    )
    change = Change.objects.get(kind="quantity")
    gone = visitor.post(reverse("portal:withdraw_change", args=[change.pk]), follow=True)
    assert "The change is withdrawn" in text_of(gone)
    assert "Changes to come" not in text_of(gone)


def test_who_adds_is_told_of_a_number_agreed_for_the_renewal(ten):
    visitor, subscription = ten
    url = number_url(subscription)
    page = visitor.get(url, {"number": "8"})
    visitor.post(url, {"number": "8", "expected": expected_of(page)})
    said = text_of(visitor.get(url, {"number": "12"}), "#quote")
    assert "You add 2 licences: $40.00 now, $160.00 from" in said
    assert "Another number is agreed for the renewal." in said


def test_two_that_contradict_each_other_are_both_shown(ten):
    visitor, subscription = ten
    url = number_url(subscription)
    for number in ("8", "7"):
        page = visitor.get(url, {"number": number})
        visitor.post(url, {"number": number, "expected": expected_of(page)})
    said = text_of(visitor.get(SUMMARY), "#changes")
    assert "7 Enterprise User licences were agreed for the same instant." in said
    assert "8 Enterprise User licences were agreed for the same instant." in said


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "10"])
def test_an_odd_number_is_refused_in_words(ten, number):
    visitor, subscription = ten
    answer = visitor.get(number_url(subscription), {"number": number})
    assert answer.status_code == 422
    assert 'id="quote"' not in answer.content.decode()


@pytest.mark.parametrize("sold_by", SoldBy)
def test_without_a_card_the_sales_contact_is_shown(visit_as, sold_by):  # E12
    visitor, subscription = subscribed(visit_as, sold_by=sold_by, method=None)
    answer = visitor.get(number_url(subscription), {"number": "12"})
    assert answer.status_code == 422
    assert text_of(answer, "#refusal") == (
        "Not possible here Subscriptions are added once a credit card is on file. Otherwise, contact Vendor Sales: "
        "sales@vendor.example or +1 617 555 0100. Change Payment Method"
    )
    assert "You can add subscriptions once a credit card is on file." in text_of(visitor.get(SUMMARY))


def test_a_contract_adds_and_changes_nothing_else(visit_as):  # E8, E20
    visitor, subscription = subscribed(visit_as, sold_by=SoldBy.CONTRACT, method=TRANSFER)
    page = visitor.get(number_url(subscription), {"number": "12"})
    assert "You add 2 licences: $40.00 now" in text_of(page, "#quote")
    for name in ("change_plan", "cancel_subscription"):
        answer = visitor.get(reverse(f"portal:{name}"), {"plan": "enterprise.year", "when": "at_once"})
        assert answer.status_code == 422
        assert "This is agreed in a contract." in text_of(answer, "#refusal")


def test_what_staff_must_see_to_is_not_told_to_customers(ten):
    visitor, subscription = ten
    AccountBilling.objects.filter(account=subscription.account).update(
        parked_at=timezone.now(), parked_because="Ten times the usual"
    )
    url = number_url(subscription)
    told = visitor.get(url, {"number": "12"})
    answer = visitor.post(url, {"number": "12", "expected": expected_of(told)})
    assert answer.status_code == 422
    assert text_of(answer, "#refusal").startswith(
        "Not possible here What it costs cannot be worked out now, so nothing was bought. Contact Vendor Sales:"
    )
    assert "Ten times" not in text_of(answer)
    assert refreshed(subscription.items.get().pool).total_licences == 10


def test_a_maximum_is_not_said_to_be_prepaid(visit_as):
    given_seller()
    account = given_american_account()
    given_device_type()
    version = given_plan_in_dollars("boards", {"wallboard": {"month": "5.00"}})
    start_subscription(account=account, new=NewSubscription(version, MONTH), at=timezone.now(), by=STAFF)
    [row] = rows_of(visit_as(administrator_of(account)).get(SUMMARY), "subscriptions")
    assert row[:5] == ["Wallboard", "By Use, up to a maximum", "up to 1", "0", "1"]


def test_another_interval_is_told_and_agreed(visit_as):
    visitor, _ = subscribed(visit_as, interval=YEAR)
    url = reverse("portal:change_plan")
    assert url in visitor.get(SUMMARY).content.decode()
    assert "Enterprise: 20.00 USD per licence per month" in text_of(visitor.get(url))
    now = visitor.get(url, {"plan": "enterprise.month", "when": "at_once"})
    assert now.status_code == 422
    assert "at the end of that period" in text_of(now)
    page = visitor.get(url, {"plan": "enterprise.month", "when": "at_period_end"})
    assert "You change to the Enterprise plan, billed monthly: nothing now, $200.00 from" in text_of(
        page, "#quote"
    )
    sent = {"plan": "enterprise.month", "when": "at_period_end", "expected": expected_of(page)}
    answer = visitor.post(url, sent, follow=True)
    assert "You are on the Enterprise plan from" in text_of(answer)
    assert "The Enterprise plan, billed monthly From" in text_of(answer, "#changes")


def test_a_plan_in_another_currency_is_not_offered(ten):
    visitor, _ = ten
    given_plan_in_dollars("starter", {"enterprise-user": {"year": "1.00"}})
    shown = text_of(visitor.get(reverse("portal:change_plan")))
    assert "Starter: 1.00 USD per licence per year" in shown


def test_the_end_is_told_agreed_and_withdrawn(ten):
    visitor, _ = ten
    url = reverse("portal:cancel_subscription")
    page = visitor.get(url)
    said = text_of(page, "#quote")
    assert "Your subscription ends with" in said
    assert "Nothing more is charged." in said
    answer = visitor.post(url, {"expected": expected_of(page)}, follow=True)
    assert "You can withdraw it until then." in text_of(answer)
    assert "The subscription is over From" in text_of(answer, "#changes")
    assert "Cancel the subscription" not in text_of(answer)


def test_a_trial_has_buy_now_on_top_of_every_page_until_it_is_bought(visit_as):  # A21
    visitor, subscription = subscribed(visit_as, trial=True)
    for address in ("/", "/users/", "/billing/", SUMMARY):
        assert "Buy now" in text_of(visitor.get(address), ".//aside[@aria-label='Notice']")
    url = reverse("portal:buy_now")
    page = visitor.get(url, {"plan": "enterprise.month", "when": "at_once"})
    assert "You buy the Enterprise plan: $200.00 now, $200.00 from" in text_of(page, "#quote")
    sent = {"plan": "enterprise.month", "when": "at_once", "expected": expected_of(page)}
    answer = visitor.post(url, sent, follow=True)
    assert "You bought the Enterprise plan. Invoice INV-1 over $200.00" in text_of(answer)
    assert "Buy now" not in text_of(visitor.get("/"), ".//body")
    assert "Active" in text_of(visitor.get("/billing/"))
    assert subscription.items.get().pool.terms == "paid"


def test_buy_now_waits_when_the_trial_is_bought_for_its_end(visit_as):
    visitor, _ = subscribed(visit_as, trial=True)
    url = reverse("portal:buy_now")
    page = visitor.get(url, {"plan": "enterprise.month", "when": "at_period_end"})
    sent = {"plan": "enterprise.month", "when": "at_period_end", "expected": expected_of(page)}
    answer = visitor.post(url, sent, follow=True)
    assert "Then it is for $20.00 per user per month, billed monthly." in text_of(answer, "#statement")
    assert "You will be paying a total of $200.00 per month" in text_of(answer, "#statement")
    assert "Buy now" not in text_of(visitor.get("/"), ".//body")


def test_a_trial_of_a_contract_or_without_a_right_to_buy_has_no_banner(visit_as):
    visitor, subscription = subscribed(visit_as, trial=True)
    role = given_role(subscription.account, permissions=[Permission.USERS_VIEW])
    other = visit_as(given_user(subscription.account, roles=[role], at=timezone.now() + timedelta(seconds=1)))
    assert "Buy now" not in text_of(other.get("/"), ".//body")
    assert other.get(reverse("portal:buy_now")).status_code == 403
    assert "You are using a trial account. It ends with" in text_of(other.get("/"), ".//aside")
    assert "Buy now" in text_of(visitor.get("/"), ".//aside")


def test_need_more_licences_leads_to_where_they_are_had(visit_as):  # A19, A20
    visitor, _ = subscribed(visit_as)
    assert "/billing/more" in visitor.get("/billing/").content.decode()
    assert visitor.get("/billing/more").url == MORE


@pytest.mark.parametrize(
    ("sold_by", "method", "leads_to"),
    [
        (SoldBy.ONLINE, None, "buy_more"),
        (SoldBy.CONTRACT, CARD, "buy_more"),
        (SoldBy.CONTRACT, None, "request_licences"),
    ],
)
def test_who_cannot_buy_alone_asks_the_vendor(visit_as, sold_by, method, leads_to):  # A19, A20, E12
    visitor, _ = subscribed(visit_as, sold_by=sold_by, method=method)
    assert visitor.get("/billing/more").url == reverse(f"portal:{leads_to}")


def test_several_types_are_bought_in_one_order(visit_as):  # A19, A20
    given_seller()
    account = given_american_account()
    prices = {"month": "1.00"}
    version = given_plan_in_dollars("duo", {"alpha": prices, "beta": prices})
    start_subscription(account=account, new=NewSubscription(version, MONTH), at=timezone.now(), by=STAFF)
    bill_account(account=account, at=timezone.now(), by=STAFF)
    given_method(account, TRANSFER)
    visitor = visit_as(administrator_of(account))
    fields = re.findall(r'name="(more-[^"]+)"', visitor.get(MORE).content.decode())
    assert len(fields) == 2
    sent = dict(zip(fields, ("2", "1"), strict=True))
    page = visitor.get(MORE, sent)
    assert "You add 2 Alpha licences and 1 Beta licence: $3.00 now, $5.00 from" in text_of(page, "#quote")
    answer = visitor.post(MORE, sent | {"expected": expected_of(page)}, follow=True)
    assert "Added 2 Alpha licences and 1 Beta licence." in text_of(answer, "#messages")
    nothing = visitor.get(MORE, dict.fromkeys(fields, "0"))
    assert (nothing.status_code, "Say how many more you need" in text_of(nothing)) == (422, True)


def test_a_trial_is_bought_with_a_number(visit_as):  # A21
    visitor, subscription = subscribed(visit_as, trial=True)
    url = reverse("portal:buy_now")
    assert 'name="number-enterprise-user" value="10"' in visitor.get(url).content.decode()
    sent = {"plan": "enterprise.month", "when": "at_once", "number-enterprise-user": "12"}
    page = visitor.get(url, sent)
    assert "You buy the Enterprise plan: $240.00 now, $240.00 from" in text_of(page, "#quote")
    visitor.post(url, sent | {"expected": expected_of(page)})
    assert refreshed(subscription.items.get().pool).total_licences == 12


def test_who_has_no_subscription_finds_no_order(visit_as):
    visitor = visit_as(administrator_of(given_american_account()))
    for name in ("change_plan", "buy_now", "cancel_subscription"):
        assert visitor.get(reverse(f"portal:{name}")).status_code == 404
