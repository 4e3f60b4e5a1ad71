"""Requests, quotations and their answers: on the pages of staff and of the customer."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from staff_visits import sign_in_staff

from buying import CARD, MONTH, given_american_account, given_enterprise, given_method
from reading import text_of
from seatledger.domain.invoices.actions import bill_account
from seatledger.domain.invoices.models import Issue
from seatledger.domain.licences.actions import change_total
from seatledger.domain.licences.models import LicenceRequest
from seatledger.domain.payments.models import Quotation
from seatledger.domain.people.models import User
from seatledger.domain.people.permissions import Permission
from seatledger.domain.staff.models import DeedState, StaffDeed
from seatledger.domain.staff.permissions import StaffRole
from seatledger.domain.subscriptions.models import SoldBy
from staffing import given_member
from support import STAFF, administrator_of, given_role, given_user, refreshed

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    """Ten licences at $20.00 a month, by contract, from today on; Ben Okoro may read what is billed."""
    now, account = timezone.now(), given_american_account()
    given_user(account, roles=[given_role(account, "Readers", permissions=[Permission.BILLING_VIEW])])
    subscription = given_enterprise(account, number=10, interval=MONTH, sold_by=SoldBy.CONTRACT, at=now)
    bill_account(account=subscription.account, at=now, by=STAFF)
    return subscription.items.get()


def given_asked(visit_as, account):
    """Ask for five more, as the administrator does on the page; returns the request."""
    visitor = visit_as(administrator_of(account))
    kind = re.search(r'<option value="([^"]+)"', visitor.get("/billing/request").content.decode()).group(1)
    visitor.post("/billing/request", {"type": kind, "number": "5", "note": "For the new office"})
    return LicenceRequest.objects.get(account=account)


def seller(name="Bram Olsen", role=StaffRole.BILLING):
    return sign_in_staff(given_member(name, role))


def send(visitor, item, **typed):
    until = timezone.now().date() + timedelta(days=30)
    usual = {f"more_{item.pk}": "5", "valid_until": str(until), "reason": "As discussed"}
    address = reverse("console:deed", args=[item.account.serial_number, "send_quotation"])
    return visitor.post(address, usual | typed)


def given_sent(item, **typed):
    assert send(seller(), item, **typed).status_code == 302
    return Quotation.objects.get()


def expected_of(page):
    return re.search(r'name="expected" value="([^"]+)"', page.content.decode()).group(1)


def test_a_request_becomes_a_quotation_and_the_quotation_licences(visit_as, item):  # A20, A24
    account = item.account
    asked = given_asked(visit_as, account)
    staff = seller()
    page = staff.get(reverse("console:requests"))
    assert "5 more Enterprise User “For the new office”" in text_of(page, "#requests")
    [answer] = re.findall(r'href="([^"]+send_quotation[^"]+)"', page.content.decode())
    form = staff.get(answer.replace("&amp;", "&")).content.decode()
    assert "What can be quoted: more licences of the account&#x27;s own plan" in form
    assert f'name="more_{item.pk}" value="5"' in form
    looked = send(staff, item, request_id=str(asked.pk), do="look")
    told = text_of(looked, "#preview")
    assert "Enterprise User 5 more, 20.00 USD per licence per month" in told
    assert "If accepted today 100.00 USD, tax included" in told
    assert Quotation.objects.count() == 0
    send(staff, item, request_id=str(asked.pk), note="Welcome on board")
    page = text_of(staff.get(reverse("console:requests")))
    assert "Nobody waits" in page
    assert f"{account.serial_number}-Q1" in page

    visitor = visit_as(administrator_of(account))
    quotation = Quotation.objects.get()
    address = reverse("portal:quotation", args=[quotation.pk])
    assert address in visitor.get("/billing/").content.decode()
    page = visitor.get(address)
    assert "$100.00 now, $300.00 from" in text_of(page, "#quote")
    assert "Welcome on board" in text_of(page)
    answer = visitor.post(f"{address}accept", {"expected": expected_of(page)}, follow=True)
    assert f"Quotation {quotation.number} is accepted. Added: 5 Enterprise User." in text_of(
        answer, "#messages"
    )
    assert "Invoice INV-2" in text_of(answer)
    assert refreshed(item.pool).total_licences == 15
    assert Issue.objects.count() == 2
    again = visitor.post(f"{address}accept", {"expected": expected_of(page)})
    assert (again.status_code, "was accepted before" in text_of(again)) == (422, True)
    assert "Accepted" in text_of(visitor.get(reverse("portal:quotations")))


def test_new_figures_are_shown_before_they_are_accepted(visit_as, item):  # A20
    quotation = given_sent(item)
    visitor = visit_as(administrator_of(item.account))
    address = reverse("portal:quotation", args=[quotation.pk])
    read = expected_of(visitor.get(address))
    change_total(pool=item.pool, total=11, reason="", at=timezone.now(), by=STAFF)
    answer = visitor.post(f"{address}accept", {"expected": read})
    assert answer.status_code == 422
    assert "Something changed since these figures were shown" in text_of(answer, "#refusal")
    assert expected_of(answer) != read
    assert refreshed(item.pool).total_licences == 11


def test_a_quotation_is_declined_with_a_word(visit_as, item):
    quotation = given_sent(item)
    visitor = visit_as(administrator_of(item.account))
    address = reverse("portal:quotation", args=[quotation.pk])
    assert visitor.post(f"{address}decline", {"why": "x" * 1001}).status_code == 422
    answer = visitor.post(f"{address}decline", {"why": "Too dear"}, follow=True)
    assert "Nothing has changed" in text_of(answer, "#messages")
    assert "Too dear" in text_of(answer)
    assert visitor.post(f"{address}decline").status_code == 422


def test_who_sees_billing_reads_it_and_cannot_answer(visit_as, item):
    quotation = given_sent(item)
    visitor = visit_as(User.objects.get(account=item.account, first_name="Ben"))
    address = reverse("portal:quotation", args=[quotation.pk])
    page = visitor.get(address)
    assert "Somebody who manages billing can accept or decline it." in text_of(page)
    assert "accept" not in re.findall(r'action="([^"]+)"', page.content.decode())
    for answer in ("accept", "decline"):
        assert visitor.post(f"{address}{answer}", {"expected": expected_of_none(page)}).status_code == 403


def expected_of_none(page):
    assert 'name="expected"' not in page.content.decode()
    return "0" * 64


def test_what_expired_says_whom_to_ask(visit_as, item):
    quotation = given_sent(item)
    Quotation.objects.update(valid_until=timezone.now().date() - timedelta(days=2))
    visitor = visit_as(administrator_of(item.account))
    address = reverse("portal:quotation", args=[quotation.pk])
    page = text_of(visitor.get(address))
    assert "Expired" in page
    assert "if you accept today" not in page
    answer = visitor.post(f"{address}accept", {"expected": "0" * 64})
    assert (answer.status_code, "Vendor Sales" in text_of(answer, "#refusal")) == (422, True)
    assert quotation.number not in text_of(visitor.get("/billing/"))


def test_a_good_card_is_named_before_it_is_charged(visit_as, item):
    quotation = given_sent(item)
    given_method(item.account, CARD)
    page = visit_as(administrator_of(item.account)).get(reverse("portal:quotation", args=[quotation.pk]))
    assert "Visa •••• 4242 is charged for it" in text_of(page).replace("…", "••••")


def test_a_price_is_agreed_with_it(visit_as, item):
    quotation = given_sent(item, **{f"price_{item.pk}": "15.00"})
    page = text_of(visit_as(administrator_of(item.account)).get(f"/billing/quotations/{quotation.pk}/"))
    assert "15.00 USD per licence per month Agreed for all your Enterprise User licences" in page
    staff = seller("Cora Berg")
    percent = send(staff, item, **{f"percent_{item.pk}": "10"})
    assert percent.status_code == 302
    [line] = Quotation.objects.latest("sent_at").lines.all()
    assert line.price == "20.00 USD per licence per month, 10 % off"


def test_a_large_one_waits_for_a_second_person(item):
    staff = seller()
    assert send(staff, item, **{f"more_{item.pk}": "5000"}).status_code == 302
    assert Quotation.objects.count() == 0
    deed = StaffDeed.objects.get(state=DeedState.WAITING)
    second = seller("Ada Quist", StaffRole.ADMINISTRATOR)
    assert "5000 more" in text_of(second.get(reverse("console:asked", args=[deed.pk])))
    second.post(reverse("console:decide", args=[deed.pk]), {"decision": "approve"})
    assert Quotation.objects.get().lines.get().number == 5000


def test_a_form_without_numbers_or_with_odd_ones_is_shown_again(item):
    staff = seller()
    none = send(staff, item, **{f"more_{item.pk}": ""})
    assert (none.status_code, "Say how many more" in text_of(none)) == (422, True)
    over = send(staff, item, valid_until="2020-01-01")
    assert (over.status_code, "Choose a last day" in text_of(over)) == (422, True)
    assert Quotation.objects.count() == 0


def test_it_is_withdrawn_and_the_request_waits_again(visit_as, item):
    asked = given_asked(visit_as, item.account)
    quotation = given_sent(item, request_id=str(asked.pk))
    staff = seller("Cora Berg")
    address = reverse("console:deed", args=[item.account.serial_number, "withdraw_quotation"])
    staff.post(address, {"quotation_id": str(quotation.pk), "reason": "Another price"})
    assert refreshed(quotation).state == "withdrawn"
    assert "For the new office" in text_of(staff.get(reverse("console:requests")), "#requests")
    page = visit_as(administrator_of(item.account)).get(reverse("portal:quotation", args=[quotation.pk]))
    assert "Withdrawn" in text_of(page)


def test_the_support_desk_reads_requests_and_sends_nothing(visit_as, item):
    given_asked(visit_as, item.account)
    staff = seller("Suri Patel", StaffRole.SUPPORT)
    page = staff.get(reverse("console:requests"))
    assert ("For the new office" in text_of(page), "send_quotation" in page.content.decode()) == (True, False)
    assert send(staff, item).status_code == 403
