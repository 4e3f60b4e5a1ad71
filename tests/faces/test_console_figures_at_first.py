"""The figures in the console before there are any, and of the first months that are shown."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from figure_pages import cells_of
from staff_visits import sign_in_staff

from reading import text_of
from seatledger.domain.figures.runs import reckon_figures
from seatledger.domain.licences.actions import NewAccount, NewUser, open_account
from seatledger.domain.staff.permissions import StaffRole
from selling import given_subscription
from staffing import given_member
from support import STAFF, email_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return sign_in_staff(given_member(role=StaffRole.BILLING))


def test_the_first_opening_leads_to_the_month_before(visitor):
    now = timezone.now()
    began = now - timedelta(days=460)
    new = NewAccount(name="Elder", region="eu", time_zone="Europe/London")
    ann = NewUser("Ann", "Lee", email_of("Ann Lee", "Elder"))
    account, _ = open_account(new=new, administrator=ann, pools=(), at=began, by=STAFF)
    given_subscription(account, quantities={"professional-user": 4}, at=began)
    reckon_figures(at=now)
    rows = cells_of(visitor.get(reverse("console:figures")), "Recurring revenue and its movements in GBP")
    assert len(rows) == 13
    text, url = rows[0][1]["Opening"]
    behind = visitor.get(url)
    assert behind.status_code == 200
    assert [row["Closing"][0] for _, row in cells_of(behind)] == [text] == ["£48.00"]


def test_before_anything_was_reckoned_the_page_says_how(visitor):
    assert "./seatledger figures" in text_of(visitor.get(reverse("console:figures")))
