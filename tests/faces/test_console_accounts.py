"""Accounts in the console: found, looked at, changed by who may, and viewed as their own people see them."""

import html5lib
import pytest
from django.urls import reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from charging import given_vendor, noon
from invoicing import given_invoice
from paying import given_card
from reading import text_of
from seatledger.domain.events.models import Event
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.line_words import words_of_line
from seatledger.domain.invoices.queries import list_lines
from seatledger.domain.licences.actions import request_licences
from seatledger.domain.payments.actions import NewMethod, add_method
from seatledger.domain.payments.models import MethodKind
from seatledger.domain.staff.deeds import DEEDS
from seatledger.domain.staff.models import DeedState, StaffDeed, StaffView
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.subscriptions.actions import cancel_subscription, schedule_quantity
from seatledger.domain.subscriptions.models import TakesEffect
from seatledger.domain.subscriptions.queries import get_agreement
from selling import given_subscription
from staffing import given_member
from support import (
    AT,
    LATER,
    STAFF,
    administrator_of,
    given_account,
    given_pool,
    refreshed,
)

pytestmark = pytest.mark.django_db


# An account's page


def do(visitor, account, deed, about=None, **typed):
    address = reverse("console:deed", args=[account.serial_number, deed])
    return visitor.post(address, {**(about or {}), **typed})


def test_an_accounts_page_shows_what_it_has_and_what_can_be_done():
    account = given_account()
    pool = given_pool(account)
    given_subscription(account)
    invoice = given_invoice(account, [10_000])
    request_licences(
        account=account, licence_type=pool.licence_type, number=3, note="For May", at=AT, by=STAFF
    )
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    page = text_of(visitor.get(reverse("console:account", args=[account.serial_number])))
    for words in (
        "Northwind",
        account.serial_number,
        "Ann Lee",
        "£120.00",
        "For May",
        "Change the total",
        "INV-",
    ):
        assert words in page, words
    shown = text_of(visitor.get(reverse("console:document", args=[account.serial_number, invoice.pk])))
    assert "Write off an invoice" in shown


def test_an_invoice_shows_staff_the_same_working_as_the_customer():
    account = given_account()
    given_vendor(percent="20")
    given_subscription(account)
    (document,) = bill_account(account=account, at=noon("2026-03-03"), by=STAFF)
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    page = text_of(visitor.get(reverse("console:document", args=[account.serial_number, document.pk])))
    (line,) = list_lines(account, document)
    said = words_of_line(document, line)
    assert said.working, "the engine made it, so it can say why"
    for words in (said.title, said.description, *said.working, "20 %"):
        assert words in page, words


def test_an_accounts_page_says_in_words_how_it_pays():
    account = given_account()
    transfer = add_method(account=account, new=NewMethod(MethodKind.TRANSFER), at=AT, by=STAFF)
    given_card(account)
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    answer = visitor.get(reverse("console:account", args=[account.serial_number]))
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    said = {row.find("dt").text: row.find("dd").text for row in page.findall(".//dl/div")}
    assert set(said["Pays by"].split("; ")) == {
        "Invoice with bank transfer",
        "Visa \N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} 4242",
    }
    assert str(transfer.account_id) not in said["Pays by"]


def test_what_never_came_of_a_subscription_that_is_over_is_not_announced():
    subscription = given_subscription()
    account, item = subscription.account, subscription.items.get()
    schedule_quantity(subscription=subscription, item=item, quantity=8, at=LATER, by=STAFF)
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    address = reverse("console:account", args=[account.serial_number])
    assert "To come Number of licences: 8 Professional User" in text_of(visitor.get(address))
    cancel_subscription(subscription=subscription, takes_effect=TakesEffect.AT_ONCE, at=LATER, by=STAFF)
    page = text_of(visitor.get(address))
    assert "Was to come Number of licences: 8 Professional User" in page
    assert "To come" not in page


