"""Account > Account summary: the two sentences, and the parts that follow from how the account is sold."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buying import (
    EXPIRED_CARD,
    MONTH,
    TRANSFER,
    given_american_account,
    given_enterprise,
    given_method,
    given_plan_in_dollars,
    given_seller,
)
from reading import number_of_queries, rows_of, text_of
from seatledger.domain.licences.actions import assign_licence
from seatledger.domain.payments.queries import get_default_method
from seatledger.domain.people.permissions import Permission
from seatledger.domain.subscriptions.actions import NewSubscription, start_subscription
from seatledger.domain.subscriptions.models import Preferences, SoldBy
from support import LATER, STAFF, administrator_of, given_role, given_user

pytestmark = pytest.mark.django_db
SUMMARY = "/billing/summary/"
E6 = (
    "You are currently on the Enterprise plan for $16.67 per user per month, billed annually. "
    "You are currently paying a total of $16.67 per month for 1 user subscriptions."
)
EXACT = (
    "The amounts per month are equivalents, rounded to be compared. What is charged is the exact price: "
    "$200.00 per user per year."
)


def visit(visit_as, account):
    return visit_as(administrator_of(account)).get(SUMMARY)


def test_the_two_sentences_say_plan_price_total_and_count(visit_as):  # E1, E3, E4, E5, E6
    account = given_enterprise().account
    page = visit(visit_as, account)
    assert text_of(page, "#statement") == f"{E6} {EXACT}"


def test_the_total_is_worked_out_from_the_exact_price(visit_as):  # E6
    account = given_enterprise(number=3).account
    said = text_of(visit(visit_as, account), "#statement")
    assert "a total of $50.00 per month for 3 user subscriptions." in said


def test_a_monthly_price_needs_no_equivalent(visit_as):
    account = given_enterprise(number=12, interval=MONTH).account
    assert text_of(visit(visit_as, account), "#statement") == (
        "You are currently on the Enterprise plan for $20.00 per user per month, billed monthly. "
        "You are currently paying a total of $240.00 per month for 12 user subscriptions."
    )


def test_several_prices_are_named(visit_as):
    version = given_plan_in_dollars("duo", {"agent": {"year": "120.00"}, "desk": {"year": "60.00"}})
    new = NewSubscription(version, "year", quantities={"agent": 2, "desk": 4})
    subscription = start_subscription(account=given_american_account(), new=new, at=LATER, by=STAFF)
    page = visit(visit_as, subscription.account)
    each = "Agent: $120.00 per user per year", "Desk: $60.00 per user per year"
    assert text_of(page, "#statement") == (
        "You are currently on the Duo plan for $10.00 per Agent and $5.00 per Desk per month, billed annually. "
        "You are currently paying a total of $40.00 per month for 2 Agent and 4 Desk subscriptions. The amounts "
        f"per month are equivalents, rounded to be compared. What is charged is the exact price: {'; '.join(each)}."
    )
    assert f"Billing Annual {' '.join(each)} How" in text_of(page, "#information")
    assert f"Price per subscription {' '.join(each)} Billing" in text_of(page, "#payment-method")


def test_the_total_names_what_there_is_some_of(visit_as):
    version = given_plan_in_dollars("duo", {"agent": {"month": "10.00"}, "desk": {"month": "5.00"}})
    new = NewSubscription(version, "month", quantities={"agent": 0, "desk": 4})
    subscription = start_subscription(account=given_american_account(), new=new, at=LATER, by=STAFF)
    said = text_of(visit(visit_as, subscription.account), "#statement")
    assert said.endswith("You are currently paying a total of $20.00 per month for 4 Desk subscriptions.")


def test_a_free_plan_is_said_to_be_one(visit_as):  # E3
    new = NewSubscription(given_plan_in_dollars("free", {"free-user": {}}), "month")
    subscription = start_subscription(account=given_american_account(), new=new, at=LATER, by=STAFF)
    page = visit(visit_as, subscription.account)
    assert text_of(page, "#statement") == "You are currently on the Free plan."
    assert text_of(page, ".//*[@id='information']//dl") == "Plan Free Billing Free of charge"


def test_a_trial_says_how_long_it_is_free_and_what_follows(visit_as):
    at = timezone.now()
    account = given_american_account()
    given_enterprise(account, trial=True, at=at)
    said = text_of(visit(visit_as, account), "#statement")
    assert said.startswith("You are currently trying the Enterprise plan, free of charge to the end of ")
    assert "You can buy it for $16.67 per user per month, billed annually." in said
    assert "paying" not in said


def test_plan_interval_and_amount_stand_in_two_fields(visit_as):  # E2, E7
    account = given_enterprise().account
    said = text_of(visit(visit_as, account), ".//*[@id='information']//dl")
    assert said.startswith(
        "Plan Enterprise Billing Annual $200.00 per user per year How it is charged "
        "Bought ahead, by count: each licence is billed, whether it is in use or not. Current period "
    )


def test_prepaid_used_and_available_are_counted(visit_as):  # E9, E10
    subscription = given_enterprise(number=5)
    pool = subscription.items.get(pool__licence_type__key="enterprise-user").pool
    for name in ("Ben Okoro", "Cleo Marsh"):
        user = given_user(subscription.account, name, at=LATER)
        assign_licence(pool=pool, user=user, at=LATER, by=STAFF)
    page = visit(visit_as, subscription.account)
    assert rows_of(page, "subscriptions")[0][:5] == ["Enterprise User", "By Count", "5", "2", "3"]


def test_card_price_interval_and_renewal_are_shown(visit_as):  # E4, E16
    account = given_enterprise().account
    given_method(account)
    assert text_of(visit(visit_as, account), "#payment-method").startswith(
        "Payment Method Change Payment Method Paid by Visa •••• 4242 Expires 05/2099 "
        "Price per subscription $200.00 per user per year Billing interval Annual Renewal date March 2, 20"
    )


def test_a_transfer_is_said_in_words_and_an_expired_card_is_marked(visit_as):
    first, second = given_enterprise().account, given_enterprise(given_american_account("Contoso")).account
    given_method(first, TRANSFER)
    given_method(second, EXPIRED_CARD)
    assert "Paid by Invoice with bank transfer" in text_of(visit(visit_as, first), "#payment-method")
    assert "Expires 12/2025 Expired" in text_of(visit(visit_as, second), "#payment-method")


def test_a_contract_account_is_led_to_the_sales_team(visit_as):  # E8, E20
    account = given_enterprise(sold_by=SoldBy.CONTRACT).account
    page = visit(visit_as, account)
    assert text_of(page, "#information").endswith(
        "To change your subscription plan, contact Vendor Sales: sales@vendor.example , +1 617 555 0100"
    )
    assert "Change plan" not in text_of(page)


def test_without_a_subscription_the_page_explains_itself(visit_as):
    given_seller()
    page = visit(visit_as, given_american_account())
    assert "No subscription yet" in text_of(page)
    assert "Vendor Sales" in text_of(page, "#sales-contact")


def test_preferences_are_chosen_and_kept(visit_as):  # E13, E14
    account = given_enterprise().account
    visitor = visit_as(administrator_of(account))
    page = visitor.get(SUMMARY)
    assert text_of(page, "#preferences") == (
        "Preferences When a new user joins * Automatically assign a subscription if one is available "
        "Leave them on the free plan: an administrator assigns one When no subscription is available * "
        "Automatically increase my subscription count as needed; my account is charged "
        "I will manage subscriptions: new users cannot join unless one is available "
        "Never more than The most subscriptions the count is increased to automatically. Empty: no limit. Save"
    )
    sent = {"on_joining": "assign", "on_none_left": "increase", "most_licences": "40"}
    answer = visitor.post(reverse("portal:save_preferences"), sent, follow=True)
    assert "The preferences are saved." in text_of(answer)
    kept = Preferences.objects.get(account=account)
    assert (kept.on_joining, kept.on_none_left, kept.most_licences) == ("assign", "increase", 40)
    assert visitor.post(reverse("portal:save_preferences"), {"on_joining": "x"}).status_code == 422


def test_who_may_only_look_sees_no_controls(visit_as):
    account = given_enterprise().account
    role = given_role(account, permissions=[Permission.BILLING_VIEW])
    visitor = visit_as(given_user(account, roles=[role]))
    page = visitor.get(SUMMARY)
    assert "Save" not in text_of(page)
    assert "Change Payment Method" not in text_of(page)
    assert "When a new user joins Leave them on the free plan" in text_of(page, "#preferences")
    assert visitor.post(reverse("portal:save_preferences"), {}).status_code == 403


def test_the_page_is_marked_in_the_menu(visit_as):
    page = visit(visit_as, given_enterprise().account)
    assert text_of(page, ".//nav[@aria-label='Main menu']//*[@aria-current='page']") == "Account summary"


def test_a_neighbours_subscription_is_not_shown(visit_as):
    given_enterprise()
    assert "No subscription yet" in text_of(visit(visit_as, given_american_account("Contoso")))


def test_three_licence_types_take_as_many_queries_as_one(visit_as):
    one = given_enterprise().account
    prices = {"month": "1.00"}
    version = given_plan_in_dollars("trio", {"alpha": prices, "beta": prices, "gamma": prices})
    three = given_american_account("Contoso")
    start_subscription(account=three, new=NewSubscription(version, "month"), at=LATER, by=STAFF)
    few, many = visit_as(administrator_of(one)), visit_as(administrator_of(three))
    assert number_of_queries(few, SUMMARY) == number_of_queries(many, SUMMARY)


def test_the_end_of_a_trial_is_the_last_day_shown(visit_as):
    account = given_american_account()
    given_enterprise(account, trial=True, at=timezone.now() - timedelta(days=1))
    assert "Ends on" in text_of(visit(visit_as, account), "#payment-method")


def test_payment_methods_are_chosen_and_removed(visit_as):  # E17
    account = given_enterprise().account
    given_method(account)
    other = given_method(account, TRANSFER)
    visitor = visit_as(administrator_of(account))
    page = visitor.get(reverse("portal:payment_methods"))
    assert [row[0] for row in rows_of(page, "methods")] == [
        "Visa •••• 4242 Default",
        "Invoice with bank transfer",
    ]
    chosen = visitor.post(reverse("portal:choose_payment_method", args=[other.pk]), follow=True)
    assert "The account is paid by Invoice with bank transfer from now on." in text_of(chosen)
    first = rows_of(chosen, "methods")[1]
    assert first[0] == "Visa •••• 4242"
    refused = visitor.post(reverse("portal:remove_payment_method", args=[other.pk]))
    assert "Choose another one as your default first." in text_of(refused)
    card = get_default_method(account)
    assert card == other