def test_support_sees_everything_and_is_offered_nothing_to_do():
    account = given_pool().account
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    page = text_of(visitor.get(reverse("console:account", args=[account.serial_number])))
    assert "Professional User" in page
    assert [deed.label for deed in DEEDS.values() if deed.label in page] == []


@pytest.mark.parametrize("deed", DEEDS)
def test_support_cannot_act(deed):
    account = given_account()
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    address = reverse("console:deed", args=[account.serial_number, deed])
    assert visitor.get(address).status_code == 403
    assert visitor.post(address, {"reason": "because"}).status_code == 403
    assert StaffDeed.objects.count() == 0


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_has_a_page_that_asks_why(deed):
    account = given_account()
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    address = reverse("console:deed", args=[account.serial_number, deed])
    assert "Reason" in text_of(visitor.get(address))
    assert visitor.post(address, {}).status_code == 422


# A32
def test_staff_raise_a_total_and_the_customer_reads_it_in_the_history(visit_as):
    pool = given_pool(total_licences=10)
    staff = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    about = {"pool_id": pool.pk}
    answer = do(staff, pool.account, "change_total", about, total=15, reason="Five more by phone")
    assert answer.url == reverse("console:account", args=[pool.account.serial_number])
    page = text_of(visit_as(administrator_of(pool.account)).get(reverse("portal:history")))
    assert "Admin Team" in page
    assert "Five more by phone" in page


def test_a_form_from_a_tab_that_was_left_open_is_not_done_twice():
    given_vendor()
    account, visitor = given_account(), sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    page = visitor.get(reverse("console:deed", args=[account.serial_number, "credit_account"]))
    form = {"sent_as": str(page.context["form"]["sent_as"].value()), "text": "Gesture", "reason": "Outage"}
    assert form["sent_as"] in page.content.decode()
    for _ in range(2):
        assert do(visitor, account, "credit_account", form, amount="5.00").status_code == 302
    other = do(visitor, account, "credit_account", form, amount="6.00")
    assert other.status_code == 422
    assert "This form was sent before" in text_of(other)
    assert StaffDeed.objects.count() == 1


def test_a_form_says_what_it_is_about_before_it_is_filled_in():
    pool = given_pool(total_licences=10)
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    address = reverse("console:deed", args=[pool.account.serial_number, "change_total"])
    page = text_of(visitor.get(f"{address}?pool_id={pool.pk}"))
    for words in ("Professional User", "Total now 10", "In use 0"):
        assert words in page, words
    neighbour = given_pool(given_account("Southwind"))
    assert visitor.get(f"{address}?pool_id={neighbour.pk}").status_code == 404
    assert visitor.get(f"{address}?pool_id=nonsense").status_code == 200


def test_a_refusal_is_shown_on_the_form():
    pool = given_pool(total_licences=10)
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    answer = do(visitor, pool.account, "change_total", {"pool_id": pool.pk}, total=99_999_999, reason="Much")
    assert answer.status_code == 422
    assert "The number must be" in text_of(answer)


def test_amounts_have_no_more_decimals_than_their_currency():
    visitor = sign_in_staff(given_member("Bram Olsen", StaffRole.BILLING))
    answer = do(visitor, given_account(), "credit_account", amount="1.005", text="Gesture", reason="Outage")
    assert "has 2 decimals" in text_of(answer)


def test_a_second_person_approves_on_the_page():
    pool = given_pool(total_licences=10)
    ada, bram = given_member("Ada Quist"), given_member("Bram Olsen")
    first, second = sign_in_staff(ada), sign_in_staff(bram)
    said = do(first, pool.account, "change_total", {"pool_id": pool.pk}, total=500, reason="A large customer")
    assert said.status_code == 302
    waiting = StaffDeed.objects.get()
    assert waiting.state == DeedState.WAITING
    assert "A large customer" in text_of(second.get(reverse("console:waiting")))
    asked = reverse("console:asked", args=[waiting.pk])
    assert "Take it back" in text_of(first.get(asked))
    assert "Total then" in text_of(second.get(asked))
    decide = reverse("console:decide", args=[waiting.pk])
    assert first.post(decide, {"decision": "approve"}).status_code == 422
    assert second.post(decide, {"decision": "approve"}).status_code == 302
    assert refreshed(pool).total_licences == 500
    assert second.post(decide, {"decision": "decline"}).status_code == 422


def test_what_is_unknown_is_not_found():
    visitor = sign_in_staff(given_member())
    assert visitor.get(reverse("console:account", args=["EU-0000-0000-0"])).status_code == 404
    serial = given_account().serial_number
    assert visitor.get(reverse("console:deed", args=[serial, "odd"])).status_code == 404


# View as customer


@pytest.fixture
def looking():
    """A member of support who looks at an account, and where."""
    account = given_pool().account
    visitor = sign_in_staff(given_member("Suri Patel", StaffRole.SUPPORT))
    begun = visitor.post(reverse("console:view_as", args=[account.serial_number]))
    return visitor, account, begun.url


def test_viewing_is_announced_and_recorded(looking):
    visitor, account, address = looking
    page = text_of(visitor.get(address), ".//aside[@class='banner']")
    assert f"You are viewing {account.name} as its administrators see it" in page
    assert "Nothing can be changed." in page
    told = Event.objects.get(account=account, kind="portal_viewed_by_staff")
    assert (told.actor_kind, told.actor_label) == ("staff", "Admin Team")


def test_every_link_of_a_viewed_page_stays_in_the_view(looking):
    visitor, _, address = looking
    page = visitor.get(f"{address}users/").content.decode()
    assert f'href="{address}billing/"' in page
    assert 'href="/billing/' not in page
    assert 'href="/users' not in page


@pytest.mark.parametrize(
    "path", ["users/", "roles/", "licences/", "billing/", "billing/summary/", "billing/history/", "settings/"]
)
def test_the_customers_pages_are_shown(looking, path):
    visitor, account, address = looking
    page = visitor.get(address + path)
    assert page.status_code == 200
    assert f"You are viewing {account.name}" in text_of(page, ".//aside[@class='banner']")


def test_nothing_can_be_changed_while_looking(looking):
    visitor, account, address = looking
    before = Event.objects.filter(account=account).count()
    for path in ("users/new", "settings/", "profile/details", "billing/contact"):
        answer = visitor.post(
            address + path, {"first_name": "Eve", "last_name": "Moss", "email": "e@x.example"}
        )
        assert answer.status_code == 403
        assert "You are only looking" in text_of(answer)
    assert Event.objects.filter(account=account).count() == before


def test_a_page_that_tries_a_change_out_is_not_shown(looking):
    visitor, account, address = looking
    given_subscription(account, at=timezone.now())
    item = get_agreement(account, at=timezone.now()).licences[0].item
    answer = visitor.get(f"{address}billing/summary/items/{item.pk}/number", {"quantity": "7"})
    assert answer.status_code in (200, 403)
    assert refreshed(item.pool).total_licences == item.pool.total_licences


@pytest.mark.parametrize(
    "path", ["console/accounts/", "accounts/login/", "accounts/2fa/", "health", "console/staff/"]
)
def test_only_the_portal_is_below_a_view(looking, path):
    visitor, _, address = looking
    assert visitor.get(address + path).status_code == 403


def test_a_view_ends_after_half_an_hour(looking):
    visitor, _, address = looking
    StaffView.objects.update(began_at=AT, ends_at=LATER)
    assert visitor.get(address).url == reverse("console:accounts")


def test_a_view_is_nobody_elses(looking, anyone):
    _, _, address = looking
    other = sign_in_staff(given_member("Ada Quist"))
    assert other.get(address).url == reverse("console:accounts")
    assert anyone.get(address).status_code == 404


def test_a_view_shows_one_account_alone(looking):
    visitor, _, address = looking
    stranger = given_pool(given_account("Contoso"))
    assert visitor.get(f"{address}licences/{stranger.pk}/").status_code == 404
